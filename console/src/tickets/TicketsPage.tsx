// The list of tickets: filters in the address, pages by cursor, only the rows in view in the page.
import { useCallback, useMemo, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useHere } from "../shell/here";
import { go, Link, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import "../shell/pages.css";
import { filtersOf, searchOf, SEVERITIES, SORTS, STAGES, WITHIN_H, type Filters } from "./filters";

type Ticket = components["schemas"]["TicketOut"];
/** A ticket as the list shows it: with the names of its customer and site, and the moment of the answer. */
interface Row { ticket: Ticket; customer: string; site: string; at: number }

async function read(filters: Filters, after: string, limit: number): Promise<{ rows: Row[]; next: string | null }> {
  const { data } = await client.GET("/v1/tickets", { params: { query: { ...filters, limit, ...(after ? { after } : {}) } } });
  const page = data as components["schemas"]["TicketsOut"]; // the same address gives CSV where that is asked for
  const at = Date.parse(page.at) / 1000;
  return { rows: page.tickets.map((ticket) => ({ ticket, customer: page.customers[ticket.customer] || ticket.customer, site: page.sites[ticket.site] || ticket.site, at })), next: page.next };
}

export default function TicketsPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const search = useAddress().split("?")[1] ?? "";
  const filters = useMemo(() => filtersOf(search), [search]);
  const ask = useCallback((after: string, limit: number) => read(filters, after, limit), [filters]);
  const { page, read: list, more } = usePaged<Row>(ask, (action) => action === "ticket" || action.startsWith("ticket."));
  const columns: Column<Row>[] = [
    { key: "ticket", head: say("list.ticket"), wide: 1.3, cell: ({ ticket }) => <Link to={{ name: "ticket", ticket: ticket.id }} tabIndex={-1}>{ticket.id}</Link> },
    { key: "severity", head: say("list.severity"), wide: 0.7, cell: ({ ticket }) => <span className="severity">{ticket.severity}</span> },
    { key: "stage", head: say("list.stage"), wide: 1.3, cell: ({ ticket }) => <>{say(`stage.${ticket.stage}` as "stage.reported")}{ticket.waiting && <span className="quiet"> · {say(`wait.${ticket.waiting}` as "wait.part")}</span>}</> },
    { key: "customer", head: say("list.customer"), wide: 1.5, cell: (row) => <span title={row.ticket.customer}>{row.customer}</span> },
    { key: "site", head: say("list.site"), wide: 2.2, cell: (row) => <span title={row.ticket.site}>{row.site}{row.ticket.asset && <span className="quiet"> · {row.ticket.asset}</span>}</span> },
    { key: "reported", head: say("list.reported"), wide: 1.3, cell: ({ ticket }) => spoken.moment(Date.parse(ticket.reported_at) / 1000) },
    { key: "next", head: say("list.next"), wide: 1.5, cell: (row) => <Due row={row} /> },
  ];
  const change = (changed: Partial<Record<keyof Filters, unknown>>) => {
    const next = { ...filters, ...changed } as Filters;
    for (const name of Object.keys(changed) as (keyof Filters)[]) if (!changed[name]) delete next[name];
    refine(searchOf({ ...next, sort: next.sort ?? "newest" }));
  };
  return (
    <div className="page list-page">
      <header>
        <h1>{say("list.title")}</h1>
        <ByNumber />
        {may("ticket_write") && may("customer_read") && <Link to={{ name: "new" }} className="button main">{say("nav.new_ticket")}</Link>}
      </header>
      <FilterBar filters={filters} onChange={change} />
      <Waiting of={list} />
      {page && (page.rows.length === 0
        ? <p className="empty">{say("list.empty")}</p>
        : <Grid label={say("list.title")} columns={columns} rows={page.rows} keyOf={(row) => row.ticket.id} onOpen={(row) => go({ name: "ticket", ticket: row.ticket.id })} more={page.next !== null} onMore={more} />)}
      {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
    </div>
  );
}

function ByNumber() {
  const { say } = useSpoken();
  const open = (form: FormData) => {
    const ticket = String(form.get("ticket")).trim();
    if (ticket) go({ name: "ticket", ticket });
  };
  return (
    <form className="by-number" role="search" onSubmit={(event) => { event.preventDefault(); open(new FormData(event.currentTarget)); }}>
      <label><span className="only-read">{say("list.open_number")}</span><input name="ticket" placeholder={say("list.open_number")} maxLength={64} autoComplete="off" /></label>
      <button type="submit">{say("list.go")}</button>
    </form>
  );
}

function FilterBar({ filters, onChange }: { filters: Filters; onChange(changed: Partial<Record<keyof Filters, unknown>>): void }) {
  const { say } = useSpoken();
  const [customer, setCustomer] = useState(filters.customer ?? "");
  const [text, setText] = useState(filters.text ?? "");
  return (
    <form className="filters" aria-label={say("list.filters")} onSubmit={(event) => { event.preventDefault(); onChange({ customer: customer.trim(), text: text.trim() }); }}>
      <label>{say("list.text")}<input type="search" value={text} placeholder={say("list.text_hint")} maxLength={100} onChange={(event) => setText(event.target.value)} onBlur={() => onChange({ text: text.trim() })} /></label>
      <label>{say("list.customer")}<input value={customer} placeholder={say("list.customer_hint")} maxLength={64} onChange={(event) => setCustomer(event.target.value)} onBlur={() => onChange({ customer: customer.trim() })} /></label>
      <label>{say("list.stage")}
        <select value={filters.stage ?? ""} onChange={(event) => onChange({ stage: event.target.value })}>
          <option value="">{say("list.all")}</option>
          {STAGES.map((one) => <option key={one} value={one}>{say(`stage.${one}`)}</option>)}
        </select>
      </label>
      <label>{say("list.severity")}
        <select value={filters.severity ?? ""} onChange={(event) => onChange({ severity: event.target.value })}>
          <option value="">{say("list.all")}</option>
          {SEVERITIES.map((one) => <option key={one}>{one}</option>)}
        </select>
      </label>
      <label>{say("list.within")}
        <select value={filters.within_h ?? ""} onChange={(event) => onChange({ within_h: Number(event.target.value) })}>
          <option value="">{say("list.all")}</option>
          {WITHIN_H.map((one) => <option key={one} value={one}>{say("list.hours", { h: one })}</option>)}
        </select>
      </label>
      <label>{say("list.sort")}
        <select value={filters.sort} onChange={(event) => onChange({ sort: event.target.value })}>
          {SORTS.map((one) => <option key={one} value={one}>{say(`list.${one}`)}</option>)}
        </select>
      </label>
      {(["waiting", "breached", "over"] as const).map((one) => (
        <label key={one} className="tick"><input type="checkbox" checked={filters[one] ?? false} onChange={(event) => onChange({ [one]: event.target.checked })} />{say(`list.${one}`)}</label>
      ))}
    </form>
  );
}

function Due({ row: { ticket, at } }: { row: Row }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const due = ticket.next_due_at ? Date.parse(ticket.next_due_at) / 1000 : null;
  if (due === null || !ticket.next_milestone) return null;
  const late = due < at;
  return <span className={late ? "late" : undefined}>{`${say(`milestone.${ticket.next_milestone}` as "milestone.arrive")} ${say(late ? "visit.over" : "visit.left", { span: spoken.span(Math.abs(due - at)) })}`}</span>;
}
