// What waits for somebody's word: about what, how much, who asked, since when; the word itself with its reason.
import { useCallback, useMemo, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { go, Link, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { Who } from "../shell/Who";
import { useSpoken } from "../text";
import { Choice, FileLink } from "./tables";

type Approval = components["schemas"]["ApprovalOut"];
type Order = components["schemas"]["OrderOut"];
type Change = components["schemas"]["ChangeRequestOut"];
/** One thing that waits, whichever list it comes from. */
interface Asked { key: string; kind: "approval" | "change" | "order"; approval?: Approval; change?: Change; order?: Order }

const SHOW = ["mine", "own", "waiting", "all"] as const;
const AT_ONCE = 200;
const ordered = (action: string) => action === "stock" || action.startsWith("stock.");
const orders = async () => (await client.GET("/v1/orders", { params: { query: { state: "awaiting_approval", limit: AT_ONCE } } })).data as unknown as { rows: Order[] };
const decides = (action: string) => action.includes("approval") || action.includes("change");

export default function ApprovalsPage({ id }: { id: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { me, may } = useHere();
  const search = useAddress().split("?")[1] ?? "";
  const first = may("approve") ? "mine" : may("ticket_write") ? "own" : "waiting";
  const show = useMemo(() => SHOW.find((one) => one === new URLSearchParams(search).get("show")) ?? (id ? "all" : first), [search, first, id]);
  const query = useMemo(() => ({ ...(show === "mine" ? { mine: true } : {}), ...(show === "own" ? { own: true, decided: true } : {}), ...(show === "all" ? { decided: true } : {}) }), [show]);
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/approvals", { params: { query: { ...query, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Approval[]; next: string | null };
  }, [query]);
  const { page, read, more } = usePaged<Approval>(ask, decides);
  const askChanges = useCallback(async () => {
    const found: Change[] = [];
    let after = "";
    do { // the newest stand last: a first page alone would never show them
      const { data } = await client.GET("/v1/change-requests", { params: { query: { ...query, limit: AT_ONCE, ...(after ? { after } : {}) } } });
      const part = data as unknown as { rows: Change[]; next: string | null };
      found.push(...part.rows);
      after = part.next ?? "";
    } while (after);
    return { rows: found };
  }, [query]);
  const changes = useRead(askChanges, decides);
  // Orders are approved where they stand; here they are found.
  const written = useRead(show !== "own" && may("order_read") && may("approve") ? orders : null, ordered);
  const rows = useMemo<Asked[]>(() => [
    ...(written.value?.rows ?? []).filter((order) => show !== "mine" || order.made_by !== me.user).map((order) => ({ key: order.order, kind: "order" as const, order })),
    ...(page?.rows ?? []).map((approval) => ({ key: approval.approval, kind: "approval" as const, approval })),
    ...(page?.next ? [] : changes.value?.rows ?? []).map((change) => ({ key: change.request, kind: "change" as const, change })),
  ], [page, changes.value, written.value, show, me.user]);
  const asked = Object.fromEntries(Object.keys(query).map((name) => [name, "true"]));
  const open = rows.find((one) => one.key === id && one.kind !== "order");
  const again = () => { read.again(); changes.again(); };
  const columns: Column<Asked>[] = [
    { key: "what", head: say("approvals.what"), wide: 1.5, cell: (row) => (row.approval ? say(`approval_kind.${row.approval.kind}`) : say(row.order ? "approvals.order" : "approvals.change")) },
    { key: "about", head: say("approvals.about"), wide: 2, cell: (row) => (row.approval ? <Link to={{ name: "ticket", ticket: row.approval.ticket }}>{row.approval.ticket}</Link> : row.order ? <Link to={{ name: "stock", tab: "orders", id: row.order.order }}>{row.order.order} · {row.order.supplier}</Link> : row.change!.name) },
    { key: "cost", head: say("approvals.cost"), number: true, cell: (row) => (row.approval ? spoken.money(row.approval.price_cents, row.approval.currency) : row.order ? spoken.money(row.order.cost_cents, row.order.currency) : "–") },
    { key: "who", head: say("approvals.who"), wide: 1.3, cell: (row) => (row.order ? <Who id={row.order.made_by} /> : (row.approval ?? row.change)!.asked_by_name) },
    { key: "since", head: say("approvals.since"), wide: 1.3, cell: (row) => spoken.moment(Date.parse(row.order ? row.order.made_at : (row.approval ?? row.change)!.asked_at) / 1000) },
    { key: "state", head: say("approvals.state"), wide: 1.4, cell: (row) => say(row.order ? "order_state.awaiting_approval" : `approval_step.${(row.approval ?? row.change)!.step}`) },
  ];
  return (
    <div className="page list-page">
      <header><h1>{say("manage_tab.approvals")}</h1><FileLink path="/v1/approvals" query={asked} /><FileLink path="/v1/change-requests" query={asked} word={say("approvals.changes_file")} /></header>
      <form className="filters" aria-label={say("list.filters")} onSubmit={(event) => event.preventDefault()}>
        <Choice label={say("approvals.show")} word={(one) => say(`approvals_show.${one}`)} values={SHOW} value={show} onChange={(next) => refine(`?show=${next}`)} />
      </form>
      <div className={open ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {changes.failed && <Waiting of={changes} />}
          {written.failed && <Waiting of={written} />}
          {page && (rows.length === 0 ? <p className="empty">{say("morning.none_waiting")}</p>
            : <Grid label={say("manage_tab.approvals")} columns={columns} rows={rows} keyOf={(row) => row.key} open={id} onOpen={(row) => (row.order ? go({ name: "stock", tab: "orders", id: row.key }) : go({ name: "manage", tab: "approvals", id: row.key === id ? "" : row.key }, `?show=${show}`))} more={page.next !== null} onMore={more} />)}
          {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: rows.length })}</p>}
        </div>
        {open && <Word key={open.key} of={open} onDone={again} />}
      </div>
    </div>
  );
}

function Word({ of, onDone }: { of: Asked; onDone(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { me, may } = useHere();
  const command = useCommand();
  const [reason, setReason] = useState("");
  const { approval, change } = of;
  const mine = (approval ?? change)!.is_mine && may("approve");
  const own = approval ? approval.step === "requested" && approval.asked_by === me.user && may("ticket_write") : change!.is_own && change!.step === "requested";
  const write = (approved: boolean) => command.run(async (key) => {
    const header = { "Idempotency-Key": key };
    if (approval) await client.POST("/v1/approvals/{approval}/decision", { params: { path: { approval: approval.approval }, header }, body: { approved, reason: reason.trim() } });
    else await client.POST("/v1/change-requests/{request}/steps", { params: { path: { request: change!.request }, header }, body: { step: approved ? "accepted" : "declined", reason: reason.trim() } });
    setReason("");
    onDone();
    return say(approved ? "approvals.approved" : "approvals.declined");
  });
  const takeBack = () => command.run(async (key) => {
    const header = { "Idempotency-Key": key };
    if (approval) await client.POST("/v1/approvals/{approval}/withdrawal", { params: { path: { approval: approval.approval }, header }, body: { reason: reason.trim() } });
    else await client.POST("/v1/change-requests/{request}/steps", { params: { path: { request: change!.request }, header }, body: { step: "withdrawn", reason: reason.trim() } });
    setReason("");
    onDone();
    return say("approvals.withdrawn");
  });
  const at = (moment: string) => spoken.moment(Date.parse(moment) / 1000);
  return (
    <aside className="card drawer" aria-label={say("approvals.one")}>
      <div className="dialog-head"><h2>{approval ? say(`approval_kind.${approval.kind}`) : say("approvals.change")}</h2><Link className="button" to={{ name: "manage", tab: "approvals", id: "" }}>{say("doing.close")}</Link></div>
      <dl className="facts">
        {approval && <><dt>{say("list.ticket")}</dt><dd><Link to={{ name: "ticket", ticket: approval.ticket }}>{approval.ticket}</Link></dd><dt>{say("approvals.cost")}</dt><dd>{spoken.money(approval.price_cents, approval.currency)}</dd></>}
        {change && <><dt>{say("approvals.about")}</dt><dd>{change.name}</dd><dt>{say("approvals.from_run")}</dt><dd><Link to={{ name: "manage", tab: "scenarios", id: change.run }}>{change.scenario}</Link></dd></>}
        <dt>{say("approvals.who")}</dt><dd>{(approval ?? change)!.asked_by_name} · {at((approval ?? change)!.asked_at)}</dd>
        <dt>{say("approvals.why")}</dt><dd className="words-said">{(approval ?? change)!.reason || "–"}</dd>
        <dt>{say("approvals.state")}</dt><dd>{say(`approval_step.${(approval ?? change)!.step}`)}</dd>
        {approval?.decided_at && <><dt>{say("approvals.by")}</dt><dd>{approval.decided_by_name} · {at(approval.decided_at)} <span className="words-said">{approval.answer}</span></dd></>}
        {change?.steps.map((one) => [<dt key={`${one.at} t`}>{say(`approval_step.${one.step}`)}</dt>, <dd key={`${one.at} d`}>{one.by_name} · {at(one.at)} {one.reason}</dd>])}
      </dl>
      {(mine || own) ? (
        <form onSubmit={(event) => event.preventDefault()}>
          <label>{say("approvals.reason")}<textarea value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} /></label>
          <p className="send">
            {mine && <><button type="button" className="main" disabled={command.busy} onClick={() => void write(true)}>{say("approvals.approve")}</button>
              <button type="button" disabled={command.busy || !reason.trim()} onClick={() => void write(false)}>{say("approvals.decline")}</button></>}
            {own && <button type="button" disabled={command.busy || !reason.trim()} onClick={() => void takeBack()}>{say("approvals.withdraw")}</button>}
          </p>
          <p className="quiet">{say("approvals.reason_hint")}</p>
        </form>
      ) : (approval ?? change)!.step === "requested" && <p className="quiet">{say("approvals.not_yours", { roles: (approval?.may_decide ?? ["manager" as const, "director" as const]).map((one) => say(`desk_role.${one}`)).join(", ") })}</p>}
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}
