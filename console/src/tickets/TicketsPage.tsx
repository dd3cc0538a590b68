// The list of tickets: filters in the address, pages by cursor, only the rows in view in the page.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { go, Link, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import "../shell/pages.css";
import { inView } from "../list/model";
import { filtersOf, searchOf, SEVERITIES, SORTS, STAGES, WITHIN_H, type Filters } from "./filters";

type Ticket = components["schemas"]["TicketOut"];
interface Page { tickets: Ticket[]; names: Record<string, string>; next: string | null; at: number }

const ROW_PX = 36;
const PAGE = 100;
const MOST_AGAIN = 200;

async function read(filters: Filters, after: string, limit: number): Promise<Page> {
  const { data } = await client.GET("/v1/tickets", { params: { query: { ...filters, limit, ...(after ? { after } : {}) } } });
  const page = data as components["schemas"]["TicketsOut"]; // the same address gives CSV where that is asked for
  // Customers and sites are told apart: an id may stand in both.
  const named = (of: string, ids: Record<string, string>) => Object.entries(ids).map(([id, name]) => [of + id, name]);
  return { tickets: page.tickets, names: Object.fromEntries([...named("c:", page.customers), ...named("s:", page.sites)]), next: page.next, at: Date.parse(page.at) / 1000 };
}

export default function TicketsPage() {
  const { say } = useSpoken();
  const { may } = useHere();
  const search = useAddress().split("?")[1] ?? "";
  const filters = useMemo(() => filtersOf(search), [search]);
  const [wanted, setWanted] = useState(PAGE);
  useEffect(() => setWanted(PAGE), [filters]);
  // All that was shown is read anew when something changed: a cursor goes on from a list that stands still.
  const ask = useCallback(async () => {
    const found = await read(filters, "", Math.min(wanted, MOST_AGAIN));
    while (found.next && found.tickets.length < wanted) {
      const more = await read(filters, found.next, Math.min(wanted - found.tickets.length, MOST_AGAIN));
      found.tickets = [...found.tickets, ...more.tickets];
      found.names = { ...found.names, ...more.names };
      found.next = more.next;
    }
    return found;
  }, [filters, wanted]);
  const list = useRead(ask, (action) => action === "ticket" || action.startsWith("ticket."));
  const kept = useRef<{ of: Filters; page: Page } | null>(null);
  if (list.value) kept.current = { of: filters, page: list.value };
  // While more of the same list is on its way, what is there stays.
  const page = list.value ?? (kept.current?.of === filters ? kept.current.page : undefined);
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
      <Waiting of={{ ...list, value: page }} />
      {page && (page.tickets.length === 0
        ? <p className="empty">{say("list.empty")}</p>
        : <Rows page={page} onMore={() => setWanted((before) => (page.next && !(before > page.tickets.length) ? before + PAGE : before))} />)}
      {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.tickets.length })}</p>}
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

function Rows({ page, onMore }: { page: Page; onMore(): void }) {
  const { say } = useSpoken();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ top: 0, height: 900 });
  const measure = () => { const here = box.current; if (here) setAt({ top: here.scrollTop, height: here.clientHeight }); };
  useLayoutEffect(() => {
    measure();
    const watch = new ResizeObserver(measure);
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const rows = page.tickets.length;
  const [first, last] = inView({ ...at, row: ROW_PX, rows });
  const near = last >= rows && page.next !== null;
  const more = useRef(onMore);
  useEffect(() => { more.current = onMore; });
  useEffect(() => { if (near) more.current(); }, [near, rows]);
  return (
    <div className="scroll" ref={box} onScroll={measure} tabIndex={0} role="region" aria-label={say("list.title")}>
      <table className="rows" aria-rowcount={page.next ? -1 : rows + 1}>
        <thead>
          <tr>
            <th scope="col">{say("list.ticket")}</th><th scope="col">{say("list.severity")}</th><th scope="col">{say("list.stage")}</th>
            <th scope="col">{say("list.customer")}</th><th scope="col">{say("list.site")}</th><th scope="col">{say("list.reported")}</th><th scope="col">{say("list.next")}</th>
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr aria-hidden="true"><td colSpan={7} className="gap" style={{ height: first * ROW_PX }} /></tr>}
          {page.tickets.slice(first, last).map((one, index) => <Line key={one.id} ticket={one} names={page.names} now={page.at} index={first + index + 2} />)}
          {last < rows && <tr aria-hidden="true"><td colSpan={7} className="gap" style={{ height: (rows - last) * ROW_PX }} /></tr>}
        </tbody>
      </table>
    </div>
  );
}

function Line({ ticket, names, now, index }: { ticket: Ticket; names: Page["names"]; now: number; index: number }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const due = ticket.next_due_at ? Date.parse(ticket.next_due_at) / 1000 : null;
  const late = due !== null && due < now;
  return (
    <tr aria-rowindex={index}>
      <th scope="row"><Link to={{ name: "ticket", ticket: ticket.id }}>{ticket.id}</Link></th>
      <td><span className="severity">{ticket.severity}</span></td>
      <td>{say(`stage.${ticket.stage}` as "stage.reported")}{ticket.waiting && <span className="quiet"> · {say(`wait.${ticket.waiting}` as "wait.part")}</span>}</td>
      <td title={ticket.customer}>{names[`c:${ticket.customer}`] || ticket.customer}</td>
      <td title={ticket.site}>{names[`s:${ticket.site}`] || ticket.site}{ticket.asset && <span className="quiet"> · {ticket.asset}</span>}</td>
      <td>{spoken.moment(Date.parse(ticket.reported_at) / 1000)}</td>
      <td className={late ? "late" : undefined}>
        {due !== null && ticket.next_milestone && `${say(`milestone.${ticket.next_milestone}` as "milestone.arrive")} ${late ? say("visit.over", { span: spoken.span(now - due) }) : say("visit.left", { span: spoken.span(due - now) })}`}
      </td>
    </tr>
  );
}
