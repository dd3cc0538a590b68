import { describe, expect, it } from "vitest";
import { DECISIONS, decisionOf } from "./held";
import { stepsAfter } from "./loaners";
import { documentOf, toSendOf, transferSearch } from "./naming";
import { stepsOf } from "./orders";
import { byVan } from "./picks";
import { arrivalOf, isRight, NOTHING, ordersOf, standingOf } from "./receiving";
import { apart, basketOf, filtersOf, keyOf, quantityOf, searchOf, type Line } from "./reorder";
import { tabsOf } from "./tabs";

const line = (changed: Partial<Line>): Line => ({ part: "P-1", place: "D1", quantity: 4, source: "purchase", from_place: "", supplier: "S-1", cost_cents: 400, ...changed }) as Line;

describe("a basket of lines", () => {
  it("buys together what one supplier brings to one place, and moves the rest", () => {
    const lines = [line({}), line({ part: "P-2", cost_cents: 100, quantity: 1 }), line({ part: "P-3", supplier: "S-2" }), line({ part: "P-4", source: "transfer", supplier: "", from_place: "D2" }), line({ part: "P-5", source: "none", supplier: "" })];

    const basket = basketOf(lines, new Set(lines.map(keyOf)), new Map([[keyOf(lines[0]!), 8]]));

    expect(basket.orders.map((one) => [one.supplier, one.lines.length, one.cents])).toEqual([["S-1", 2, 900], ["S-2", 1, 400]]);
    expect(basket.transfers.map((one) => one.part)).toEqual(["P-4"]);
  });

  it("two ways to one part and place are two lines", () => {
    expect(apart([line({}), line({}), line({ place: "D9" })]).map(keyOf)).toEqual([keyOf(line({})), `${keyOf(line({}))}  2`, keyOf(line({ place: "D9" }))]);
    expect(keyOf(line({ urgency: "last_order" }))).not.toBe(keyOf(line({ urgency: "runs_out" })));
    expect(keyOf(line({ source: "transfer", from_place: "D2" }))).not.toBe(keyOf(line({ source: "transfer", from_place: "D3" })));
  });

  it("a quantity is a whole number above nought", () => {
    expect(["1", " 12 ", "0", "-1", "1.5", "", "1e3", "12345678"].map(quantityOf)).toEqual([1, 12, null, null, null, null, null, null]);
  });

  it("filters and their address lead to each other", () => {
    const filters = { part: "P-1", place: "D1", source: "purchase" } as const;

    expect(filtersOf(searchOf(filters))).toEqual(filters);
    expect(filtersOf("?part=%27;--&source=stolen")).toEqual({ part: "", place: "", source: "" });
  });

  it("lines to send lead from page to page, those of one way together", () => {
    const lines = [line({ source: "transfer", from_place: "D2", place: "D1" }), line({ part: "P-9", source: "transfer", from_place: "D3", place: "D1" })];

    expect(toSendOf(transferSearch(lines))).toEqual({ from: "D2", to: "D1", lines: [{ part: "P-1", quantity: "4" }] });
    expect(transferSearch([])).toBe("");
  });

  it("a document asked for once has one name", () => {
    const key = "0f8b6a1c-3d2e-4f5a-8b7c-9d0e1f2a3b4c";

    expect(documentOf("TR", key)).toBe(documentOf("TR", key));
    expect(documentOf("TR", key)).toMatch(/^TR-[0-9A-F]{10}$/);
  });
});

describe("a delivery at the door", () => {
  it("a line is whole with part and units", () => {
    expect(arrivalOf({ ...NOTHING, part: "P-1", quantity: "3", serials: "A1, A2\nA3" })).toEqual({ part: "P-1", quantity: 3, rejected: 0, lot: "", serials: ["A1", "A2", "A3"] });
    expect(arrivalOf({ ...NOTHING, part: "P-1", quantity: "some" })).toBeNull();
    expect(arrivalOf({ ...NOTHING, quantity: "3" })).toBeNull();
  });

  it("what is to come stands together by order, and is found by any of its words", () => {
    const expected = (order: string, part: string, late = false) => ({ order, supplier: "S-1", part, place: "D1", ordered: 2, received: 0, left: 2, expected_at: "2026-03-09T08:00:00Z", late });
    const lines = [expected("PO-1", "P-1"), expected("PO-2", "P-2"), expected("PO-1", "P-3", true)];

    expect(ordersOf(lines, "").map((one) => [one.order, one.lines.length, one.late])).toEqual([["PO-1", 2, true], ["PO-2", 1, false]]);
    expect(ordersOf(lines, "p-2").map((one) => one.order)).toEqual(["PO-2"]);
  });

  it("the last unit decides, but too many bad ones decide at once", () => {
    const plan = { size: 80, accept: 3, reject: 4 };

    expect(standingOf(plan, 79, 0)).toBe("open");
    expect(standingOf(plan, 80, 3)).toBe("accepted");
    expect(standingOf(plan, 12, 4)).toBe("refused");
    expect(standingOf({ size: 80, accept: 1, reject: 4 }, 80, 2)).toBe("between");
  });

  it("a measurement is right within its limits, a yes or no by its word", () => {
    const measured = { check: "C-1", name: "", unit: "mm", lower: "9.95", upper: "10.05" };
    const looked = { check: "C-2", name: "", unit: "", lower: null, upper: null };

    expect(["9.95", "10.05", "10.06", "", "ten"].map((one) => isRight(measured, one))).toEqual([true, true, false, null, null]);
    expect(["yes", "no", "perhaps"].map((one) => isRight(looked, one))).toEqual([true, false, null]);
  });
});

describe("what may follow", () => {
  it("an order that is over has no steps", () => {
    expect(stepsOf("awaiting_approval")).toContain("approve");
    for (const over of ["received", "cancelled", "closed"] as const) expect(stepsOf(over)).toEqual([]);
  });

  it("only a return says what the supplier owes", () => {
    expect(DECISIONS.map((one) => [decisionOf(one).way, decisionOf(one).remedy])).toEqual([["return", "replace"], ["return", "rectify"], ["rework", null], ["scrap", null], ["waiver", null]]);
  });

  it("a unit is inspected before it is lent again", () => {
    expect(stepsAfter("out")).toEqual(["back"]);
    expect(stepsAfter("inspecting")).toEqual(["passed", "failed"]);
    expect(stepsAfter("available")).toEqual([]);
  });

  it("pages follow rights", () => {
    expect(tabsOf(["stock_read"])).not.toContain("reorder");
    expect(tabsOf([])).toEqual([]);
  });

  it("who leaves first is picked first, each van once", () => {
    const pick = (van: string, departs_at: string, part: string) => ({ day: "2026-03-09", van, depot: "D1", departs_at, part, quantity: 1, visits: "V-1" });

    const vans = byVan([pick("VAN-10", "2026-03-09T08:00:00Z", "P-1"), pick("VAN-2", "2026-03-09T08:00:00Z", "P-1"), pick("VAN-3", "2026-03-09T07:00:00Z", "P-1"), pick("VAN-10", "2026-03-09T08:00:00Z", "P-2")]);

    expect(vans.map((one) => [one.van, one.lines.length])).toEqual([["VAN-3", 1], ["VAN-2", 1], ["VAN-10", 2]]);
  });
});
