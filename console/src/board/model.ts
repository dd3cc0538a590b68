// The board as the page holds it: the server's document indexed by row, and what the passing of time makes of it.
import type { components } from "contract";
import { deadlineState, mostUrgent, type DeadlineState } from "../deadline";

export type Board = components["schemas"]["BoardOut"];
export type Visit = components["schemas"]["BoardVisitOut"];
export type Engineer = components["schemas"]["BoardEngineerOut"];
export type Shift = components["schemas"]["BoardShiftOut"];
export type Promise_ = components["schemas"]["BoardPromiseOut"];

/** How a visit stands at `now`: its most urgent promise, or simply whether somebody goes. */
export function visitState(visit: Visit, now: number): DeadlineState {
  if (visit.promises.length === 0) return visit.start === null ? "unassigned" : "on_track";
  return mostUrgent(visit.promises.map((one) => deadlineState({ due: one.due, forecast: one.forecast, now, done: one.done })));
}

/** The promise that runs out first, if any is still open. */
export function nextPromise(visit: Visit): Promise_ | undefined {
  return visit.promises.filter((one) => one.done === null).sort((a, b) => a.due - b.due)[0];
}

export interface Row {
  kind: "depot" | "engineer";
  id: string;
  engineer?: Engineer;
  /** In order of start. */
  visits: readonly Visit[];
}

/** Rows of the timeline: each depot, then its engineers. Rows whose visits did not change keep their identity. */
export function rowsOf(board: Board, before?: readonly Row[]): Row[] {
  const byEngineer = new Map<string, Visit[]>();
  for (const visit of board.visits) {
    if (visit.engineer && visit.start !== null) {
      const list = byEngineer.get(visit.engineer);
      if (list) list.push(visit);
      else byEngineer.set(visit.engineer, [visit]);
    }
  }
  const known = new Map(before?.map((row) => [row.kind + row.id, row]));
  const rows: Row[] = [];
  let depot = "";
  for (const engineer of board.engineers) {
    if (engineer.depot !== depot) {
      depot = engineer.depot;
      rows.push(known.get(`depot${depot}`) ?? { kind: "depot", id: depot, visits: [] });
    }
    const visits = (byEngineer.get(engineer.id) ?? []).sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
    const old = known.get(`engineer${engineer.id}`);
    const same = old?.engineer === engineer && old.visits.length === visits.length && old.visits.every((one, i) => one === visits[i]);
    rows.push(same ? old : { kind: "engineer", id: engineer.id, engineer, visits });
  }
  return rows;
}

/** A newer document in which everything that did not change is the object it was: one change repaints one row. */
export function merged(before: Board | undefined, now: Board): Board {
  if (!before || before.region !== now.region) return now;
  const keep = <T extends { id: string }>(old: readonly T[], fresh: readonly T[]): T[] => {
    const known = new Map(old.map((one) => [one.id, one]));
    return fresh.map((one) => {
      const was = known.get(one.id);
      return was && JSON.stringify(was) === JSON.stringify(one) ? was : one;
    });
  };
  return { ...now, engineers: keep(before.engineers, now.engineers), visits: keep(before.visits, now.visits) };
}

export const TABS = ["unassigned", "at_risk", "will_miss", "breached", "parts", "loaners", "broken"] as const;
export type Tab = (typeof TABS)[number];

/** What each tab of the queue lists, the next promise to run out first. */
export function queuesOf(board: Board, now: number): Record<Tab, Visit[]> {
  const found: Record<Tab, Visit[]> = { unassigned: [], at_risk: [], will_miss: [], breached: [], parts: [], loaners: [], broken: [] };
  for (const visit of board.visits) {
    const state = visitState(visit, now);
    if (visit.start === null) found.unassigned.push(visit);
    if (state === "at_risk" || state === "will_miss" || state === "breached") found[state].push(visit);
    if (visit.short.length > 0 || visit.parts.some((line) => line.source === "offer" || line.source === "without")) found.parts.push(visit);
    if (visit.loaner) found.loaners.push(visit);
    if (visit.fell_out || visit.lock && visit.start === null) found.broken.push(visit);
  }
  const urgency = (visit: Visit) => nextPromise(visit)?.due ?? Number.MAX_SAFE_INTEGER;
  for (const tab of TABS) found[tab].sort((a, b) => urgency(a) - urgency(b) || a.id.localeCompare(b.id));
  return found;
}
