// The twin of tests/house/test_console.py: the same table, read by the page's own function.
import { describe, expect, it } from "vitest";
import cases from "./deadline.cases.json";
import { deadlineState, mostUrgent } from "./deadline";

describe("a deadline", () => {
  it.each(cases)("$case", ({ due, forecast, now, done, state }) => {
    expect(deadlineState({ due, forecast, now, done })).toBe(state);
  });

  it("that is more urgent is the one a visit shows", () => {
    expect(mostUrgent(["on_track", "breached", "at_risk"])).toBe("breached");
    expect(mostUrgent([])).toBe("on_track");
  });
});
