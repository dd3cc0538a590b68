import { describe, expect, it } from "vitest";
import { askedOf, backFrom, groupsOf, linesOf, periodsOf, searchOf, type Sheet } from "./sheets";

const column = (name: string, holds: string, words: Record<string, string> = {}) => ({ name, holds, title: name, words });
const kept: Sheet = {
  name: "attainment", title: "", says: "",
  columns: [column("first", "day"), column("last", "day"), column("milestone", "word", { repair: "Repair" }), column("by", "word"), column("group", "text"), column("version", "word"), column("attained", "count"), column("breached", "count"), column("share", "share")],
  rows: [
    ["2026-02-23", "2026-03-01", "repair", "area", "north", "last", 3, 1, 0.75],
    ["2026-02-23", "2026-03-01", "repair", "area", "south", "last", 9, 1, 0.9],
    ["2026-03-02", "2026-03-08", "repair", "area", "south", "last", 0, 0, null],
    ["2026-03-02", "2026-03-08", "repair", "area", "south", "first", 5, 0, 1],
  ],
};

describe("reports", () => {
  it("look back at whole periods that have ended", () => {
    expect(backFrom("2026-03-06", "day")).toEqual({ from: "2026-02-20", until: "2026-03-05" });
    expect(backFrom("2026-03-06", "week")).toEqual({ from: "2026-01-05", until: "2026-03-01" });
    expect(backFrom("2026-03-02", "week").until).toBe("2026-03-01");
    expect(backFrom("2026-03-06", "month")).toEqual({ from: "2025-09-01", until: "2026-02-28" });
  });

  it("keep what they ask for in the address", () => {
    const asked = { every: "month", from: "2025-10-01", until: "2026-02-28", milestone: "repair", by: "area" } as const;
    expect(askedOf(searchOf(asked).slice(1), "2026-03-06")).toEqual(asked);
    expect(askedOf("every=year&from=2026-13-01&until=x", "2026-03-06").from).toBe("2026-01-05");
    expect(askedOf("from=2026-03-05&until=2026-03-01", "2026-03-06").until).toBe("2026-03-01");
  });

  it("draw a line through the periods that say something", () => {
    const periods = periodsOf([kept]);
    const [south] = linesOf(kept, periods, [{ name: "S", where: { group: "south", version: "last" }, value: "share", of: "decided" }]);
    expect(periods.map((one) => one.first)).toEqual(["2026-02-23", "2026-03-02"]);
    expect(south!.points.map((one) => one.y)).toEqual([0.9, null]);
    expect(south!.cases).toEqual([10, 0]);
  });

  it("show the groups with most cases first", () => {
    expect(groupsOf(kept, "repair", "area")).toEqual(["south", "north"]);
    expect(groupsOf(kept, "repair", "scheme")).toEqual([]);
  });
});
