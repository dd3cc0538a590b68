import { describe, expect, it, vi } from "vitest";
import { momentOf, wallOf } from "./wall";
import { regionOf, sectionsOf, type RegionHere } from "./here";

vi.stubGlobal("window", { addEventListener: () => undefined });
const { pageOf, pathOf } = await import("./route");

describe("pages by address", () => {
  it("every page's address leads back to it", () => {
    const pages = [{ name: "board" }, { name: "tickets" }, { name: "new" }, { name: "ticket", ticket: "T-1/2 ü" }, { name: "people", engineer: "" }, { name: "people", engineer: "E-101" }, { name: "stock", tab: "", id: "" }, { name: "stock", tab: "orders", id: "PO/1" }] as const;

    for (const page of pages) expect(pageOf(pathOf(page))).toEqual(page);
  });

  it("an address of nothing is no page, and a broken one does not throw", () => {
    expect(pageOf("/console/elsewhere").name).toBe("nowhere");
    expect(pageOf("/console/tickets/a/b").name).toBe("nowhere");
    expect(pageOf("/console/tickets/%E0%A4%A")).toEqual({ name: "ticket", ticket: "%E0%A4%A" });
  });
});

describe("wall clocks", () => {
  it("a moment and what the wall shows lead to each other", () => {
    for (const zone of ["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]) {
      for (const at of [1772760000, 1772760060, 1784000040]) expect(momentOf(wallOf(at, zone), zone)).toBe(at);
    }
  });

  it("comes back the same all through a year with its changes of clocks", () => {
    for (const zone of ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]) {
      for (let at = Date.UTC(2026, 0, 1) / 1000; at < Date.UTC(2027, 0, 1) / 1000; at += 7 * 1800) {
        const back = momentOf(wallOf(at, zone), zone);
        expect(wallOf(back, zone)).toBe(wallOf(at, zone));
        expect(back).toBeLessThanOrEqual(at);
      }
    }
  });

  it("a time the clocks skip is none, one that comes twice is the first", () => {
    expect(momentOf("2026-03-29T02:30", "Europe/Berlin")).toBeNaN();
    expect(momentOf("2026-10-25T02:30", "Europe/Berlin")).toBe(Date.parse("2026-10-25T02:30:00+02:00") / 1000);
  });

  it("what is no time is none", () => {
    for (const text of ["", "tomorrow", "2026-13-01T00:00", "2026-03-06"]) expect(momentOf(text, "UTC")).toBeNaN();
  });
});

describe("what somebody sees", () => {
  it("sections follow rights", () => {
    expect(sectionsOf(["ticket_read", "plan_read"])).toEqual(["board", "tickets"]);
    expect(sectionsOf(["stock_read"])).toEqual(["stock"]);
    expect(sectionsOf(["self"])).toEqual([]);
  });

  it("a region that is no longer reached gives way to the first", () => {
    const regions = [{ region: "a" }, { region: "b" }] as RegionHere[];

    expect(regionOf(regions, "b")?.region).toBe("b");
    expect(regionOf(regions, "gone")?.region).toBe("a");
    expect(regionOf([], "a")).toBeUndefined();
  });
});
