// A delivery as it is counted, and a lot as its sample is looked at. Pure.
import type { components } from "contract";

export type Sample = components["schemas"]["SampleOut"];
export type Taken = components["schemas"]["LineTakenOut"];

export interface Counted { part: string; quantity: string; rejected: string; lot: string; serials: string }

export const NOTHING: Counted = { part: "", quantity: "", rejected: "0", lot: "", serials: "" };

const WHOLE = /^\d{1,7}$/;

/** A line as the interface takes it; null: it is not whole yet. */
export function arrivalOf(line: Counted): components["schemas"]["ArrivalIn"] | null {
  const part = line.part.trim();
  const serials = line.serials.split(/[\s,;]+/).filter(Boolean);
  if (!part || !WHOLE.test(line.quantity.trim()) || !WHOLE.test(line.rejected.trim() || "0")) return null;
  return { part, quantity: Number(line.quantity), rejected: Number(line.rejected || "0"), lot: line.lot.trim(), serials };
}

export type Verdict = "open" | "accepted" | "between" | "refused";

/** How a sample stands: units looked at so far, bad ones among them. The last unit decides. */
export function standingOf(sample: Pick<Sample, "size" | "accept" | "reject">, seen: number, bad: number): Verdict {
  if (bad >= sample.reject) return "refused";
  if (seen < sample.size) return "open";
  return bad <= sample.accept ? "accepted" : "between";
}

/** Whether a reading is right; null: it is none yet. */
export function isRight(check: components["schemas"]["CheckOut"], typed: string): boolean | null {
  const text = typed.trim();
  if (check.lower === null && check.upper === null) return text === "yes" ? true : text === "no" ? false : null;
  if (!/^-?\d{1,9}(\.\d{1,18})?$/.test(text)) return null;
  const value = Number(text);
  return (check.lower === null || value >= Number(check.lower)) && (check.upper === null || value <= Number(check.upper));
}

type Expected = components["schemas"]["ExpectedOut"];
export interface Coming { order: string; supplier: string; place: string; due: string; late: boolean; lines: Expected[] }

/** Orders of which something is to come, as their lines are due, those like the words. */
export function ordersOf(lines: readonly Expected[], text: string): Coming[] {
  const words = text.trim().toLowerCase();
  const orders = new Map<string, Coming>();
  for (const one of lines) {
    const key = `${one.order} ${one.place}`;
    const order = orders.get(key) ?? { order: one.order, supplier: one.supplier, place: one.place, due: one.expected_at, late: false, lines: [] };
    order.lines.push(one);
    order.late ||= one.late;
    orders.set(key, order);
  }
  return [...orders.values()].filter((one) => !words || [one.order, one.supplier, one.place, ...one.lines.map((line) => line.part)].some((word) => word.toLowerCase().includes(words)));
}
