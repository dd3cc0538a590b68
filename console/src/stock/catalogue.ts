// What is typed about parts and who sells them, and the rows it becomes: pure, of rows as they were read.
import type { components } from "contract";

export type Part = components["schemas"]["PartOut"];
export type Sold = components["schemas"]["SupplierTermsRowOut"];
export type Supplier = components["schemas"]["SuppliersRowOut"];

export const KINDS = ["consumable", "repairable"] as const;
export const TRACKINGS = ["none", "lot", "serial"] as const;

export interface PartTyped { id: string; name: string; kind: string; price: string; criticality: string; tracking: string; servedUntil: string }

/** A part as its form shows it. */
export function partTyped(row?: Part): PartTyped {
  if (!row) return { id: "", name: "", kind: "consumable", price: "", criticality: "2", tracking: "none", servedUntil: "" };
  return { id: row.part, name: row.name, kind: row.kind, price: (row.price_cents / 100).toFixed(2), criticality: String(row.criticality), tracking: row.tracking, servedUntil: row.served_until ?? "" };
}

/** The row a part's form becomes. */
export function partOf(typed: PartTyped): Record<string, unknown> {
  return { name: typed.name.trim(), kind: typed.kind, price: typed.price.trim(), criticality: Number(typed.criticality), tracking: typed.tracking, served_until: typed.servedUntil || null };
}

export interface SoldTyped { supplier: string; price: string; lead: string; minimum: string; multiple: string; lastOrder: string }

const textOf = (value: number | string | null | undefined) => (value === null || value === undefined ? "" : String(value));
const numberOf = (text: string) => (text.trim() ? Number(text) : null);

/** Terms as they stand in inputs. */
export function soldTyped(row?: Sold): SoldTyped {
  return { supplier: row?.supplier_id ?? "", price: row?.price ?? "", lead: textOf(row?.lead_time_days), minimum: textOf(row?.minimum), multiple: textOf(row?.multiple), lastOrder: row?.last_order_on ?? "" };
}

/** Inputs as terms; a line without a supplier is none. */
export function soldRows(typed: readonly SoldTyped[]): Record<string, unknown>[] {
  return typed.filter((one) => one.supplier.trim()).map((one) => ({
    supplier_id: one.supplier.trim(),
    price: one.price.trim(),
    lead_time_days: numberOf(one.lead),
    minimum: numberOf(one.minimum),
    multiple: numberOf(one.multiple),
    last_order_on: one.lastOrder || null,
  }));
}

export interface SupplierTyped { id: string; name: string; lead: string; spread: string }

/** A supplier as its form shows it. */
export function supplierTyped(row?: Supplier): SupplierTyped {
  return { id: row?.supplier_id ?? "", name: row?.name ?? "", lead: textOf(row?.lead_time_days), spread: textOf(row?.lead_time_sd_days) };
}

/** The row a supplier's form becomes. */
export function supplierOf(typed: SupplierTyped): Record<string, unknown> {
  return { name: typed.name.trim(), lead_time_days: numberOf(typed.lead), lead_time_sd_days: numberOf(typed.spread) };
}
