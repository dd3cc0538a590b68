// What today's plan still risks: promises that are late or will be, with their price, worst first.
import { useCallback, useMemo } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { go, Link, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { Choice, FileLink } from "./tables";

type Sum = components["schemas"]["ExposedSumOut"];
type Exposed = components["schemas"]["ExposedOut"];
const BY = ["customer", "contract", "scheme", "area"] as const;
type By = (typeof BY)[number];
const plans = (action: string) => action === "plan" || action.startsWith("plan.") || action.startsWith("ticket");

export default function ExposurePage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const search = useAddress().split("?")[1] ?? "";
  const said = useMemo(() => new URLSearchParams(search), [search]);
  const by = BY.find((one) => one === said.get("by")) ?? "customer";
  const group = said.get("group") ?? "";
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/reports/exposure/sums", { params: { query: { by, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Sum[]; next: string | null };
  }, [by]);
  const { page, read, more } = usePaged<Sum>(ask, plans);
  const named = (one: string) => one || say("exposure.unknown");
  const columns: Column<Sum>[] = [
    { key: "group", head: say(`exposure_by.${by}`), wide: 2, cell: (row) => row.name || named(row.group) },
    { key: "promises", head: say("exposure.promises"), number: true, wide: 0.9, cell: (row) => row.promises },
    { key: "late", head: say("exposure.late"), number: true, wide: 1, cell: (row) => row.late },
    { key: "so_far", head: say("exposure.so_far"), number: true, cell: (row) => spoken.money(row.actual_cents, row.currency) },
    { key: "forecast", head: say("exposure.forecast"), number: true, wide: 1.2, cell: (row) => <strong>{spoken.money(row.forecast_cents, row.currency)}</strong> },
  ];
  return (
    <div className="page list-page">
      <header><h1>{say("exposure.title")}</h1><FileLink path="/v1/reports/exposure/sums" query={{ by }} /></header>
      <form className="filters" aria-label={say("list.filters")} onSubmit={(event) => event.preventDefault()}>
        <Choice<By> label={say("exposure.by")} word={(one) => say(`exposure_by.${one}`)} values={BY} value={by} onChange={(next) => refine(`?by=${next}`)} />
      </form>
      <p className="quiet">{say("exposure.about")}</p>
      <Waiting of={read} />
      {page && (page.rows.length === 0 ? <p className="empty">{say("morning.none_exposed")}</p> : (
        <div className="exposed">
          <Grid label={say("exposure.title")} columns={columns} rows={page.rows} keyOf={(row) => `${row.group} ${row.currency}`} open={page.rows.filter((row) => row.group === group).map((row) => `${row.group} ${row.currency}`)[0]}
            onOpen={(row) => refine(row.group === group || row.group === "" ? `?by=${by}` : `?${new URLSearchParams({ by, group: row.group })}`)} more={page.next !== null} onMore={more} />
          <Promises key={`${by} ${group}`} by={by} group={group} name={page.rows.find((row) => row.group === group)?.name || group} />
        </div>
      ))}
    </div>
  );
}

function Promises({ by, group, name }: { by: By; group: string; name: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const query = useMemo(() => (group ? { [by]: group } : {}), [by, group]);
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/reports/exposure", { params: { query: { ...query, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Exposed[]; next: string | null };
  }, [query]);
  const { page, read, more } = usePaged<Exposed>(ask, plans);
  const at = (moment: string) => spoken.moment(Date.parse(moment) / 1000);
  const title = say("exposure.one", { group: name || say("list.all") });
  const columns: Column<Exposed>[] = [
    { key: "ticket", head: say("list.ticket"), wide: 1.2, cell: (row) => <Link to={{ name: "ticket", ticket: row.ticket }}>{row.ticket}</Link> },
    { key: "what", head: say("misses.what"), wide: 1, cell: (row) => say(`milestone.${row.milestone}`) },
    { key: "due", head: say("misses.due"), wide: 1.4, cell: (row) => <span className={row.late_s > 0 ? "late" : undefined}>{at(row.due_at)}</span> },
    { key: "expected", head: say("exposure.expected"), wide: 1.4, cell: (row) => (row.expected_at ? at(row.expected_at) : say("morning.nobody")) },
    { key: "severity", head: say("list.severity"), wide: 0.7, cell: (row) => row.severity },
    { key: "cost", head: say("exposure.forecast"), number: true, wide: 1.2, cell: (row) => spoken.money(row.forecast_cents, row.currency) },
  ];
  return (
    <section className="list-part" aria-label={title}>
      <div className="head"><h2>{title}</h2><FileLink path="/v1/reports/exposure" query={query} name={name} /></div>
      <Waiting of={read} />
      {page && <Grid label={title} columns={columns} rows={page.rows} keyOf={(row) => `${row.ticket} ${row.milestone}`} onOpen={(row) => go({ name: "ticket", ticket: row.ticket })} more={page.next !== null} onMore={more} />}
      {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
    </section>
  );
}
