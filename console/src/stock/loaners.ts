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
