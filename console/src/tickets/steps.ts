// What each step of a loan, a charge, a complaint or a survey has to say, and how it is said to the server.
import { isoOf, momentOf } from "../shell/wall";

export type Of = "loan" | "charge" | "complaint" | "survey";
export type Field = "reason" | "words" | "cents" | "moment" | "remedy" | "score";

/** Fields a step takes; `words` may stay empty, a remedy too; every other one is needed. Steps that are not here take none. */
const FIELDS: Record<string, readonly Field[]> = {
  "loan.out": ["moment"],
  "loan.extended": ["moment", "reason"],
  "loan.reminded": ["reason"],
  "loan.failed": ["reason"],
  "loan.released": ["reason"],
  "charge.withdrawn": ["reason"],
  "charge.deposit_recorded": ["cents"],
  "charge.rest_recorded": ["cents"],
  "charge.refunded": ["cents", "reason"],
  "charge.paid_back": ["cents"],
  "charge.repeated_free": ["reason"],
  "complaint.answered": ["reason", "remedy"],
  "complaint.rejected": ["reason"],
  "complaint.withdrawn": ["reason"],
  "survey.answered": ["score", "words"],
  "survey.declined": ["reason"],
  "survey.returned": ["reason"],
};
export const fieldsOf = (of: Of, step: string): readonly Field[] => FIELDS[`${of}.${step}`] ?? [];

export const REMEDIES = ["", "other-firm", "free-repeat", "part-refund"] as const;

export interface Typed { reason: string; cents: string; moment: string; remedy: string; score: string }
export const UNTYPED: Typed = { reason: "", cents: "", moment: "", remedy: "", score: "" };

/** What goes to the server: empty, null and 0 where a step says nothing of it. */
export interface Said { reason: string; cents: number; moment: string | null; remedy: string | null; score: number | null }

/** Cents of an amount as it is typed: "12", "12.5", "1 200,50"; null: it is none above zero. */
export function centsOf(text: string): number | null {
  const plain = text.replace(/\s/g, "").replace(",", ".");
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(plain)) return null;
  const [whole, part = ""] = plain.split(".");
  const cents = Number(whole) * 100 + Number(part.padEnd(2, "0"));
  return cents > 0 ? cents : null;
}

/** What was typed for a step, as it is sent; null: something is missing or cannot be. */
export function saidOf(of: Of, step: string, typed: Typed, zone: string): Said | null {
  const said: Said = { reason: "", cents: 0, moment: null, remedy: null, score: null };
  for (const field of fieldsOf(of, step)) {
    if (field === "words") said.reason = typed.reason.trim();
    else if (field === "reason") {
      said.reason = typed.reason.trim();
      if (!said.reason) return null;
    } else if (field === "cents") {
      const cents = centsOf(typed.cents);
      if (cents === null) return null;
      said.cents = cents;
    } else if (field === "moment") {
      const at = momentOf(typed.moment, zone);
      if (Number.isNaN(at)) return null;
      said.moment = isoOf(at);
    } else if (field === "remedy") said.remedy = typed.remedy || null;
    else {
      if (!/^\d{1,3}$/.test(typed.score) || Number(typed.score) < 1) return null;
      said.score = Number(typed.score);
    }
  }
  return said;
}

/** Our own number for the next one of a kind: the ticket's with a letter, as "T-7-Q2" for its second quote. */
export function nextNumber(ticket: string, letter: string, known: readonly string[]): string {
  let number = known.length + 1;
  while (known.includes(`${ticket}-${letter}${number}`)) number += 1;
  return `${ticket}-${letter}${number}`;
}
