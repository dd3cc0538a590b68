// Contracts: whom a scheme is promised to, from when until when; one opened shows what it covers and how its tickets stand.
import { useCallback, useMemo, useState } from "react";
import type { components } from "contract";
import { client, hrefOf, Problem } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead, useSettled } from "../shell/read";
import { go, Link, pathOf, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken, type Code, type Say } from "../text";
import { dayOf, type Version } from "./SchemesPage";
import { daysAfter } from "./terms";

type Contract = components["schemas"]["ContractsRowOut"];
type Customer = components["schemas"]["CustomersRowOut"];
type Site = components["schemas"]["SitesRowOut"];

/** Days before its end from which a contract's end is said. */
const ENDS_SOON_DAYS = 60;
const NAMES_MOST = 1000;
const isContract = (action: string) => action === "desk.contract" || action === "desk.customer";

/** How a contract stands on a day. */
export function standsOf(row: Pick<Contract, "valid_from" | "valid_until">, today: string): "later" | "over" | "ends_soon" | "holds" {
  if (row.valid_from > today) return "later";
  if (row.valid_until && row.valid_until < today) return "over";
  return row.valid_until && row.valid_until <= daysAfter(today, ENDS_SOON_DAYS) ? "ends_soon" : "holds";
}

async function names(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let after = "";
  do {
    const { data } = await client.GET("/v1/customers", { params: { query: { limit: 200, ...(after ? { after } : {}) } } });
    const page = data as unknown as { rows: Customer[]; next: string | null };
    for (const one of page.rows) found.set(one.customer_id, one.name ?? "");
    after = page.next ?? "";
  } while (after && found.size < NAMES_MOST);
  return found;
}

export default function ContractsPage({ id }: { id: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const here = useHere();
  const today = dayOf(here.now(), spoken.zone);
  const search = useAddress().split("?")[1] ?? "";
  const wanted = useMemo(() => new URLSearchParams(search), [search]);
  const [customer, setCustomer] = useState(wanted.get("customer") ?? "");
  const settled = useSettled(customer.trim(), 300);
  const [scheme, version, holds] = [wanted.get("scheme") ?? "", wanted.get("version") ?? "", wanted.get("on") !== null];
  const query = useMemo(() => ({ ...(/^[A-Za-z0-9]/.test(settled) ? { customer: settled } : {}), ...(scheme ? { scheme } : {}), ...(version ? { version } : {}), ...(holds ? { on: today } : {}) }), [settled, scheme, version, holds, today]);
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/contracts", { params: { query: { ...query, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Contract[]; next: string | null };
  }, [query]);
  const { page, read, more } = usePaged<Contract>(ask, isContract);
  const known = useRead(names, (action) => action === "desk.customer").value;
  const schemes = useRead(allSchemes).value ?? [];
  const [fresh, setFresh] = useState(false);
  const narrow = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    if (name === "scheme") next.delete("version");
    refine(next.size ? `?${next}` : "");
  };
  const to = (contract: string) => { setFresh(false); go({ name: "administer", tab: "contracts", id: contract }, search && `?${search}`); };
  const schemeName = (row: Contract) => schemes.find((one) => one.scheme === row.scheme && one.version === row.scheme_version)?.name ?? row.scheme;
  const columns: Column<Contract>[] = [
    { key: "contract", head: say("contracts.contract"), cell: (row) => row.contract_id },
    { key: "customer", head: say("contracts.customer"), wide: 1.8, cell: (row) => known?.get(row.customer_id) || row.customer_id },
    { key: "scheme", head: say("contracts.scheme"), wide: 1.6, cell: (row) => schemeName(row) },
    { key: "version", head: say("schemes.version"), wide: 0.6, cell: (row) => row.scheme_version },
    { key: "from", head: say("contracts.from"), wide: 1.2, cell: (row) => spoken.date(row.valid_from) },
    { key: "until", head: say("contracts.until"), wide: 1.2, cell: (row) => (row.valid_until ? spoken.date(row.valid_until) : say("contracts.no_end")) },
    { key: "stands", head: say("schemes.stands"), cell: (row) => { const stands = standsOf(row, today); return <span className={stands === "over" || stands === "ends_soon" ? "late" : undefined}>{say(`contracts.${stands}`)}</span>; } },
  ];
  const ids = [...new Set(schemes.map((one) => one.scheme))];
  return (
    <div className="page list-page">
      <header>
        <h1>{say("administer_tab.contracts")}</h1>
        {here.may("customer_write") && <button type="button" className="main" onClick={() => { to(""); setFresh(true); }}>{say("contracts.new")}</button>}
        <a className="button" href={hrefOf(`/v1/contracts?${new URLSearchParams({ ...query, format: "csv" })}`)} download>{say("list.as_file")}</a>
      </header>
      <div className="filters">
        <label>{say("contracts.customer_id")}<input value={customer} maxLength={64} list="contract-customers" onChange={(event) => setCustomer(event.target.value)} /></label>
        <datalist id="contract-customers">{[...(known ?? [])].slice(0, 200).map(([one, name]) => <option key={one} value={one}>{name}</option>)}</datalist>
        <label>{say("contracts.scheme")}<select value={scheme} onChange={(event) => narrow("scheme", event.target.value)}><option value="">{say("list.all")}</option>{ids.map((one) => <option key={one} value={one}>{schemes.findLast((each) => each.scheme === one)?.name}</option>)}</select></label>
        {scheme && <label>{say("schemes.version")}<select value={version} onChange={(event) => narrow("version", event.target.value)}><option value="">{say("list.all")}</option>{schemes.filter((one) => one.scheme === scheme).map((one) => <option key={one.version} value={one.version}>{one.version}</option>)}</select></label>}
        <label className="tick"><input type="checkbox" checked={holds} onChange={(event) => narrow("on", event.target.checked ? "today" : "")} />{say("contracts.only_holding")}</label>
      </div>
      <div className={id || fresh ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && (page.rows.length === 0 ? <p className="empty">{say("contracts.empty")}</p>
            : <Grid label={say("administer_tab.contracts")} columns={columns} rows={page.rows} keyOf={(row) => row.contract_id} open={id} onOpen={(row) => to(row.contract_id === id ? "" : row.contract_id)} more={page.next !== null} onMore={more} />)}
          {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
        </div>
        {id && <One key={id} contract={id} schemes={schemes} names={known} today={today} onClose={() => to("")} onWritten={read.again} />}
        {fresh && !id && (
          <aside className="card drawer" aria-label={say("contracts.new")}>
            <header className="dialog-head"><h2>{say("contracts.new")}</h2></header>
            <Form schemes={schemes} names={known} first={{ contract_id: "", customer_id: settled, scheme, scheme_version: "", valid_from: today, valid_until: null, plan_from: null }} version="" onClose={() => setFresh(false)} onWritten={(contract) => { read.again(); to(contract); }} />
          </aside>
        )}
      </div>
    </div>
  );
}

const allSchemes = async (): Promise<Version[]> => (await client.GET("/v1/schemes")).data!.schemes;

interface OneProps { contract: string; schemes: readonly Version[]; names: ReadonlyMap<string, string> | undefined; today: string; onClose(): void; onWritten(): void }

function One({ contract, schemes, names: known, today, onClose, onWritten }: OneProps) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const ask = useCallback(async () => {
    const { data, response } = await client.GET("/v1/contracts/{contract}", { params: { path: { contract } } });
    const row = data as unknown as Contract;
    const [sites, tickets] = await Promise.all([
      client.GET("/v1/sites", { params: { query: { customer: row.customer_id, limit: 50 } } }),
      may("ticket_read") ? client.GET("/v1/tickets", { params: { query: { contract, limit: 5, sort: "newest" } } }) : null,
    ]);
    const opened = (tickets?.data as unknown as components["schemas"]["TicketsOut"] | undefined)?.tickets ?? [];
    const entitled = await Promise.all(opened.map(async (one) => (await client.GET("/v1/tickets/{ticket}/entitlement", { params: { path: { ticket: one.id } } })).data!));
    return { row, version: response.headers.get("ETag") ?? "", sites: sites.data as unknown as { rows: Site[]; next: string | null }, entitled };
  }, [contract, may]);
  const read = useRead(ask, (action, about) => (isContract(action) && about === contract) || action === "desk.site");
  const [changing, setChanging] = useState<"" | "change" | "renew">("");
  const found = read.value;
  const row = found?.row;
  const stands = row && standsOf(row, today);
  const scheme = row && schemes.find((one) => one.scheme === row.scheme && one.version === row.scheme_version);
  return (
    <aside className="card drawer" aria-label={say("contracts.one", { contract })}>
      <header className="dialog-head"><h2>{say("contracts.one", { contract })}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      <Waiting of={read} />
      {row && found && !changing && (
        <>
          <dl className="facts">
            <dt>{say("contracts.customer")}</dt><dd>{known?.get(row.customer_id) ?? ""} ({row.customer_id})</dd>
            <dt>{say("contracts.scheme")}</dt><dd><Link to={{ name: "administer", tab: "schemes", id: row.scheme }} search={`?${new URLSearchParams({ version: row.scheme_version ?? "" })}`}>{say("schemes.named", { name: scheme?.name ?? row.scheme, version: row.scheme_version ?? "" })}</Link></dd>
            <dt>{say("contracts.from")}</dt><dd>{spoken.date(row.valid_from)}</dd>
            <dt>{say("contracts.until")}</dt><dd>{row.valid_until ? spoken.date(row.valid_until) : say("contracts.no_end")}</dd>
            <dt>{say("contracts.plan_from")}</dt><dd>{row.plan_from ? spoken.date(row.plan_from) : say("contracts.no_plan")}</dd>
            <dt>{say("schemes.stands")}</dt><dd className={stands === "over" || stands === "ends_soon" ? "late" : undefined}>{say(`contracts.${stands!}`)}</dd>
          </dl>
          {may("customer_write") && (
            <p className="send">
              <button type="button" onClick={() => setChanging("change")}>{say("contracts.change")}</button>
              {row.valid_until && <button type="button" onClick={() => setChanging("renew")}>{say("contracts.renew")}</button>}
            </p>
          )}
          <h3>{say("contracts.covers")}</h3>
          {found.sites.rows.length === 0 ? <p className="quiet">{say("contracts.no_sites")}</p> : <ul>{found.sites.rows.map((one) => <li key={one.site_id} className="line"><span>{one.name}</span><span className="quiet">{one.site_id}</span></li>)}</ul>}
          {found.sites.next !== null && <p className="quiet">{say("contracts.more_sites")}</p>}
          <h3>{say("contracts.entitled")}</h3>
          {found.entitled.length === 0 ? <p className="quiet">{say("contracts.no_tickets")}</p>
            : <ul>{found.entitled.map((one) => <li key={one.ticket} className="line"><a href={pathOf({ name: "ticket", ticket: one.ticket })}>{one.ticket}</a><span>{say(`verdict.${one.verdict}` as Code)}</span><span className="quiet">{one.reason}</span></li>)}</ul>}
        </>
      )}
      {row && found && changing && (
        <>
          {changing === "renew" && <p>{say("contracts.renew_hint")}</p>}
          <Form schemes={schemes} names={known} version={found.version} onClose={() => setChanging("")} onWritten={() => { setChanging(""); read.again(); onWritten(); }}
            first={changing === "renew" ? { ...row, valid_until: yearLater(row.valid_until!) } : row} known={row} />
        </>
      )}
    </aside>
  );
}

/** The last day a year later; the end of February where there is no such day. */
export function yearLater(day: string): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year + 1, month, 0)).getUTCDate();
  return new Date(Date.UTC(year + 1, month - 1, Math.min(date, last))).toISOString().slice(0, 10);
}

interface FormProps { schemes: readonly Version[]; names: ReadonlyMap<string, string> | undefined; first: Contract; known?: Contract; version: string; onClose(): void; onWritten(contract: string): void }
type Name = keyof Contract;

function Form({ schemes, names: known, first, known: before, version, onClose, onWritten }: FormProps) {
  const { say } = useSpoken();
  const command = useCommand();
  const [typed, setTyped] = useState<Record<Name, string>>(() => Object.fromEntries(Object.entries(first).map(([name, value]) => [name, value ?? ""])) as Record<Name, string>);
  const [field, setField] = useState("");
  // The version the form began with: the row is read anew when another changes it, and what he wrote is not written over.
  const [held] = useState(version);
  const write = () => command.run(async (key) => {
    setField("");
    const contract = typed.contract_id.trim();
    try {
      await client.PUT("/v1/contracts/{contract}", {
        params: { path: { contract }, header: { "Idempotency-Key": key, ...(held ? { "If-Match": held } : {}) } },
        body: { customer_id: typed.customer_id.trim(), scheme: typed.scheme, scheme_version: typed.scheme_version || null, valid_from: typed.valid_from, valid_until: typed.valid_until || null, plan_from: typed.plan_from || null },
      });
    } catch (error) {
      if (error instanceof Problem) setField(error.field);
      throw error;
    }
    onWritten(contract);
    return "";
  });
  const input = (name: Name, more: { type?: string; required?: boolean; list?: string; readOnly?: boolean; pattern?: string }) => (
    <label>{fieldName(name, say)}<input maxLength={64} {...more} value={typed[name]} aria-invalid={field === name || undefined} onChange={(event) => { setField(""); setTyped({ ...typed, [name]: event.target.value }); }} /></label>
  );
  const ids = [...new Set(schemes.map((one) => one.scheme))];
  return (
    <form className="writing" aria-label={say("contracts.form")} onSubmit={(event) => { event.preventDefault(); void write(); }}>
      <datalist id="form-customers">{[...(known ?? [])].slice(0, 200).map(([one, name]) => <option key={one} value={one}>{name}</option>)}</datalist>
      <div className="fields">
        {!before && input("contract_id", { required: true, pattern: "[A-Za-z0-9][A-Za-z0-9._+\\-]*" })}
        {input("customer_id", { required: true, list: "form-customers" })}
        <label>{fieldName("scheme", say)}<select required aria-invalid={field === "scheme" || undefined} value={typed.scheme} onChange={(event) => { setField(""); setTyped({ ...typed, scheme: event.target.value, scheme_version: "" }); }}><option value="">{say("terms.choose")}</option>{ids.map((one) => <option key={one} value={one}>{schemes.findLast((each) => each.scheme === one)?.name}</option>)}</select></label>
        <label>{fieldName("scheme_version", say)}<select aria-invalid={field === "scheme_version" || undefined} value={typed.scheme_version} onChange={(event) => { setField(""); setTyped({ ...typed, scheme_version: event.target.value }); }}><option value="">{say("contracts.newest")}</option>{schemes.filter((one) => one.scheme === typed.scheme).map((one) => <option key={one.version} value={one.version}>{one.version}</option>)}</select></label>
        {input("valid_from", { type: "date", required: true })}
        {input("valid_until", { type: "date" })}
        {input("plan_from", { type: "date" })}
      </div>
      {before && typed.scheme_version !== (before.scheme_version ?? "") && <p className="quiet">{say("contracts.tickets_keep")}</p>}
      <p role="alert" className="refused">{command.refused}</p>
      <p className="send"><button type="submit" className="main" disabled={command.busy}>{say("ticket.write")}</button><button type="button" onClick={onClose}>{say("page.cancel")}</button></p>
    </form>
  );
}

const fieldName = (name: Name, say: Say): string => say(`contract_field.${name}` as Code);
