// What a manager wants to know first: what was missed yesterday, what today may cost, what waits for a word, what runs out.
import { useCallback, type ReactNode } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Link } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { Who } from "../shell/Who";
import { useSpoken } from "../text";
import { MissesPage } from "./MissesPage";
import { lateness } from "./words";

type Rows<Row> = { rows: Row[]; next: string | null };
type Miss = components["schemas"]["MissOut"];
type Exposed = components["schemas"]["ExposedOut"];
type Sum = components["schemas"]["ExposedSumOut"];
type Approval = components["schemas"]["ApprovalOut"];
type Change = components["schemas"]["ChangeRequestOut"];
type Paper = components["schemas"]["ExpiringOut"];
type Order = components["schemas"]["OrderOut"];
type Renewal = components["schemas"]["RenewalOut"];

const SHOWN = 8;
/** Read before one's own are left out: eight of one's own would hide everybody else's. */
const MOST_ORDERS = 200;
const AHEAD = 30;

const misses = async () => (await client.GET("/v1/reports/misses", { params: { query: { period: "day", limit: SHOWN } } })).data as unknown as Rows<Miss>;
const exposed = async () => (await client.GET("/v1/reports/exposure", { params: { query: { limit: SHOWN } } })).data as unknown as Rows<Exposed>;
const sums = async () => (await client.GET("/v1/reports/exposure/sums", { params: { query: { by: "scheme", limit: 200 } } })).data as unknown as Rows<Sum>;
const waiting = async () => (await client.GET("/v1/approvals", { params: { query: { mine: true, limit: SHOWN } } })).data as unknown as Rows<Approval>;
const changes = async () => (await client.GET("/v1/change-requests", { params: { query: { mine: true, limit: SHOWN } } })).data as unknown as Rows<Change>;
const papers = async () => (await client.GET("/v1/reports/expiring", { params: { query: { within_days: AHEAD, limit: SHOWN } } })).data as unknown as Rows<Paper>;
const contracts = async () => (await client.GET("/v1/reports/renewals", { params: { query: { within_days: AHEAD, limit: SHOWN } } })).data as unknown as Rows<Renewal>;
const orders = async () => (await client.GET("/v1/orders", { params: { query: { state: "awaiting_approval", limit: MOST_ORDERS } } })).data as unknown as Rows<Order>;
const ordered = (action: string) => action === "stock" || action.startsWith("stock.");
const decides = (action: string) => action.includes("approval") || action.includes("change");

export default function MorningPage({ id }: { id: string }) {
  const { say } = useSpoken();
  if (id === "misses") return <MissesPage />;
  return (
    <div className="page morning">
      <header><h1>{say("manage_tab.morning")}</h1></header>
      <div className="columns halves">
        <div><Missed /><Due /></div>
        <div><Endangered /><Inbox /></div>
      </div>
    </div>
  );
}

function Card({ title, more, children }: { title: string; more: ReactNode; children: ReactNode }) {
  return <section className="card" aria-label={title}><div className="head"><h2>{title}</h2>{more}</div>{children}</section>;
}

function Missed() {
  const spoken = useSpoken();
  const { say } = spoken;
  const read = useRead(misses);
  return (
    <Card title={say("morning.missed")} more={<Link to={{ name: "manage", tab: "morning", id: "misses" }}>{say("morning.all_missed")}</Link>}>
      <Waiting of={read} />
      {read.value && (read.value.rows.length === 0 ? <p>{say("morning.none_missed")}</p> : (
        <>
          {read.value.rows.map((one) => (
            <p key={`${one.ticket} ${one.milestone}`} className="line">
              <Link to={{ name: "ticket", ticket: one.ticket }}>{one.ticket}</Link>
              <span>{say("morning.miss", { what: say(`milestone.${one.milestone}`), late: spoken.span(one.late_s) })}</span>
              <span className="quiet">{lateness(one, say)}</span>
              {one.cents > 0 && <span className="late end">{spoken.money(one.cents, one.currency)}</span>}
            </p>
          ))}
          {read.value.next && <p className="quiet">{say("morning.more")}</p>}
        </>
      ))}
    </Card>
  );
}

function Endangered() {
  const spoken = useSpoken();
  const { say } = spoken;
  const read = useRead(exposed);
  const whole = useRead(sums);
  const totals = new Map<string, { promises: number; cents: number }>();
  for (const one of whole.value?.rows ?? []) {
    const before = totals.get(one.currency) ?? { promises: 0, cents: 0 };
    totals.set(one.currency, { promises: before.promises + one.promises, cents: before.cents + one.forecast_cents });
  }
  return (
    <Card title={say("morning.exposed")} more={<Link to={{ name: "manage", tab: "exposure", id: "" }}>{say("morning.all_exposed")}</Link>}>
      <Waiting of={read} />
      {[...totals].map(([currency, sum]) => <p key={currency} className="tally">{say("morning.exposed_sum", { n: sum.promises, cost: spoken.money(sum.cents, currency) })}</p>)}
      {read.value && (read.value.rows.length === 0 ? <p>{say("morning.none_exposed")}</p> : read.value.rows.map((one) => (
        <p key={`${one.ticket} ${one.milestone}`} className="line">
          <Link to={{ name: "ticket", ticket: one.ticket }}>{one.ticket}</Link>
          <span>{say(`milestone.${one.milestone}`)} {say("morning.due", { at: spoken.moment(Date.parse(one.due_at) / 1000) })}</span>
          <span className="quiet">{one.expected_at ? say("morning.expected", { at: spoken.moment(Date.parse(one.expected_at) / 1000) }) : say("morning.nobody")}</span>
          <span className="late end">{spoken.money(one.forecast_cents, one.currency)}</span>
        </p>
      )))}
      <p><Link to={{ name: "board" }}>{say("morning.board")}</Link></p>
    </Card>
  );
}

function Inbox() {
  const spoken = useSpoken();
  const { say } = spoken;
  const read = useRead(waiting, decides);
  const asked = useRead(changes, decides);
  const { me, may } = useHere();
  const buys = may("approve") && may("order_read");
  const written = useRead(buys ? orders : null, ordered);
  // Nobody approves what he wrote himself.
  const waits = (written.value?.rows ?? []).filter((one) => one.made_by !== me.user).slice(0, SHOWN);
  const none = read.value?.rows.length === 0 && asked.value?.rows.length === 0 && (!buys || (written.value && waits.length === 0));
  return (
    <Card title={say("morning.waiting")} more={<Link to={{ name: "manage", tab: "approvals", id: "" }}>{say("morning.all_waiting")}</Link>}>
      <Waiting of={read} />
      {asked.failed && <Waiting of={asked} />}
      {written.failed && <Waiting of={written} />}
      {none && <p>{say("morning.none_waiting")}</p>}
      {read.value?.rows.map((one) => (
        <p key={one.approval} className="line">
          <Link to={{ name: "manage", tab: "approvals", id: one.approval }}>{say(`approval_kind.${one.kind}`)}</Link>
          <Link to={{ name: "ticket", ticket: one.ticket }}>{one.ticket}</Link><span className="quiet">{say("morning.asked", { who: one.asked_by_name, at: spoken.moment(Date.parse(one.asked_at) / 1000) })}</span>
          <span className="end">{spoken.money(one.price_cents, one.currency)}</span>
        </p>
      ))}
      {waits.map((one) => (
        <p key={one.order} className="line">
          <Link to={{ name: "stock", tab: "orders", id: one.order }}>{say("approvals.order")}</Link>
          <span>{one.order} · {one.supplier}</span><span className="quiet"><Who id={one.made_by} />, {spoken.moment(Date.parse(one.made_at) / 1000)}</span>
          <span className="end">{spoken.money(one.cost_cents, one.currency)}</span>
        </p>
      ))}
      {asked.value?.rows.map((one) => (
        <p key={one.request} className="line">
          <Link to={{ name: "manage", tab: "approvals", id: one.request }}>{say("approvals.change")}</Link>
          <span>{one.name}</span><span className="quiet">{say("morning.asked", { who: one.asked_by_name, at: spoken.moment(Date.parse(one.asked_at) / 1000) })}</span>
        </p>
      ))}
    </Card>
  );
}

function Due() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const read = useRead(papers);
  const running = useRead(contracts);
  const left = useCallback((days: number) => (days < 0 ? say("team.ran_out", { n: -days }) : say("team.days_left", { n: days })), [say]);
  const none = read.value?.rows.length === 0 && running.value?.rows.length === 0;
  return (
    <Card title={say("morning.running_out", { n: AHEAD })} more={<Link to={{ name: "manage", tab: "team", id: "" }} search="#papers">{say("manage_tab.team")}</Link>}>
      <Waiting of={read} />
      {none && <p>{say("morning.none_running_out")}</p>}
      {read.value?.rows.map((one) => (
        <p key={`${one.engineer} ${one.name} ${one.serial}`} className="line">
          {may("crew_read") ? <Link to={{ name: "people", engineer: one.engineer }}>{one.engineer}</Link> : <span>{one.engineer}</span>}
          <span>{say(`paper.${one.paper}`)} {one.name} {one.serial}</span><span className={one.days_left < 0 ? "late end" : "end"}>{spoken.date(one.last_on)} · {left(one.days_left)}</span>
        </p>
      ))}
      {running.value?.rows.map((one) => (
        <p key={one.contract} className="line">
          <Link to={{ name: "manage", tab: "renewals", id: "" }}>{one.contract}</Link>
          <span>{one.customer_name || one.customer}</span><span className={one.days_left < 0 ? "late end" : "end"}>{spoken.date(one.last_on)} · {left(one.days_left)}</span>
        </p>
      ))}
    </Card>
  );
}
