// The shapes of a ticket page.
import type { components } from "contract";

export type Whole = components["schemas"]["WholeTicketOut"];
export type Report = components["schemas"]["ReportOut"];
export type Beside = components["schemas"]["BesideOut"];
export type Limit = components["schemas"]["LimitOut"];

/** The page of a number is a ticket's, or a report's that is none yet. */
export const isReport = (found: Whole | Report): found is Report => "questions" in found;

/** Seconds since 1970 of a moment. */
export const secondsOf = (moment: string): number => Date.parse(moment) / 1000;

export type Misfit = { why: "type" } | { why: "size"; most: number };

/** Why a file would not be kept; null: it would. A type may be kept as several kinds: the most generous counts. */
export function misfitOf(file: { type: string; size: number }, limits: readonly Limit[]): Misfit | null {
  const fits = limits.filter((one) => one.types.includes(file.type));
  if (fits.length === 0) return { why: "type" };
  const most = Math.max(...fits.map((one) => one.most_bytes));
  return file.size > most ? { why: "size", most } : null;
}
