// For a manager: what was missed, what it may cost, what should change.
export type Tab = "morning" | "approvals" | "reports" | "scenarios" | "staffing" | "team" | "renewals" | "exposure";

const NEEDS: Record<Tab, string> = {
  morning: "report_read",
  approvals: "approval_read",
  reports: "report_read",
  scenarios: "scenario_read",
  staffing: "scenario_run",
  team: "report_read",
  renewals: "report_read",
  exposure: "report_read",
};

/** The pages somebody with these rights may open, in their order. */
export function tabsOf(actions: readonly string[]): Tab[] {
  return (Object.keys(NEEDS) as Tab[]).filter((one) => actions.includes(NEEDS[one]));
}
