// Seconds to pixels and back, as the timeline draws and as a drop is read.
import { describe, expect, it } from "vitest";
import { LEAST_HOUR_PX, scaleOf } from "./scale";

describe("the time scale", () => {
  const scale = scaleOf(1_772_762_400 + 600, 1_772_762_400 + 9 * 3600 + 1);

  it("begins and ends on whole hours around what it shows", () => {
    expect(scale.from).toBe(1_772_762_400);
    expect(scale.until).toBe(1_772_762_400 + 10 * 3600);
    expect(scale.width).toBe(10 * LEAST_HOUR_PX);
  });

  it("gives every second back", () => {
    for (let at = scale.from; at <= scale.until; at += 61) expect(Math.round(scale.at(scale.x(at)))).toBe(at);
  });

  it("draws later further right, an hour everywhere as wide", () => {
    expect(scale.x(scale.from)).toBe(0);
    expect(scale.x(scale.from + 7200) - scale.x(scale.from + 3600)).toBe(LEAST_HOUR_PX);
  });
});
