// Goods between places of ours: send some, see what is on the road, receive it as counted.
import { useCallback, useMemo, useState } from "react";
import type { components } from "contract";
import { client, newKey } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { documentOf, toSendOf } from "./naming";
import { PlaceInput } from "./PlaceInput";
import { quantityOf } from "./reorder";

type OnRoad = components["schemas"]["OnTheRoadOut"];
interface Typed { part: string; quantity: string; lot: string; serial: string }
const EMPTY: Typed = { part: "", quantity: "1", lot: "", serial: "" };

const stockMoves = (action: string) => action === "stock" || action.startsWith("stock.");
const goodsOf = (lines: readonly Typed[]) => lines.map((one) => ({ part: one.part.trim(), quantity: quantityOf(one.quantity) ?? 0, condition: "usable" as const, lot: one.lot.trim(), serial: one.serial.trim() }));
const isWhole = (one: Typed) => one.part.trim() !== "" && quantityOf(one.quantity) !== null;

export default function TransfersPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const search = useAddress().split("?")[1] ?? "";
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/transfers", { params: { query: { limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: OnRoad[]; next: string | null };
  }, []);
  const { page, read, more } = usePaged<OnRoad>(ask, stockMoves);
  const [open, setOpen] = useState("");
  const columns: Column<OnRoad>[] = [
    { key: "document", head: say("stock.document"), wide: 1.4, cell: (row) => row.document },
    { key: "part", head: say("stock.part"), wide: 1.2, cell: (row) => row.part },
    { key: "quantity", head: say("stock.quantity"), number: true, wide: 0.6, cell: (row) => row.quantity },
    { key: "to", head: say("stock.to"), cell: (row) => row.to_place },
    { key: "lot", head: say("stock.lot_serial"), cell: (row) => [row.lot, row.serial].filter(Boolean).join(" / ") },
    { key: "condition", head: say("stock.condition"), cell: (row) => say(`condition.${row.condition}`) },
    { key: "since", head: say("transfers.since"), wide: 1.2, cell: (row) => <span className={row.late ? "late" : undefined}>{spoken.moment(Date.parse(row.since) / 1000)}{row.late && ` · ${say("transfers.late")}`}</span> },
    { key: "by", head: say("transfers.by"), wide: 1.4, cell: (row) => (row.carrier ? `${row.carrier} ${row.tracking}` : say("transfers.own")) },
  ];
  const keyOf = (row: OnRoad) => [row.document, row.to_place, row.part, row.condition, row.lot, row.serial].join(" ");
  const one = page?.rows.find((row) => keyOf(row) === open);
  return (
    <div className="page list-page">
      <header><h1>{say("transfers.title")}</h1></header>
      <div className={may("stock_write") ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && (page.rows.length === 0 ? <p className="empty">{say("transfers.empty")}</p>
            : <Grid label={say("transfers.title")} columns={columns} rows={page.rows} keyOf={keyOf} open={open} onOpen={(row) => setOpen(keyOf(row) === open ? "" : keyOf(row))} more={page.next !== null} onMore={more} />)}
          {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
        </div>
        {may("stock_write") && (one
          ? <Receive key={`${one.document} ${one.to_place}`} document={one.document} place={one.to_place} rows={page!.rows.filter((row) => row.document === one.document && row.to_place === one.to_place)} onClose={() => setOpen("")} onDone={() => { setOpen(""); read.again(); }} />
          : <Send key={search} search={search} onDone={read.again} />)}
      </div>
    </div>
  );
}

function Send({ search, onDone }: { search: string; onDone(): void }) {
  const { say } = useSpoken();
  const asked = useMemo(() => toSendOf(search), [search]);
  const [from, setFrom] = useState(asked.from);
  const [to, setTo] = useState(asked.to);
  const [document, setDocument] = useState(() => documentOf("TR", newKey()));
  const [carrier, setCarrier] = useState("");
  const [tracking, setTracking] = useState("");
  const [lines, setLines] = useState<Typed[]>(() => (asked.lines.length ? asked.lines.map((one) => ({ ...EMPTY, ...one })) : [EMPTY]));
  const command = useCommand();
  const half = (carrier.trim() === "") !== (tracking.trim() === "") || /\s/.test(tracking.trim());
  const whole = from.trim() && to.trim() && document.trim() && !half && lines.every(isWhole);
  const send = () => command.run(async (key) => {
    await client.POST("/v1/transfers", { params: { header: { "Idempotency-Key": key } }, body: { document: document.trim(), from_place: from.trim(), to_place: to.trim(), goods: goodsOf(lines), scans: [], transit: "", customer: "", carrier: carrier.trim(), tracking: tracking.trim() } });
    const said = say("transfers.sent", { document: document.trim(), to: to.trim() });
    setLines([EMPTY]);
    setTracking("");
    setCarrier("");
    setDocument(documentOf("TR", newKey()));
    onDone();
    return said;
  });
  return (
    <aside className="card drawer" aria-label={say("transfers.send")}>
      <h2>{say("transfers.send")}</h2>
      <form onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <div className="fields">
          <PlaceInput label={say("stock.from")} required value={from} onChange={setFrom} />
          <PlaceInput label={say("stock.to")} required value={to} onChange={setTo} />
          <label className="wide">{say("stock.document")}<input required value={document} maxLength={80} onChange={(event) => setDocument(event.target.value)} /></label>
          <label>{say("transfers.carrier")}<input value={carrier} maxLength={60} onChange={(event) => setCarrier(event.target.value)} /></label>
          <label>{say("transfers.tracking")}<input value={tracking} maxLength={60} aria-invalid={half} onChange={(event) => setTracking(event.target.value)} /></label>
        </div>
        {half && <p className="quiet">{say("transfers.courier_half")}</p>}
        <Lines lines={lines} onChange={setLines} />
        <p className="send"><button type="submit" className="main" disabled={command.busy || !whole}>{say("transfers.send")}</button></p>
      </form>
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}

function Receive({ document, place, rows, onClose, onDone }: { document: string; place: string; rows: readonly OnRoad[]; onClose(): void; onDone(): void }) {
  const { say } = useSpoken();
  // By what they are, not by where they stand in the list: another storekeeper may receive a line of it meanwhile.
  const [typed, setTyped] = useState<ReadonlyMap<string, string>>(new Map());
  const keyOf = (one: OnRoad) => [one.part, one.condition, one.lot, one.serial].join("\n");
  const countOf = (one: OnRoad) => typed.get(keyOf(one)) ?? String(one.quantity);
  const [follows, setFollows] = useState(false);
  const command = useCommand();
  const whole = rows.every((one) => /^\d{1,7}$/.test(countOf(one)));
  const different = rows.some((one) => countOf(one) !== String(one.quantity));
  const receive = () => command.run(async (key) => {
    const goods = rows.map((one) => ({ part: one.part, quantity: Number(countOf(one)), condition: one.condition, lot: one.lot, serial: one.serial })).filter((one) => one.quantity > 0);
    await client.POST("/v1/transfer-receipts", { params: { header: { "Idempotency-Key": key } }, body: { document, to_place: place, goods, scans: [], more_follows: follows, transit: "", adjustment: "" } });
    onDone();
    return say("transfers.received", { document });
  });
  return (
    <aside className="card drawer" aria-label={say("transfers.receive", { document })}>
      <header className="dialog-head"><h2>{say("transfers.receive", { document })}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      {rows[0]?.carrier && <p>{say("transfers.by")}: {rows[0].carrier} {rows[0].tracking}</p>}
      <form onSubmit={(event) => { event.preventDefault(); void receive(); }}>
        <table className="plain">
          <thead><tr><th scope="col">{say("stock.part")}</th><th scope="col" className="number">{say("transfers.on_paper")}</th><th scope="col">{say("transfers.counted")}</th></tr></thead>
          <tbody>{rows.map((one) => (
            <tr key={keyOf(one)}><th scope="row">{one.part} <small>{[one.lot, one.serial].filter(Boolean).join(" / ")}</small></th><td className="number">{one.quantity}</td>
              <td><input className="units" inputMode="numeric" aria-label={say("transfers.counted_of", { part: one.part })} value={countOf(one)} onChange={(event) => { const text = event.target.value; setTyped((before) => new Map(before).set(keyOf(one), text)); }} /></td></tr>
          ))}</tbody>
        </table>
        {different && <label className="tick"><input type="checkbox" checked={follows} onChange={(event) => setFollows(event.target.checked)} />{say("transfers.more_follows")}</label>}
        {different && !follows && <p className="quiet">{say("transfers.difference")}</p>}
        <p className="send"><button type="submit" className="main" disabled={command.busy || !whole}>{say("transfers.receive_now")}</button></p>
      </form>
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}

function Lines({ lines, onChange }: { lines: readonly Typed[]; onChange(lines: Typed[]): void }) {
  const { say } = useSpoken();
  const change = (at: number, changed: Partial<Typed>) => onChange(lines.map((one, row) => (row === at ? { ...one, ...changed } : one)));
  return (
    <fieldset className="bare">
      <legend>{say("transfers.goods")}</legend>
      {lines.map((one, at) => (
        <div key={at} className="fields goods">
          <label>{say("stock.part")}<input required value={one.part} maxLength={64} onChange={(event) => change(at, { part: event.target.value })} /></label>
          <label>{say("stock.quantity")}<input required inputMode="numeric" value={one.quantity} maxLength={7} onChange={(event) => change(at, { quantity: event.target.value })} /></label>
          <label>{say("stock.lot")}<input value={one.lot} maxLength={64} onChange={(event) => change(at, { lot: event.target.value })} /></label>
          <label>{say("stock.serial")}<input value={one.serial} maxLength={64} onChange={(event) => change(at, { serial: event.target.value })} /></label>
        </div>
      ))}
      <button type="button" onClick={() => onChange([...lines, EMPTY])}>{say("transfers.another")}</button>
    </fieldset>
  );
}
