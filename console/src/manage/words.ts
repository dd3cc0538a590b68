// Sentences several of the manager's pages say.
import type { components } from "contract";
import type { Say } from "../text";

/** What the time of a missed promise went on, and what the fault was. */
export function lateness(miss: Pick<components["schemas"]["MissOut"], "spent_on" | "cause">, say: Say): string {
  return [miss.spent_on && say(`spent_on.${miss.spent_on}`), miss.cause].filter(Boolean).join(" · ");
}
