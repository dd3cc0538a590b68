// What of the storeroom somebody may open, in the order of the day.
export type Tab = "reorder" | "orders" | "receiving" | "held" | "defectives" | "positions" | "picks" | "transfers" | "counts" | "loaners" | "suppliers";

const NEEDS: Record<Tab, string> = {
  reorder: "order_read", orders: "order_read", receiving: "receipt_write", held: "stock_read", defectives: "stock_read", positions: "stock_read", picks: "stock_read",
  transfers: "stock_read", counts: "stock_read", loaners: "loan_read", suppliers: "supplier_read",
};

export function tabsOf(actions: readonly string[]): Tab[] {
  return (Object.keys(NEEDS) as Tab[]).filter((one) => actions.includes(NEEDS[one]));
}
