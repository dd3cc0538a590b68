// One part: where it stands, what is kept for whom, what comes, and the ledger behind every number.
import { useCallback, useState } from "react";
import type { components } from "contract";
import { client, hrefOf } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Link } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { Who } from "../shell/Who";
import { Editable } from "../people/Editable";
import { rowSeen } from "../people/writing";
import type { Sold } from "./catalogue";
import { PartForm, SoldForm } from "./CatalogueForms";

type Move = components["schemas"]["MoveOut"];
type Kept = components["schemas"]["ReservationOut"];

const stockMoves = (action: string) => action === "stock" || action.startsWith("stock.");
const aboutPart = (action: string) => stockMoves(action) || action.startsWith("catalogue.");

export default function PartPage({ part }: { part: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const ask = useCallback(async () => {
    const [{ data }, kept] = await Promise.all([client.GET("/v1/parts/{part}", { params: { path: { part } } }), client.GET("/v1/reservations", { params: { query: { part, limit: 200 } } })]);
    return { ...data!, kept: (kept.data as unknown as { rows: Kept[] }).rows };
  }, [part]);
  const read = useRead(ask, aboutPart);
  const { may } = useHere();
  const [place, setPlace] = useState("");
  const shown = read.value;
  return (
    <div className="page list-page">
      <header><h1>{say("stock.one", { part })}</h1>{shown && <span className="part-name">{shown.name}</span>}<Link to={{ name: "stock", tab: "positions", id: "" }}>{say("stock.all")}</Link></header>
      <Waiting of={read} />
      {shown && (
        <>
          <div className="columns two">
            <section className="card">
              <h2>{say("stock.where")}</h2>
              <table className="plain">
                <thead><tr><th scope="col">{say("stock.place")}</th><th scope="col" className="number">{say("stock.on_hand")}</th><th scope="col" className="number">{say("stock.usable")}</th><th scope="col" className="number">{say("stock.reserved")}</th><th scope="col" className="number">{say("stock.available")}</th><th scope="col" className="number">{say("stock.in_transit")}</th></tr></thead>
                <tbody>{shown.stock.map((one) => (
                  <tr key={one.place}>
                    <th scope="row"><button type="button" className="chip" aria-pressed={place === one.place} onClick={() => setPlace(place === one.place ? "" : one.place)}>{one.place}</button></th>
                    <td className="number">{one.on_hand}</td><td className="number">{one.usable}</td><td className="number">{one.reserved}</td><td className={one.available < 0 ? "number late" : "number"}>{one.available}</td><td className="number">{one.in_transit}</td>
                  </tr>
                ))}</tbody>
              </table>
              {shown.stock.length === 0 && <p className="quiet">{say("stock.nothing_here")}</p>}
            </section>
            <section className="card">
              <Editable level={2} title={say("stock.about")} action={say("people.change")} shown={may("catalogue_write")} form={(close) => <PartForm part={part} onClose={close} onWritten={read.again} />} />
              <dl className="facts">
                <dt>{say("stock.price")}</dt><dd>{spoken.money(shown.price_cents, shown.currency)}</dd>
                <dt>{say("stock.kind")}</dt><dd>{say(`part_kind.${shown.kind}` as "part_kind.repairable")}</dd>
                <dt>{say("stock.criticality")}</dt><dd>{say(`criticality.${shown.criticality}` as "criticality.1")}</dd>
                {shown.alternates.length > 0 && <><dt>{say("stock.alternates")}</dt><dd>{shown.alternates.map((one) => <Link key={one.part + one.alternate} to={{ name: "stock", tab: "positions", id: one.part === part ? one.alternate : one.part }}>{one.part === part ? one.alternate : one.part} </Link>)}</dd></>}
              </dl>
              {may("supplier_read") && <SoldBy part={part} />}
              <h3>{say("stock.kept")}</h3>
              {shown.kept.length === 0 ? <p className="quiet">{say("page.none")}</p> : <ul>{shown.kept.map((one) => <li key={one.reservation} className="line"><span>{say("stock.kept_line", { n: one.left, place: one.place, for: one.demand })}</span>{one.expires_at && <small>{say("stock.kept_until", { at: spoken.moment(Date.parse(one.expires_at) / 1000) })}</small>}</li>)}</ul>}
            </section>
          </div>
          <Ledger part={part} place={place} />
        </>
      )}
    </div>
  );
}

/** Who sells the part, on which terms. */
function SoldBy({ part }: { part: string }) {
  const { say } = useSpoken();
  const { may, region } = useHere();
  const ask = useCallback(async () => (await rowSeen<{ rows: Sold[] }>("/v1/parts/{part}/terms", { part })).row.rows, [part]);
  const read = useRead(ask, aboutPart);
  return (
    <Editable title={say("stock.sold_by")} action={say("people.change")} shown={may("catalogue_write")} form={(close) => <SoldForm part={part} onClose={close} onWritten={read.again} />}>
      <Waiting of={read} />
      {read.value && (read.value.length === 0 ? <p className="quiet">{say("page.none")}</p> : <ul>{read.value.map((one) => <li key={one.supplier_id} className="line"><Link to={{ name: "stock", tab: "suppliers", id: one.supplier_id }}>{one.supplier_id}</Link> <span>{say("stock.sold_line", { price: one.price, currency: region.currency, n: one.minimum ?? 1 })}</span></li>)}</ul>)}
    </Editable>
  );
}

function Ledger({ part, place }: { part: string; place: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const [open, setOpen] = useState("");
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/moves", { params: { query: { part, place, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Move[]; next: string | null };
  }, [part, place]);
  const { page, read, more } = usePaged<Move>(ask, stockMoves);
  const columns: Column<Move>[] = [
    { key: "at", head: say("stock.moved_at"), wide: 1.3, cell: (row) => spoken.moment(Date.parse(row.at) / 1000) },
    { key: "quantity", head: say("stock.quantity"), number: true, wide: 0.6, cell: (row) => row.quantity },
    { key: "from", head: say("stock.from"), cell: (row) => row.from_place },
    { key: "to", head: say("stock.to"), cell: (row) => <>{row.to_place}{row.bound_for && <span className="quiet"> → {row.bound_for}</span>}</> },
    { key: "condition", head: say("stock.condition"), cell: (row) => say(`condition.${row.condition}`) },
    { key: "lot", head: say("stock.lot_serial"), cell: (row) => [row.lot, row.serial].filter(Boolean).join(" / ") },
    { key: "document", head: say("stock.document"), wide: 1.2, cell: (row) => row.document },
    { key: "by", head: say("stock.by"), wide: 0.8, cell: (row) => <Who id={row.by} /> },
    { key: "reason", head: say("stock.reason"), cell: (row) => row.reason },
  ];
  const move = page?.rows.find((one) => one.move === open);
  return (
    <section className="list-part ledger" aria-label={say("stock.ledger")}>
      <h2>{say(place ? "stock.ledger_at" : "stock.ledger", { place })} <a href={hrefOf(`/v1/moves?${new URLSearchParams({ part, ...(place ? { place } : {}), format: "csv" })}`)} download>{say("list.as_file")}</a></h2>
      <Waiting of={read} />
      {page && (page.rows.length === 0 ? <p className="empty">{say("stock.no_moves")}</p> : <Grid label={say("stock.ledger")} columns={columns} rows={page.rows} keyOf={(row) => row.move} open={open} onOpen={(row) => setOpen(row.move === open ? "" : row.move)} more={page.next !== null} onMore={more} />)}
      {move && may("stock_write") && !move.reverses && <TakeBack key={move.move} move={move} onDone={() => { setOpen(""); read.again(); }} />}
    </section>
  );
}

function TakeBack({ move, onDone }: { move: Move; onDone(): void }) {
  const { say } = useSpoken();
  const command = useCommand();
  const [reason, setReason] = useState("");
  const back = () => command.run(async (key) => {
    await client.POST("/v1/moves/{move}/reversal", { params: { path: { move: move.move }, header: { "Idempotency-Key": key } }, body: { reason: reason.trim() } });
    onDone();
    return say("stock.taken_back");
  });
  return (
    <form className="basket" onSubmit={(event) => { event.preventDefault(); void back(); }}>
      <label>{say("stock.take_back_reason", { n: move.quantity, from: move.from_place, to: move.to_place })}<input required maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
      <button type="submit" disabled={command.busy || !reason.trim()}>{say("stock.take_back")}</button>
      <span role="alert" className="refused">{command.refused}</span>
    </form>
  );
}
