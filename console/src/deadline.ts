// How a deadline stands: the twin of dispatch/deadline.py; both are checked against deadline.cases.json.

export type DeadlineState = "on_track" | "at_risk" | "will_miss" | "breached" | "unassigned" | "done" | "done_late";

export const AT_RISK_S = 30 * 60;
export const UNASSIGNED_AT_RISK_S = 2 * 3600;

/** Most urgent first. */
export const URGENCY: readonly DeadlineState[] = ["breached", "will_miss", "at_risk", "unassigned", "on_track", "done_late", "done"];

/** Say how one milestone stands; all four are seconds on one clock. A due time is kept up to and including its second. */
export function deadlineState(of: { due: number | null; forecast: number | null; now: number; done?: number | null }): DeadlineState {
  const { due, forecast, now } = of;
  const done = of.done ?? null;
  if (done !== null) return due !== null && done > due ? "done_late" : "done";
  if (due !== null && now > due) return "breached";
  if (forecast === null) return due !== null && due - now < UNASSIGNED_AT_RISK_S ? "at_risk" : "unassigned";
  if (due === null) return "on_track";
  if (forecast > due) return "will_miss";
  return due - forecast < AT_RISK_S ? "at_risk" : "on_track";
}

/** The state a visit with several deadlines shows. */
export function mostUrgent(states: readonly DeadlineState[]): DeadlineState {
  return [...states].sort((a, b) => URGENCY.indexOf(a) - URGENCY.indexOf(b))[0] ?? "on_track";
}
