// For an administrator: terms, accounts, settings and what keeps the data whole.
export type Tab = "contracts" | "schemes" | "practice" | "users" | "keys" | "rights" | "audit" | "settings" | "imports" | "backups";

const NEEDS: Record<Tab, string> = {
  contracts: "customer_read",
  schemes: "scheme_read",
  practice: "scheme_read",
  users: "user_admin",
  keys: "key_admin",
  rights: "user_admin",
  audit: "audit_read",
  settings: "operate",
  imports: "region_import",
  backups: "operate",
};

/** The pages somebody with these rights may open, in their order. */
export function tabsOf(actions: readonly string[]): Tab[] {
  return (Object.keys(NEEDS) as Tab[]).filter((one) => actions.includes(NEEDS[one]));
}
