// Purchase orders as they stand; one opens beside the list, with what may be done to it.
import { useCallback, useMemo, useState } from "react";
import type { components } from "contract";
import { client, hrefOf } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { go, Link, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { isoOf, momentOf } from "../shell/wall";
import { useSpoken } from "../text";
import { stepsOf, STATES, type OrderState } from "./orders";
import { Who } from "../shell/Who";

type Order = components["schemas"]["OrderOut"];
type Standing = components["schemas"]["OrderStandingOut"];

const orderMoves = (action: string) => action === "stock" || action.startsWith("stock.");

export default function OrdersPage({ order }: { order: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const search = useAddress().split("?")[1] ?? "";
  const { state, supplier } = useMemo(() => {
    const said = new URLSearchParams(search);
    return { state: STATES.find((one) => one === said.get("state")) ?? "", supplier: said.get("supplier") ?? "" } as const;
  }, [search]);
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/orders", { params: { query: { ...(state ? { state } : {}), ...(supplier ? { supplier } : {}), limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Order[]; next: string | null };
  }, [state, supplier]);
  const { page, read, more } = usePaged<Order>(ask, orderMoves);
  const columns: Column<Order>[] = [
    { key: "order", head: say("orders.order"), wide: 1.6, cell: (row) => row.order },
    { key: "supplier", head: say("orders.supplier"), cell: (row) => row.supplier },
    { key: "to", head: say("stock.to"), cell: (row) => row.to_place },
    { key: "state", head: say("orders.state"), wide: 1.3, cell: (row) => <span className={row.approval_needed ? "late" : undefined}>{say(`order_state.${row.state}`)}</span> },
    { key: "lines", head: say("orders.lines"), number: true, wide: 0.5, cell: (row) => row.lines.length },
    { key: "cost", head: say("stock.cost"), number: true, cell: (row) => spoken.money(row.cost_cents, row.currency) },
    { key: "made", head: say("orders.made"), wide: 1.6, cell: (row) => <>{spoken.moment(Date.parse(row.made_at) / 1000)} <span className="quiet"><Who id={row.made_by} /></span></> },
  ];
  const to = (id: string) => go({ name: "stock", tab: "orders", id }, search && `?${search}`);
  return (
    <div className="page list-page">
      <header><h1>{say("orders.title")}</h1><a className="button" href={hrefOf("/v1/orders?format=csv")} download>{say("list.as_file")}</a></header>
      <div className="filters">
        <label>{say("orders.state")}
          <select value={state} onChange={(event) => { const wanted = event.target.value; refine(wanted ? `?${new URLSearchParams({ state: wanted })}` : ""); }}>
            <option value="">{say("list.all")}</option>
            {STATES.map((one) => <option key={one} value={one}>{say(`order_state.${one}`)}</option>)}
          </select>
        </label>
      </div>
      <div className={order ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && (page.rows.length === 0 ? <p className="empty">{say("orders.empty")}</p>
            : <Grid label={say("orders.title")} columns={columns} rows={page.rows} keyOf={(row) => row.order} open={order} onOpen={(row) => to(row.order === order ? "" : row.order)} more={page.next !== null} onMore={more} />)}
          {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
        </div>
        {order && <OneOrder key={order} order={order} onClose={() => to("")} onChanged={read.again} />}
      </div>
    </div>
  );
}

function OneOrder({ order, onClose, onChanged }: { order: string; onClose(): void; onChanged(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may, me, region } = useHere();
  const ask = useCallback(async () => (await client.GET("/v1/orders/{order}/standing", { params: { path: { order } } })).data!, [order]);
  const read = useRead(ask, orderMoves);
  const command = useCommand();
  const [promised, setPromised] = useState("");
  const [reason, setReason] = useState("");
  const shown: Standing | undefined = read.value;
  const take = (step: "approval" | "sending" | "cancellation") => command.run(async (key) => {
    const path = { path: { order }, header: { "Idempotency-Key": key } };
    const address = { approval: "/v1/orders/{order}/approval", sending: "/v1/orders/{order}/sending", cancellation: "/v1/orders/{order}/cancellation" } as const;
    const { data } = await client.POST(address[step], { params: path });
    return done(data!.state);
  });
  const done = (state: OrderState) => { read.again(); onChanged(); return say("orders.now", { order, state: say(`order_state.${state}`) }); };
  const confirm = () => command.run(async (key) => {
    const at = momentOf(`${promised}T08:00`, region.zone);
    const { data } = await client.POST("/v1/orders/{order}/confirmation", { params: { path: { order }, header: { "Idempotency-Key": key } }, body: { promised_at: isoOf(at), part: "" } });
    return done(data!.state);
  });
  const close = () => command.run(async (key) => {
    const { data } = await client.POST("/v1/orders/{order}/closing", { params: { path: { order }, header: { "Idempotency-Key": key } }, body: { reason: reason.trim() } });
    return done(data!.state);
  });
  const steps = shown ? stepsOf(shown.state) : [];
  const own = shown?.made_by === me.user;
  return (
    <aside className="card drawer" aria-label={order}>
      <header className="dialog-head"><h2>{order}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      <Waiting of={read} />
      {shown && (
        <>
          <dl className="facts">
            <dt>{say("orders.state")}</dt><dd>{say(`order_state.${shown.state}`)}</dd>
            <dt>{say("orders.supplier")}</dt><dd>{shown.supplier}</dd><dt>{say("stock.to")}</dt><dd>{shown.place}</dd>
            <dt>{say("stock.cost")}</dt><dd>{shown.cost_cents !== null && spoken.money(shown.cost_cents, shown.currency)}</dd>
            <dt>{say("orders.made_by")}</dt><dd><Who id={shown.made_by} /></dd>
            {shown.approved_by && <><dt>{say("orders.approved_by")}</dt><dd><Who id={shown.approved_by} /></dd></>}
            {shown.sent_at && <><dt>{say("orders.sent_at")}</dt><dd>{spoken.moment(Date.parse(shown.sent_at) / 1000)}</dd></>}
          </dl>
          <table className="plain">
            <thead><tr><th scope="col">{say("stock.part")}</th><th scope="col" className="number">{say("orders.ordered")}</th><th scope="col" className="number">{say("orders.received")}</th><th scope="col" className="number">{say("orders.open")}</th><th scope="col">{say("orders.promised")}</th></tr></thead>
            <tbody>{shown.lines.map((one) => (
              <tr key={one.part}>
                <th scope="row"><Link to={{ name: "stock", tab: "positions", id: one.part }}>{one.part}</Link>{one.held > 0 && <small className="late"> {say("orders.held", { n: one.held })}</small>}</th>
                <td className="number">{one.ordered}</td><td className="number">{one.received}</td><td className="number">{one.open}</td>
                <td className={one.late ? "late" : undefined}>{one.promises.map((at) => spoken.date(at.slice(0, 10))).join(" → ")}</td>
              </tr>
            ))}</tbody>
          </table>
          <div className="send">
            {steps.includes("approve") && may("approve") && (own ? <p className="quiet">{say("orders.not_by_writer")}</p> : <button type="button" className="main" disabled={command.busy} onClick={() => void take("approval")}>{say("orders.approve")}</button>)}
            {steps.includes("send") && may("order_write") && <button type="button" className="main" disabled={command.busy} onClick={() => void take("sending")}>{say("orders.send")}</button>}
            {steps.includes("cancel") && may("order_write") && <button type="button" disabled={command.busy} onClick={() => void take("cancellation")}>{say("orders.cancel")}</button>}
          </div>
          {steps.includes("confirm") && may("order_write") && (
            <form className="basket" onSubmit={(event) => { event.preventDefault(); void confirm(); }}>
              <label>{say("orders.confirm_for")}<input type="date" required value={promised} onChange={(event) => setPromised(event.target.value)} /></label>
              <button type="submit" disabled={command.busy || !promised}>{say("orders.confirm")}</button>
            </form>
          )}
          {steps.includes("close") && may("order_write") && (
            <form className="basket" onSubmit={(event) => { event.preventDefault(); void close(); }}>
              <label>{say("orders.close_reason")}<input required maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
              <button type="submit" disabled={command.busy || !reason.trim()}>{say("orders.close")}</button>
            </form>
          )}
        </>
      )}
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}
