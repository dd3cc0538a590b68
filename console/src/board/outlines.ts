// Where a proposal would put visits: outlines on the timeline until somebody takes it or not.
import type { Board } from "./model";
import type { Difference } from "./optimise";

export interface Outline { visit: string; start: number; end: number }

export interface Outlined {
  /** By engineer. */
  rows: ReadonlyMap<string, readonly Outline[]>;
  /** Visits that would no longer be where they are. */
  leaving: ReadonlySet<string>;
}

export const NO_OUTLINES: Outlined = { rows: new Map(), leaving: new Set() };

/** Outlines of the ticked parts of a proposal. */
export function outlined(board: Board, difference: Difference, unticked: ReadonlySet<number>): Outlined {
  const engineerOf = new Map(board.engineers.flatMap((one) => one.shifts.map((shift) => [shift.id, one.id] as const)));
  const work = new Map(board.visits.map((one) => [one.id, one.work_s]));
  const rows = new Map<string, Outline[]>();
  const leaving = new Set<string>();
  for (const part of difference.parts) {
    if (unticked.has(part.number)) continue;
    for (const { visit, before, after } of part.visits) {
      if (before.who) leaving.add(visit);
      const engineer = engineerOf.get(after.who);
      if (engineer === undefined || after.starts_at === null) continue;
      const start = Date.parse(after.starts_at) / 1000;
      const list = rows.get(engineer) ?? [];
      list.push({ visit, start, end: start + (work.get(visit) ?? 3600) });
      rows.set(engineer, list);
    }
  }
  return { rows, leaving };
}
