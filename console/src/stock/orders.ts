// What may be done to an order in which state. Whether it really may is the server's word.
import type { components } from "contract";

export type OrderState = components["schemas"]["OrderState"];
export type Step = "approve" | "send" | "confirm" | "cancel" | "close";

export const STATES = ["awaiting_approval", "to_send", "sent", "confirmed", "partly_received", "received", "cancelled", "closed"] as const;

const MAY: Record<OrderState, readonly Step[]> = {
  awaiting_approval: ["approve", "cancel"],
  to_send: ["send", "cancel"],
  sent: ["confirm", "cancel", "close"],
  confirmed: ["confirm", "cancel", "close"],
  partly_received: ["confirm", "close"],
  received: [],
  cancelled: [],
  closed: [],
};

export const stepsOf = (state: OrderState): readonly Step[] => MAY[state];
