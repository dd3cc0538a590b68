// Every promise missed in a period, dearest first.
import { useCallback, useMemo } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { go, Link, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { Choice, FileLink } from "./tables";
import { lateness } from "./words";

type Miss = components["schemas"]["MissOut"];
const PERIODS = ["day", "week", "month", "quarter"] as const;

export function MissesPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const search = useAddress().split("?")[1] ?? "";
  const period = useMemo(() => PERIODS.find((one) => one === new URLSearchParams(search).get("period")) ?? "day", [search]);
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/reports/misses", { params: { query: { period, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Miss[]; next: string | null };
  }, [period]);
  const { page, read, more } = usePaged<Miss>(ask);
  const columns: Column<Miss>[] = [
    { key: "ticket", head: say("list.ticket"), wide: 1.3, cell: (row) => <Link to={{ name: "ticket", ticket: row.ticket }}>{row.ticket}</Link> },
    { key: "what", head: say("misses.what"), cell: (row) => say(`milestone.${row.milestone}`) },
    { key: "due", head: say("misses.due"), wide: 1.4, cell: (row) => spoken.moment(Date.parse(row.due_at) / 1000) },
    { key: "late", head: say("misses.late"), number: true, cell: (row) => spoken.span(row.late_s) },
    { key: "done", head: say("misses.ended"), wide: 1.4, cell: (row) => (row.ended_at ? spoken.moment(Date.parse(row.ended_at) / 1000) : say("misses.open")) },
    { key: "spent", head: say("misses.why"), wide: 2, cell: (row) => lateness(row, say) },
    { key: "customer", head: say("list.customer"), wide: 1.8, cell: (row) => row.customer_name || row.customer },
    { key: "area", head: say("misses.area"), wide: 0.8, cell: (row) => row.area },
    { key: "severity", head: say("list.severity"), wide: 0.7, cell: (row) => row.severity },
    { key: "cost", head: say("misses.cost"), number: true, cell: (row) => (row.cents ? spoken.money(row.cents, row.currency) : "–") },
  ];
  return (
    <div className="page list-page">
      <header><h1>{say("misses.title")}</h1><FileLink path="/v1/reports/misses" query={{ period }} /></header>
      <form className="filters" aria-label={say("list.filters")} onSubmit={(event) => event.preventDefault()}>
        <Choice label={say("misses.period")} word={(one) => say(`period.${one}`)} values={PERIODS} value={period} onChange={(next) => refine(`?period=${next}`)} />
      </form>
      <Waiting of={read} />
      {page && (page.rows.length === 0 ? <p className="empty">{say("morning.none_missed")}</p>
        : <Grid label={say("misses.title")} columns={columns} rows={page.rows} keyOf={(row) => `${row.ticket} ${row.milestone}`} onOpen={(row) => go({ name: "ticket", ticket: row.ticket })} more={page.next !== null} onMore={more} />)}
      {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
    </div>
  );
}
