// Contracts that run out, with what has to be known when the customer is asked to stay.
import { useCallback, useMemo } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { percent } from "./sheets";
import { FileLink } from "./tables";

type Renewal = components["schemas"]["RenewalOut"];
export const AHEAD = [30, 60, 90, 180, 365] as const;

export function useAhead(usual: number): number {
  const search = useAddress().split("?")[1] ?? "";
  return useMemo(() => AHEAD.find((one) => String(one) === new URLSearchParams(search).get("within")) ?? usual, [search, usual]);
}

export function AheadChoice({ within }: { within: number }) {
  const { say } = useSpoken();
  return (
    <label>{say("renewals.within")}
      <select value={within} onChange={(event) => refine(`?within=${event.target.value}`)}>{AHEAD.map((one) => <option key={one} value={one}>{say("renewals.days", { n: one })}</option>)}</select>
    </label>
  );
}

export default function RenewalsPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const within = useAhead(90);
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/reports/renewals", { params: { query: { within_days: within, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Renewal[]; next: string | null };
  }, [within]);
  const { page, read, more } = usePaged<Renewal>(ask);
  const columns: Column<Renewal>[] = [
    { key: "contract", head: say("renewals.contract"), wide: 1, cell: (row) => row.contract },
    { key: "customer", head: say("list.customer"), wide: 2, cell: (row) => row.customer_name || row.customer },
    { key: "scheme", head: say("renewals.scheme"), wide: 1.4, cell: (row) => row.scheme },
    { key: "last", head: say("renewals.last_on"), wide: 1.2, cell: (row) => spoken.date(row.last_on) },
    { key: "left", head: say("renewals.left"), number: true, wide: 1.2, cell: (row) => <span className={row.days_left < 0 ? "late" : undefined}>{row.days_left < 0 ? say("team.ran_out", { n: -row.days_left }) : say("team.days_left", { n: row.days_left })}</span> },
    { key: "tickets", head: say("renewals.tickets"), number: true, wide: 0.8, cell: (row) => row.tickets },
    { key: "kept", head: say("renewals.kept"), number: true, wide: 1.5, cell: (row) => (row.share === null ? "–" : say("reports.share_of", { share: percent(spoken.lang, row.share), n: row.attained + row.breached })) },
    { key: "charged", head: say("renewals.charged"), number: true, wide: 1.1, cell: (row) => spoken.money(row.charged_cents, row.currency) },
    { key: "late", head: say("renewals.lateness"), number: true, wide: 1.2, cell: (row) => spoken.money(row.late_cents, row.currency) },
  ];
  return (
    <div className="page list-page">
      <header><h1>{say("renewals.title")}</h1><FileLink path="/v1/reports/renewals" query={{ within_days: String(within) }} /></header>
      <form className="filters" aria-label={say("list.filters")} onSubmit={(event) => event.preventDefault()}><AheadChoice within={within} /></form>
      <p className="quiet">{say("renewals.about")}</p>
      <Waiting of={read} />
      {page && (page.rows.length === 0 ? <p className="empty">{say("renewals.none", { n: within })}</p>
        : <Grid label={say("renewals.title")} columns={columns} rows={page.rows} keyOf={(row) => row.contract} more={page.next !== null} onMore={more} />)}
      {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
    </div>
  );
}
