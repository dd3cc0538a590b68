import { expect, test } from "vitest";
import { partOf, partTyped, soldRows, soldTyped, supplierOf, supplierTyped, type Part, type Sold, type Supplier } from "./catalogue";

const PART = { part: "P-1", name: "Fuse", kind: "consumable", price_cents: 1205, criticality: 1, tracking: "lot", served_until: null } as unknown as Part;

test("a part that is read and sent back unchanged is the same row", () => {
  expect(partOf(partTyped(PART))).toEqual({ name: "Fuse", kind: "consumable", price: "12.05", criticality: 1, tracking: "lot", served_until: null });
});

test("a new part is typed from nothing", () => {
  expect(partOf({ ...partTyped(), id: "P-9", name: " Lamp ", price: "45", servedUntil: "2030-12-31" })).toMatchObject({ name: "Lamp", price: "45", criticality: 2, tracking: "none", served_until: "2030-12-31" });
});

test("who sells it: what is left empty is not said, and a line without a supplier is none", () => {
  const row = { supplier_id: "U-1", part_id: "P-1", price: "11.00", lead_time_days: 5.5, minimum: 10, multiple: 5, last_order_on: null } as Sold;
  expect(soldRows([soldTyped(row), { ...soldTyped(), price: "9" }])).toEqual([{ supplier_id: "U-1", price: "11.00", lead_time_days: 5.5, minimum: 10, multiple: 5, last_order_on: null }]);
  expect(soldRows([{ ...soldTyped(), supplier: "U-2", price: "9" }])[0]).toMatchObject({ lead_time_days: null, minimum: null });
});

test("a supplier is read and written", () => {
  const row = { supplier_id: "U-1", name: "Maker", lead_time_days: 7.5, lead_time_sd_days: 0 } as Supplier;
  expect(supplierOf(supplierTyped(row))).toEqual({ name: "Maker", lead_time_days: 7.5, lead_time_sd_days: 0 });
});
