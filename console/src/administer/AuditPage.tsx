// Who did what when, in a region or to the company: filtered, opened line by line, its chain read again.
import { useCallback, useEffect, useMemo, useState } from "react";
import type { components } from "contract";
import { client, hrefOf } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { isoOf, momentOf } from "../shell/wall";
import { useName, Who } from "../shell/Who";
import { useSpoken, type Say } from "../text";
import { nameOf, openUsers } from "./accounts";
import { VerifyDialog } from "./Verify";

type Entry = components["schemas"]["AuditEntryOut"];
export type Chain = "region" | "company";

const FILTERS = ["actor", "action", "about", "since", "until"] as const;
const DAYS: readonly string[] = ["since", "until"];
type Filters = Partial<Record<(typeof FILTERS)[number], string>> & { of: Chain };

const keyOf = (row: Entry) => `${row.lane}-${row.number}`;

function filtersOf(search: string): Filters {
  const said = new URLSearchParams(search);
  const found: Filters = { of: said.get("of") === "company" ? "company" : "region" };
  for (const name of FILTERS) {
    const word = said.get(name)?.trim();
    if (word && (!DAYS.includes(name) || /^\d{4}-\d\d-\d\d$/.test(word))) found[name] = word;
  }
  return found;
}

/** The moment a day begins in a zone; an hour later where the clocks skip midnight. */
function dayOf(day: string, zone: string, later = 0): string | undefined {
  const date = new Date(Date.parse(`${day}T00:00:00Z`) + later * 86_400_000);
  if (Number.isNaN(date.getTime())) return undefined;
  const at = ["T00:00", "T01:00"].map((clock) => momentOf(date.toISOString().slice(0, 10) + clock, zone)).find(Number.isFinite);
  return at === undefined ? undefined : isoOf(at);
}

/** What was done, by its subject; the exact name stands with the row that is opened. */
export function doneWords(action: string, say: Say): string {
  const code = `audit_of.${action.split(".")[0]}`;
  const words = say(code as "audit_of.ticket");
  return words === code ? action : words;
}

export default function AuditPage({ id }: { id: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may, region } = useHere();
  const search = useAddress().split("?")[1] ?? "";
  const filters = useMemo(() => filtersOf(search), [search]);
  const [open, setOpen] = useState(id);
  const [verifying, setVerifying] = useState(false);
  const query = useMemo(() => {
    const { of: _, since, until, ...same } = filters;
    // Days of the region: from its midnight until the next after the last.
    const from = since && dayOf(since, region.zone);
    const to = until && dayOf(until, region.zone, 1);
    return { ...same, ...(from ? { since: from } : {}), ...(to ? { until: to } : {}) };
  }, [filters, region.zone]);
  const path = filters.of === "company" ? "/v1/company-audit" as const : "/v1/audit" as const;
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET(path as "/v1/audit", { params: { query: { ...query, limit, ...(after ? { after } : {}) } } });
    const found = data as components["schemas"]["AuditOut"]; // the same address gives CSV where that is asked for
    return { rows: found.entries, next: found.next };
  }, [path, query]);
  const { page, read, more } = usePaged<Entry>(ask);
  const columns: Column<Entry>[] = [
    { key: "at", head: say("audit.at"), wide: 1.2, cell: (row) => spoken.moment(Date.parse(row.at) / 1000) },
    { key: "actor", head: say("audit.actor"), wide: 1.2, cell: (row) => <Who id={row.actor} /> },
    { key: "action", head: say("audit.action"), wide: 1.6, cell: (row) => <>{doneWords(row.action, say)} <span className="quiet">{row.action}</span></> },
    { key: "about", head: say("audit.about"), wide: 1.6, cell: (row) => <Who id={row.about} /> },
  ];
  const change = (changed: Partial<Filters>) => {
    setOpen("");
    const said = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filters, ...changed })) if (value && !(name === "of" && value === "region")) said.set(name, value);
    refine(said.size ? `?${said}` : "");
  };
  const shown = page?.rows.find((row) => keyOf(row) === open);
  return (
    <div className="page list-page">
      <header>
        <h1>{say("administer_tab.audit")}</h1>
        <button type="button" onClick={() => setVerifying(true)}>{say("audit.verify")}</button>
        <a className="button" href={hrefOf(`${path}?${new URLSearchParams({ ...query, format: "csv" })}`)} download>{say("list.as_file")}</a>
      </header>
      <FilterBar filters={filters} onChange={change} company={may("company_audit_read")} />
      <div className={shown ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && (page.rows.length === 0 ? <p className="empty">{say("audit.empty")}</p>
            : <Grid label={say("administer_tab.audit")} columns={columns} rows={page.rows} keyOf={keyOf} open={open} onOpen={(row) => setOpen(keyOf(row) === open ? "" : keyOf(row))} more={page.next !== null} onMore={more} />)}
          {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
        </div>
        {shown && <One row={shown} onClose={() => setOpen("")} onFilter={change} />}
      </div>
      {verifying && <VerifyDialog company={may("company_audit_read")} onClose={() => setVerifying(false)} />}
    </div>
  );
}

function FilterBar({ filters, onChange, company }: { filters: Filters; onChange(changed: Partial<Filters>): void; company: boolean }) {
  const { say } = useSpoken();
  const { may } = useHere();
  const users = useRead(may("user_admin") ? openUsers : null);
  const [typed, setTyped] = useState({ action: filters.action ?? "", about: filters.about ?? "" });
  // What a row or the address asks for stands in its field too: else the next word sent from here takes it away.
  useEffect(() => setTyped({ action: filters.action ?? "", about: filters.about ?? "" }), [filters.action, filters.about]);
  const name = useName(filters.actor ?? "");
  const known = users.value ?? [];
  const send = () => onChange({ action: typed.action.trim().toLowerCase(), about: typed.about.trim() });
  return (
    <form className="filters" aria-label={say("list.filters")} onSubmit={(event) => { event.preventDefault(); send(); }}>
      {company && (
        <label>{say("audit.of")}
          <select value={filters.of} onChange={(event) => onChange({ of: event.target.value as Chain })}>
            {(["region", "company"] as const).map((one) => <option key={one} value={one}>{say(`audit_chain.${one}`)}</option>)}
          </select>
        </label>
      )}
      <label>{say("audit.actor")}
        <select value={filters.actor ?? ""} onChange={(event) => onChange({ actor: event.target.value })}>
          <option value="">{say("list.all")}</option>
          {known.map((one) => <option key={one.id} value={one.id}>{nameOf(one)}</option>)}
          {filters.actor && !known.some((one) => one.id === filters.actor) && <option value={filters.actor}>{name ?? "…"}</option>}
        </select>
      </label>
      <label>{say("audit.action")}<input value={typed.action} placeholder={say("audit.action_hint")} maxLength={64} pattern="[a-zA-Z_.]*" onChange={(event) => setTyped({ ...typed, action: event.target.value })} onBlur={send} /></label>
      <label>{say("audit.about")}<input value={typed.about} placeholder={say("audit.about_hint")} maxLength={80} onChange={(event) => setTyped({ ...typed, about: event.target.value })} onBlur={send} /></label>
      <label>{say("audit.since")}<input type="date" value={filters.since ?? ""} onChange={(event) => onChange({ since: event.target.value })} /></label>
      <label>{say("audit.until")}<input type="date" value={filters.until ?? ""} onChange={(event) => onChange({ until: event.target.value })} /></label>
      <button type="submit">{say("audit.find")}</button>
    </form>
  );
}

function One({ row, onClose, onFilter }: { row: Entry; onClose(): void; onFilter(changed: Partial<Filters>): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { before, after, ...rest } = row.facts as Record<string, unknown>;
  return (
    <aside className="card drawer" aria-label={say("audit.entry")}>
      <header className="dialog-head"><h2>{doneWords(row.action, say)}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      <dl className="facts">
        <dt>{say("audit.at")}</dt><dd>{spoken.moment(Date.parse(row.at) / 1000)}</dd>
        <dt>{say("audit.actor")}</dt><dd><Who id={row.actor} /> <button type="button" onClick={() => onFilter({ actor: row.actor })}>{say("audit.only_his")}</button></dd>
        <dt>{say("audit.action")}</dt><dd><code>{row.action}</code></dd>
        <dt>{say("audit.about")}</dt><dd><Who id={row.about} /> {row.about && <button type="button" onClick={() => onFilter({ about: row.about })}>{say("audit.only_this")}</button>}</dd>
        <dt>{say("audit.by_way")}</dt><dd>{row.device}</dd>
        <dt>{say("audit.link")}</dt><dd>{say("audit.link_of", { lane: row.lane, number: row.number })} <small>{row.hash.slice(0, 16)}…</small></dd>
      </dl>
      {(before !== undefined || after !== undefined) && <Change before={before} after={after} />}
      <h3>{say("audit.facts")}</h3>
      {Object.keys(rest).length === 0 ? <p className="quiet">{say("page.none")}</p> : <dl className="facts">{Object.entries(rest).map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{worded(value)}</dd>])}</dl>}
    </aside>
  );
}

const asRecord = (value: unknown): Record<string, unknown> => (value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : value === undefined || value === null ? {} : { "": value });
const worded = (value: unknown): string => (value === undefined || value === null ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value));

/** What stood there before and what stands there now, line by line; what changed is marked. */
function Change({ before, after }: { before: unknown; after: unknown }) {
  const { say } = useSpoken();
  const old = asRecord(before);
  const now = asRecord(after);
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return (
    <table className="plain">
      <thead><tr><th scope="col">{say("audit.what")}</th><th scope="col">{say("audit.before")}</th>{after !== undefined && <th scope="col">{say("audit.after")}</th>}</tr></thead>
      <tbody>{names.map((name) => <tr key={name}><th scope="row">{name}</th><td>{worded(old[name])}</td>{after !== undefined && <td className={worded(old[name]) === worded(now[name]) ? undefined : "late"}>{worded(now[name])}</td>}</tr>)}</tbody>
    </table>
  );
}
