// What each step of a ticket's life has to say, and how it is said to the server.
import type { components } from "contract";
import { isoOf, momentOf } from "../shell/wall";

export type Kind = components["schemas"]["EventIn"]["kind"];

/** What `value` is of a step; steps that are not here take none. */
const VALUE: Partial<Record<Kind, "wait" | "severity" | "way" | "outcome" | "moment" | "part" | "told" | "span" | "milestone">> = {
  waiting: "wait",
  severity_changed: "severity",
  triaged: "way",
  remote_tried: "outcome",
  forecast_finish: "moment",
  part_needed: "part",
  told: "told",
  time_asked: "span",
  customer_set: "milestone",
};
export const valueKindOf = (kind: Kind) => VALUE[kind] ?? "none";

/** Words a step may say; the first is chosen at first. */
export const CHOICES = {
  wait: ["part", "customer", "access"],
  severity: ["P1", "P2", "P3", "P4"],
  way: ["", "remote", "on_site", "workshop"],
  outcome: ["solved", "not_solved"],
  milestone: ["acknowledge", "respond", "arrange", "propose", "arrive", "repair", "substitute", "deliver"],
} as const;

const NEEDS_REASON: ReadonlySet<Kind> = new Set<Kind>(["waiting", "severity_changed", "cancelled", "reopened"]);
export const needsReason = (kind: Kind): boolean => NEEDS_REASON.has(kind);

/** Said by the page of its own facts: not pressed here. The survey's answer has a score, which is not an event's. */
const ELSEWHERE: ReadonlySet<string> = new Set(["reported", "surveyed"]);

/** What an engineer says of his own work, where he may say no more. */
const AT_WORK: ReadonlySet<string> = new Set(["accepted", "travelling", "on_site", "waiting", "resumed", "forecast_finish", "part_needed", "loaner_in_place", "collected", "tested", "returned", "repaired", "delivered", "left"]);

/** The steps somebody may write next, and by which way. */
export function stepsFor(mayFollow: readonly string[], may: (action: string) => boolean): { kind: Kind; way: "events" | "work" }[] {
  const desk = may("ticket_write");
  const way = desk ? "events" : "work";
  if (!desk && !may("visit_report")) return [];
  return mayFollow.filter((one) => !ELSEWHERE.has(one) && (desk || AT_WORK.has(one))).map((kind) => ({ kind: kind as Kind, way }));
}

export interface Fields { choice: string; from: string; until: string; part: string; quantity: string; whom: string; reason: string }
export const EMPTY: Fields = { choice: "", from: "", until: "", part: "", quantity: "1", whom: "", reason: "" };

/** The fields a step begins with. */
export function fieldsFor(kind: Kind): Fields {
  const of = valueKindOf(kind);
  return { ...EMPTY, choice: of in CHOICES ? CHOICES[of as keyof typeof CHOICES][0] : "" };
}

/** The value to send; null: something is missing or is no time. Times are read on the region's wall clock. */
export function valueOf(kind: Kind, said: Fields, zone: string): string | null {
  const at = (wall: string) => { const found = momentOf(wall, zone); return Number.isNaN(found) ? null : isoOf(found); };
  switch (valueKindOf(kind)) {
    case "wait": case "severity": case "way": case "outcome": return said.choice;
    case "moment": return at(said.from);
    case "part": return said.part.trim() && /^[1-9]\d{0,4}$/.test(said.quantity.trim()) ? `${said.part.trim()} ${said.quantity.trim()}` : null;
    case "told": { const when = at(said.from); return when && said.whom.trim() ? `${when} ${said.whom.trim()}` : null; }
    case "span": { const [from, until] = [at(said.from), at(said.until)]; return from && until && from < until ? `${from} ${until}` : null; }
    case "milestone": { const when = at(said.from); return when && said.choice ? `${said.choice} ${when}` : null; }
    default: return "";
  }
}
