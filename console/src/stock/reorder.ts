// Lines of a review as the page works with them: what is picked, with which quantity, for whom. Pure.
import type { components } from "contract";

/** `nth`: of several lines that say the same of part, place and source, as for a part and for the one it supersedes; the first has none. */
export type Line = components["schemas"]["ProposalOut"] & { nth?: number };
export type Urgency = Line["urgency"];
export const SOURCES = ["transfer", "purchase", "none", "snoozed"] as const;
export type Source = (typeof SOURCES)[number];

/** One line of a review: a part may be brought to a place in several ways, and beside the usual order for the last time. */
export const keyOf = (line: Line): string => [line.part, line.place, line.source, line.from_place || line.supplier, line.urgency === "last_order" ? "last" : "", line.nth ?? ""].join(" ").trim();

/** The same lines, each with a key of its own. */
export function apart(lines: readonly Line[]): Line[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const key = keyOf(line);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return before === 0 ? line : { ...line, nth: before + 1 };
  });
}

/** What can be ordered or sent from here. */
export const canTake = (line: Line): boolean => line.source === "purchase" || line.source === "transfer";

export interface Basket {
  /** Purchases, a supplier and place each. */
  orders: { supplier: string; place: string; lines: Line[]; cents: number }[];
  transfers: Line[];
}

/** What the picked lines come to, purchases together by supplier and place in the order they are picked from. */
export function basketOf(lines: readonly Line[], picked: ReadonlySet<string>, quantities: ReadonlyMap<string, number>): Basket {
  const orders = new Map<string, Basket["orders"][number]>();
  const transfers: Line[] = [];
  if (picked.size === 0) return { orders: [], transfers };
  for (const line of lines) {
    if (!picked.has(keyOf(line))) continue;
    if (line.source === "transfer") transfers.push(line);
    if (line.source !== "purchase") continue;
    const key = `${line.supplier} ${line.place}`;
    const order = orders.get(key) ?? { supplier: line.supplier, place: line.place, lines: [], cents: 0 };
    const wanted = quantities.get(keyOf(line)) ?? line.quantity;
    order.lines.push(line);
    // What an edited quantity costs is the server's word; until then it goes by the unit.
    order.cents += line.quantity > 0 ? Math.round((line.cost_cents * wanted) / line.quantity) : 0;
    orders.set(key, order);
  }
  return { orders: [...orders.values()], transfers };
}

/** A quantity as typed: a whole number above nought, else null. */
export function quantityOf(text: string): number | null {
  return /^[1-9]\d{0,6}$/.test(text.trim()) ? Number(text.trim()) : null;
}

export interface Filters { part: string; place: string; source: Source | "" }

const ID = /^[A-Za-z0-9][A-Za-z0-9._/+-]{0,63}$/;

/** The filters of an address; what it says that is none is left out. */
export function filtersOf(search: string): Filters {
  const said = new URLSearchParams(search);
  const id = (name: string) => { const text = said.get(name)?.trim() ?? ""; return ID.test(text) ? text : ""; };
  return { part: id("part"), place: id("place"), source: SOURCES.find((one) => one === said.get("source")) ?? "" };
}

/** The address of filters: "?..." or empty. */
export function searchOf(filters: Filters): string {
  const said = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ""));
  const text = said.toString();
  return text && `?${text}`;
}
