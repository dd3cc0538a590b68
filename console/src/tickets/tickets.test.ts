import { describe, expect, it } from "vitest";
import { filtersOf, searchOf } from "./filters";
import { fieldsFor, needsReason, stepsFor, valueOf } from "./moves";
import { isScan, NOTHING, reportOf, tellingOf, tripOf, type Told } from "./taking";
import { misfitOf } from "./whole";

const FOUND = { by: "asset", asset: "A-1", model: "M", serial: "S", site: "S-1", site_name: "", customer: "C-1", customer_name: "" };
const TOLD = { minutes: 75, skills: [{ skill: "water", level: 2 }], questions: [] } as unknown as Told;

describe("filters", () => {
  it("an address and its filters lead to each other", () => {
    const filters = { text: "P-1 & more", customer: "C-1", stage: "planned", severity: "P1", within_h: 4, breached: true, sort: "due" } as const;

    expect(filtersOf(searchOf(filters))).toEqual(filters);
    expect(searchOf(filtersOf(""))).toBe("");
  });

  it("what is no filter is left out", () => {
    expect(filtersOf("?stage=dancing&severity=P9&within_h=5&waiting=perhaps&customer=%27;--")).toEqual({ sort: "newest" });
  });
});

describe("a report being told", () => {
  it("a site without equipment says that none is meant", () => {
    expect(tellingOf({ ...NOTHING, found: { ...FOUND, asset: "" } })).toMatchObject({ asset: "none", site: "S-1" });
    expect(tellingOf({ ...NOTHING, found: FOUND })).toMatchObject({ asset: "A-1" });
  });

  it("a scan is known by its beginning", () => {
    expect(isScan(" fieldwright:asset:A-1")).toBe(true);
    expect(isScan("A-1")).toBe(false);
  });

  it("a visit takes the proposed minutes and skills unless others are typed", () => {
    expect(tripOf(NOTHING, TOLD)).toMatchObject({ minutes: 75, skills: { water: 2 }, windows: [] });
    expect(tripOf({ ...NOTHING, minutes: "30" }, TOLD)?.minutes).toBe(30);
    for (const minutes of ["0", "-5", "1.5", "soon", "99999"]) expect(tripOf({ ...NOTHING, minutes }, TOLD)).toBeNull();
    expect(tripOf({ ...NOTHING, withVisit: false }, TOLD)).toBeNull();
  });

  it("an offered time is a window of two hours", () => {
    const at = Date.parse("2026-03-06T06:00:00Z") / 1000;

    expect(tripOf({ ...NOTHING, offered: at }, TOLD)?.windows).toEqual([{ start: "2026-03-06T06:00:00.000Z", end: "2026-03-06T08:00:00.000Z" }]);
  });

  it("a visit is asked for only where nothing is missing", () => {
    const asked = { ...TOLD, questions: [{ asked: "contact", choices: [], proposed: "", given: "" }] };

    expect(reportOf({ ...NOTHING, found: FOUND }, TOLD).trip).toBeTruthy();
    expect(reportOf({ ...NOTHING, found: FOUND }, asked).trip).toBeUndefined();
  });
});

describe("steps", () => {
  const ZONE = "Asia/Shanghai";

  it("values are said as the server reads them", () => {
    const said = { ...fieldsFor("waiting"), from: "2026-03-06T16:00", until: "2026-03-06T18:00", part: "P-1", quantity: "2", whom: "gate", reason: "" };

    expect(valueOf("forecast_finish", said, ZONE)).toBe("2026-03-06T08:00:00.000Z");
    expect(valueOf("part_needed", said, ZONE)).toBe("P-1 2");
    expect(valueOf("told", said, ZONE)).toBe("2026-03-06T08:00:00.000Z gate");
    expect(valueOf("time_asked", said, ZONE)).toBe("2026-03-06T08:00:00.000Z 2026-03-06T10:00:00.000Z");
    expect(valueOf("customer_set", { ...said, choice: "repair" }, ZONE)).toBe("repair 2026-03-06T08:00:00.000Z");
    expect(valueOf("waiting", said, ZONE)).toBe("part");
    expect(valueOf("closed", said, ZONE)).toBe("");
  });

  it("what is missing or turned round gives no value", () => {
    const said = fieldsFor("told");

    for (const kind of ["forecast_finish", "part_needed", "told", "time_asked"] as const) expect(valueOf(kind, said, ZONE)).toBeNull();
    expect(valueOf("time_asked", { ...said, from: "2026-03-06T18:00", until: "2026-03-06T16:00" }, ZONE)).toBeNull();
    expect(valueOf("part_needed", { ...said, part: "P-1", quantity: "0" }, ZONE)).toBeNull();
  });

  it("steps follow rights: the desk all, an engineer those of his work, others none", () => {
    const follow = ["reported", "on_site", "closed", "waiting"];

    expect(stepsFor(follow, () => true).map((one) => one.kind)).toEqual(["on_site", "closed", "waiting"]);
    expect(stepsFor(follow, (action) => action === "visit_report")).toEqual([{ kind: "on_site", way: "work" }, { kind: "waiting", way: "work" }]);
    expect(stepsFor(follow, () => false)).toEqual([]);
    expect(needsReason("waiting")).toBe(true);
    expect(needsReason("closed")).toBe(false);
  });
});

describe("files", () => {
  const LIMITS = [{ kind: "photo", types: ["image/png"], most_bytes: 10 }, { kind: "screenshot", types: ["image/png"], most_bytes: 20 }];

  it("a file fits by type, and by size of the most generous kind", () => {
    expect(misfitOf({ type: "image/png", size: 20 }, LIMITS)).toBeNull();
    expect(misfitOf({ type: "image/png", size: 21 }, LIMITS)).toEqual({ why: "size", most: 20 });
    expect(misfitOf({ type: "text/html", size: 1 }, LIMITS)).toEqual({ why: "type" });
  });
});
