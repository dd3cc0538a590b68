import { describe, expect, it } from "vitest";
import type { Board, Row, Visit } from "./model";
import { merged, rowsOf } from "./model";
import { carried, walked } from "./walk";

const visit = (id: string, engineer: string, start: number | null): Visit => ({
  id, ticket: `T-${id}`, severity: "P2", customer: "", site: "", site_name: "", lat: 0, lon: 0, state: "on_track", lock: "", told: false, work_s: 3600,
  engineer: start === null ? "" : engineer, shift: "", arrive: start, start, end: start === null ? null : start + 3600, leave_before: start,
  promises: [], parts: [], loaner: null, partner: "", reason: "", reason_code: "", known: "", fell_out: false, short: [],
});
const boardOf = (visits: Visit[], engineers: number): Board => ({
  region: "R", name: "R", zone: "UTC", currency: "EUR", version: "1", now: 0, horizon: { start: 0, end: 1 },
  depots: [], engineers: Array.from({ length: engineers }, (_, at) => ({ id: `E${at}`, depot: `D${Math.floor(at / 50)}`, skills: [], shifts: [] })),
  visits, figures: { visits: visits.length, left_out: 0, late: 0, cost_cents: 0, travel_s: 0 },
});
const rows: Row[] = rowsOf(boardOf([visit("A", "E0", 100), visit("B", "E0", 9000), visit("C", "E2", 8000), visit("D", "E2", 200), visit("X", "", null)], 3));

describe("walking", () => {
  it("goes along one engineer's day and stops at its ends", () => {
    expect(walked(rows, "A", "ArrowRight")).toBe("B");
    expect(walked(rows, "B", "ArrowRight")).toBe("B");
    expect(walked(rows, "A", "ArrowLeft")).toBe("A");
  });

  it("goes to the nearest in time of the next engineer who has a visit, past those who have none", () => {
    expect(walked(rows, "A", "ArrowDown")).toBe("D");
    expect(walked(rows, "B", "ArrowDown")).toBe("C");
    expect(walked(rows, "C", "ArrowUp")).toBe("B");
  });

  it("begins at the first visit when nothing on the timeline is chosen", () => {
    expect(walked(rows, "X", "ArrowDown")).toBe("A");
    expect(walked([], "", "ArrowDown")).toBe("");
  });
});

describe("carrying", () => {
  it("goes to every engineer, also who has nothing yet, and a quarter of an hour at a press", () => {
    expect(carried(rows, { engineer: "E0", start: 100 }, "ArrowDown")).toEqual({ engineer: "E1", start: 100 });
    expect(carried(rows, { engineer: "E2", start: 100 }, "ArrowDown")).toEqual({ engineer: "E2", start: 100 });
    expect(carried(rows, { engineer: "E1", start: 900 }, "ArrowLeft")).toEqual({ engineer: "E1", start: 0 });
  });
});

describe("one change", () => {
  it("gives one new row of a country's board: all the others are the objects they were", () => {
    const many = Array.from({ length: 3000 }, (_, at) => visit(`V${at}`, `E${at % 300}`, at * 60));
    const before = boardOf(many, 300);
    const first = rowsOf(before);
    const after = boardOf(many.map((one) => (one.id === "V42" ? { ...one, start: 5, end: 3605 } : { ...one })), 300);

    const second = rowsOf(merged(before, after), first);

    expect(second.filter((row, at) => row !== first[at]).map((row) => row.id)).toEqual(["E42"]);
  });
});
