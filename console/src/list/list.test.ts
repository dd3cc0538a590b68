import { describe, expect, it } from "vitest";
import { inView, scrollFor, stepTo, toggled } from "./model";

describe("a long list", () => {
  it("shows every row that is in sight and few others", () => {
    for (const top of [0, 1, 35, 36, 7_000, 35_500, 36_000]) {
      const [first, last] = inView({ top, height: 500, row: 36, rows: 1000 });
      expect(first * 36).toBeLessThanOrEqual(top);
      expect(last === 1000 || last * 36 >= top + 500).toBe(true);
      expect(last - first).toBeLessThanOrEqual(Math.ceil(500 / 36) + 1 + 16);
    }
  });

  it("a row that is walked to comes into sight below the head", () => {
    const box = { top: 3_600, height: 536, row: 36, head: 32 };
    for (const at of [0, 50, 99, 100, 101, 112, 113, 114, 500]) {
      const top = scrollFor(at, box);
      expect(at * 36).toBeGreaterThanOrEqual(top);
      expect((at + 1) * 36).toBeLessThanOrEqual(top + box.height - box.head);
    }
    expect(scrollFor(105, box)).toBe(box.top);
  });

  it("keys lead to rows that are there", () => {
    expect(stepTo("ArrowDown", 9, 10, 5)).toBe(9);
    expect(stepTo("ArrowUp", 0, 10, 5)).toBe(0);
    expect(stepTo("PageDown", 2, 10, 5)).toBe(7);
    expect(stepTo("End", 2, 10, 5)).toBe(9);
    expect(stepTo("a", 2, 10, 5)).toBeNull();
    expect(stepTo("Home", 0, 0, 5)).toBeNull();
  });

  it("picking twice is picking nothing", () => {
    expect([...toggled(toggled(new Set(["a"]), "b"), "b")]).toEqual(["a"]);
  });
});
