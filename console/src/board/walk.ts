// Walking over the timeline with the arrow keys, and carrying a visit with Alt and the arrows: pure steps.
import type { Row, Visit } from "./model";

export type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";
export const isArrow = (key: string): key is Arrow => /^Arrow(Left|Right|Up|Down)$/.test(key);

export interface Target { engineer: string; start: number }

/** How far a visit is carried sideways at a press. */
export const CARRY_S = 15 * 60;

const nearest = (visits: readonly Visit[], at: number): Visit | undefined =>
  visits.reduce<Visit | undefined>((best, one) => (best === undefined || Math.abs((one.start ?? 0) - at) < Math.abs((best.start ?? 0) - at) ? one : best), undefined);

/** The visit an arrow leads to: the next of the same engineer, or the nearest in time of the next engineer who has one. */
export function walked(rows: readonly Row[], chosen: string, arrow: Arrow): string {
  const at = rows.findIndex((row) => row.visits.some((one) => one.id === chosen));
  if (at < 0) return rows.find((row) => row.visits.length > 0)?.visits[0]?.id ?? chosen;
  const row = rows[at]!;
  const index = row.visits.findIndex((one) => one.id === chosen);
  if (arrow === "ArrowLeft" || arrow === "ArrowRight") return row.visits[index + (arrow === "ArrowRight" ? 1 : -1)]?.id ?? chosen;
  const step = arrow === "ArrowDown" ? 1 : -1;
  for (let next = at + step; next >= 0 && next < rows.length; next += step) {
    const found = nearest(rows[next]!.visits, row.visits[index]!.start ?? 0);
    if (found) return found.id;
  }
  return chosen;
}

/** Where a carried visit is after one more press: the next engineer's row, or a quarter of an hour on. */
export function carried(rows: readonly Row[], at: Target, arrow: Arrow): Target {
  if (arrow === "ArrowLeft" || arrow === "ArrowRight") return { ...at, start: at.start + (arrow === "ArrowRight" ? CARRY_S : -CARRY_S) };
  const engineers = rows.filter((row) => row.kind === "engineer").map((row) => row.id);
  const index = engineers.indexOf(at.engineer) + (arrow === "ArrowDown" ? 1 : -1);
  return { ...at, engineer: engineers[Math.max(0, Math.min(engineers.length - 1, index))] ?? at.engineer };
}
