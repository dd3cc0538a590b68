import { describe, expect, it } from "vitest";
import { daysLater, engineerOf, engineerTyped, firstTyped, heldRows, heldTyped, spanOf, typedOf } from "./edit";
import { aboutPeople, ahead, byEngineer, found, runningOut, standing, type Absence, type Certificate, type Engineer, type Held, type Shift, type Tool } from "./model";

const certificate = (engineer_id: string, valid_until: string | null, name = "refrigerant"): Certificate => ({ engineer_id, certificate: name, valid_from: "2020-01-01", valid_until });
const shift = (starts_at: string, ends_at: string) => ({ starts_at, ends_at }) as Shift;
const at = (moment: string) => Date.parse(moment);

describe("what runs out", () => {
  it("the last day still counts, the day after it has run out", () => {
    expect(runningOut([certificate("E-1", "2026-03-06")], [], "2026-03-06")).toEqual([{ engineer: "E-1", what: "refrigerant", on: "2026-03-06", over: false }]);
    expect(runningOut([certificate("E-1", "2026-03-05")], [], "2026-03-06")[0]?.over).toBe(true);
  });

  it("a renewed certificate and one without end do not run out", () => {
    expect(runningOut([certificate("E-1", "2026-03-05"), certificate("E-1", "2029-03-05")], [], "2026-03-06")).toEqual([]);
    expect(runningOut([certificate("E-1", "2026-03-05"), certificate("E-1", null)], [], "2026-03-06")).toEqual([]);
  });

  it("calibrations count too, the first first", () => {
    const tool = { serial: "7", tool: "meter", holder: "E-2", calibrated_until: "2026-03-10" } as Tool;

    expect(runningOut([certificate("E-1", "2026-04-01")], [tool], "2026-03-06").map((one) => one.what)).toEqual(["meter 7", "refrigerant"]);
    expect(runningOut([certificate("E-1", "2026-06-01")], [], "2026-03-06", 60)).toEqual([]);
  });
});

describe("where somebody stands", () => {
  const day = shift("2026-03-06T00:00:00Z", "2026-03-06T09:00:00Z");

  it("half-open: on shift from its first moment, off at its last", () => {
    expect(standing([day], [], at("2026-03-06T00:00:00Z")).is).toBe("on");
    expect(standing([day], [], at("2026-03-06T09:00:00Z"))).toEqual({ is: "off", next: null });
    expect(standing([day], [], at("2026-03-05T09:00:00Z"))).toEqual({ is: "off", next: day.starts_at });
  });

  it("an absence goes before the shift, the longest one counts", () => {
    const away = [{ starts_at: "2026-03-06T00:00:00Z", ends_at: "2026-03-06T04:00:00Z" }, { starts_at: "2026-03-06T01:00:00Z", ends_at: "2026-03-07T04:00:00Z" }] as Absence[];

    expect(standing([day], away, at("2026-03-06T02:00:00Z"))).toEqual({ is: "away", until: "2026-03-07T04:00:00Z" });
  });

  it("what is over is not ahead", () => {
    expect(ahead([day], at("2026-03-06T09:00:00Z"))).toEqual([]);
    expect(ahead([day], at("2026-03-06T08:59:59Z"))).toEqual([day]);
  });
});

describe("finding people", () => {
  it("by id, depot or skill, in any case", () => {
    const people = [{ engineer_id: "E-1", depot: "D-FZ", van: null }, { engineer_id: "E-2", depot: "D-QZ", van: "VAN-2" }] as Engineer[];
    const skills = byEngineer([{ engineer_id: "E-1", skill: "water", level: 2 }] as Held[]);

    expect(found(people, skills, "WATER").map((one) => one.engineer_id)).toEqual(["E-1"]);
    expect(found(people, skills, "d-qz").map((one) => one.engineer_id)).toEqual(["E-2"]);
    expect(found(people, skills, " ")).toHaveLength(2);
  });
});

describe("what is typed about people", () => {
  const zone = "Asia/Shanghai";
  const kept: Shift = { shift_id: "H-1", engineer_id: "E-1", starts_at: "2026-03-06T00:00:30Z", ends_at: "2026-03-06T09:00:00Z", start_place: "D-1", end_place: null, overtime_min: 60, break_from: "2026-03-06T03:00:00Z", break_until: "2026-03-06T05:00:00Z", break_min: 45 };

  it("a form that was opened and not touched says the row again, to the second, with what it does not show", () => {
    const { shift_id: _, ...row } = kept;

    expect(spanOf("shift", "E-1", typedOf("shift", kept, zone), zone, kept)).toEqual(row);
  });

  it("only what was touched is another", () => {
    const typed = { ...typedOf("shift", kept, zone), until: "2026-03-06T15:00", overtime: "" };

    expect(spanOf("shift", "E-1", typed, zone, kept)).toMatchObject({ starts_at: kept.starts_at, ends_at: "2026-03-06T07:00:00.000Z", overtime_min: null, start_place: "D-1" });
  });

  it("an end that is not after the start, no time, or no price is nothing to send", () => {
    const typed = firstTyped("absence", [], at("2026-03-06T02:40:00Z") / 1000, zone);

    expect(typed).toMatchObject({ from: "2026-03-06T10:40", until: "2026-03-06T23:59" });
    expect(spanOf("absence", "E-1", { ...typed, until: typed.from }, zone)).toBeNull();
    expect(spanOf("absence", "E-1", { ...typed, from: "" }, zone)).toBeNull();
    expect(spanOf("on_call", "E-1", typed, zone)).toBeNull();
    expect(spanOf("shift", "E-1", { ...typed, breakFrom: "soon" }, zone)).toBeNull();
  });

  it("a new shift begins the day after the last one, with its hours and its break", () => {
    const earlier = { ...kept, shift_id: "H-0", starts_at: "2026-03-05T00:00:00Z" };

    expect(firstTyped("shift", [kept, earlier], 0, zone)).toMatchObject({ from: "2026-03-07T08:00", until: "2026-03-07T17:00", breakFrom: "2026-03-07T11:00", breakMin: "45" });
    expect(firstTyped("shift", [], at("2026-03-06T02:40:00Z") / 1000, zone)).toMatchObject({ from: "2026-03-07T08:00", until: "2026-03-07T17:00" });
    expect(daysLater("2026-02-28T08:00", 1)).toBe("2026-03-01T08:00");
  });

  it("what is held goes into the form and back; an empty line is none", () => {
    const rows = [{ certificate: "electrician", valid_from: "2025-01-01", valid_until: null }];

    expect(heldRows("certificates", [...heldTyped("certificates", rows), {}])).toEqual(rows);
    expect(heldRows("skills", [{ skill: " water ", level: "2" }, { skill: " " }])).toEqual([{ skill: "water", level: 2 }]);
  });

  it("a home that is not typed is not said, so it stays", () => {
    const row: Engineer = { engineer_id: "E-1", depot: "D-1", van: null, territories: ["north", "west"], away_price: null };

    expect(engineerOf(engineerTyped(row))).toEqual({ depot: "D-1", van: null, territories: ["north", "west"], away_price: null });
    expect(engineerOf({ ...engineerTyped(row), lat: "26.1", lon: "119.3", territories: "north，east" })).toMatchObject({ home_lat: 26.1, home_lon: 119.3, territories: ["north", "east"] });
  });

  it("what the stream says of the crew is heard, what it says of stock is not", () => {
    expect(["crew.shift", "crew.skills", "absence.noted", "engineer.erased"].filter(aboutPeople)).toHaveLength(4);
    expect(aboutPeople("stock.move")).toBe(false);
  });
});
