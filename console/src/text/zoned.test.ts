import { describe, expect, it } from "vitest";
import { momentOf, wallOf } from "./zoned";

describe("wall time in the region's zone", () => {
  it("is what a clock there shows, wherever the browser stands", () => {
    expect(wallOf(Date.UTC(2026, 2, 6, 1, 30) / 1000, "Asia/Shanghai")).toBe("2026-03-06T09:30");
    expect(momentOf("2026-03-06T09:30", "Asia/Shanghai")).toBe(Date.UTC(2026, 2, 6, 1, 30) / 1000);
  });

  it("comes back the same all through a year with its changes of clocks; of an hour that comes twice, the first", () => {
    for (const zone of ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]) {
      for (let at = Date.UTC(2026, 0, 1) / 1000; at < Date.UTC(2027, 0, 1) / 1000; at += 7 * 1800) {
        const wall = wallOf(at, zone);
        const back = momentOf(wall, zone)!;
        expect(wallOf(back, zone)).toBe(wall);
        expect(back).toBeLessThanOrEqual(at);
      }
    }
  });

  it("says that something is no time", () => {
    expect(momentOf("", "UTC")).toBeNull();
  });
});
