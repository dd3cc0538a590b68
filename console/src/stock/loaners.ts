// What follows at the counter on where a loaner unit stands. Whether it really may is the server's word.
import type { components } from "contract";

export type CheckStep = components["schemas"]["CheckStep"];

const AFTER: Record<string, readonly CheckStep[]> = {
  out: ["back"],
  overdue: ["back"],
  cleaning: ["inspecting"],
  inspecting: ["passed", "failed"],
  quarantine: ["inspecting"],
};

export const stepsAfter = (state: string): readonly CheckStep[] => AFTER[state] ?? [];

export type DayOfUnit = "free" | "lent" | "due" | "overdue" | "kept" | "prepared" | "out";

const NOW_IS: Record<string, DayOfUnit> = { available: "free", reserved: "kept", out: "lent", overdue: "overdue", cleaning: "prepared", inspecting: "prepared" };

/** What a unit is on each of the days (their moments, the first one now): as it stands until it is due, free from the day after. */
export function daysOf(unit: { state: string; until: string | null }, days: readonly string[], dayOf: (at: string) => string): DayOfUnit[] {
  const now = NOW_IS[unit.state] ?? "out";
  if (now === "free") return days.map(() => "free");
  // What is overdue, or held without an end, says of no day that it is free.
  // What is kept is promised from its day on; until then it may not go out for longer than that.
  if (unit.until === null || now === "kept" || now === "overdue") return days.map(() => now);
  const last = dayOf(unit.until);
  return days.map((at) => (dayOf(at) > last ? "free" : dayOf(at) === last && now === "lent" ? "due" : now));
}
