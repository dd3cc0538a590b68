// Parts that somebody asked to have brought to a visit, and how each stands: pure, of rows as they were read and a moment.
import type { components } from "contract";
import type { Board } from "./model";

export type Delivery = components["schemas"]["SupplyOffersRowOut"];

/** How ids of what a dispatcher asked for begin; the other rows are ways there would be. */
const ASKED = "BRING-";

export type TransferState = "expected" | "overdue" | "unused" | "over";

export interface Transfer {
  id: string;
  visit: string;
  part: string;
  name: string;
  quantity: number;
  from: string;
  /** Seconds since 1970. */
  at: number;
  state: TransferState;
}

/** What was asked for or is planned with, the first to arrive first; `now` in seconds since 1970.
 *
 * Overdue: its time has passed and its visit is still to be done. Unused: the plan brings the part another way. Over: its visit is.
 */
export function transfersOf(board: Board, deliveries: readonly Delivery[], now: number): Transfer[] {
  const visits = new Map(board.visits.map((one) => [one.id, one]));
  return deliveries
    .flatMap((one) => {
      const visit = visits.get(one.visit_id);
      const line = visit?.parts.find((part) => part.source === "offer" && part.source_id === one.offer_id);
      if (!line && !one.offer_id.startsWith(ASKED)) return [];
      const at = Date.parse(one.arrives_at) / 1000;
      const state: TransferState = !visit ? "over" : at <= now ? "overdue" : line || visit.start === null ? "expected" : "unused";
      const name = visit?.parts.find((part) => part.part === one.part_id)?.name ?? "";
      return [{ id: one.offer_id, visit: one.visit_id, part: one.part_id, name, quantity: one.quantity, from: one.source, at, state }];
    })
    .sort((a, b) => Number(a.state === "over") - Number(b.state === "over") || a.at - b.at || a.id.localeCompare(b.id));
}
