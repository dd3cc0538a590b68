import { describe, expect, it } from "vitest";
import { every, placed, room, shade, steps, unbroken } from "./scale";

describe("scale", () => {
  it("steps are round and lie within", () => {
    expect(steps({ low: 0, high: 1 })).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(steps({ low: 0.93, high: 1.01 }, 5)).toEqual([0.94, 0.96, 0.98, 1]);
    for (const span of [{ low: -3.2, high: 17 }, { low: 881000, high: 1_204_000 }, { low: 5, high: 5.0001 }]) {
      const found = steps(span);
      expect(found.length).toBeGreaterThan(1);
      expect(found.every((one) => one >= span.low - 1e-9 && one <= span.high + 1e-9)).toBe(true);
    }
  });
  it("there is room around values, also around a single one and around none", () => {
    expect(room([1, null, 3], 0.5)).toEqual({ low: 0, high: 4 });
    const one = room([7]);
    expect(one.low).toBeLessThan(7);
    expect(one.high).toBeGreaterThan(7);
    expect(room([])).toEqual({ low: 0, high: 1 });
    expect(placed(3, { low: 1, high: 5 }, 100, 0)).toBe(50);
  });
  it("a share is as dark as promises are broken, and nothing promised is no share", () => {
    expect([1, 0.95, 0.8, 0.5, 0, null].map(shade)).toEqual([0, 1, 2, 4, 4, null]);
  });
  it("a value that is missing breaks the line", () => {
    expect(unbroken([{ y: 1 }, { y: null }, { y: 2 }, { y: 3 }])).toEqual([[{ y: 1 }], [{ y: 2 }, { y: 3 }]]);
  });
  it("labels do not touch", () => {
    expect([every(5, 9), every(9, 9), every(10, 9), every(31, 9)]).toEqual([1, 1, 2, 4]);
  });
});
