import { describe, expect, it } from "vitest";
import { ahead, byEngineer, found, runningOut, standing, type Absence, type Certificate, type Engineer, type Held, type Shift, type Tool } from "./model";

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
