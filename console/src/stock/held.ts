// What becomes of goods in quarantine, as one choice: a way and, for a return, what the supplier owes. Pure.
import type { components } from "contract";

export type Awaited = components["schemas"]["QuarantinedOut"]["waits_for"];
export const AWAITED = ["inspect", "disposition", "remedy"] as const;
export const DECISIONS = ["return_replace", "return_rectify", "rework", "scrap", "waiver"] as const;
export type Decision = (typeof DECISIONS)[number];

type Asked = Pick<components["schemas"]["DispositionIn"], "way"> & { remedy: "replace" | "rectify" | null };

/** The way and the remedy of a decision. */
export function decisionOf(decision: Decision): Asked {
  switch (decision) {
    case "return_replace": return { way: "return", remedy: "replace" };
    case "return_rectify": return { way: "return", remedy: "rectify" };
    default: return { way: decision, remedy: null };
  }
}
