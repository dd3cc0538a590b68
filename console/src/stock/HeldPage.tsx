// What lies in quarantine and waits for somebody: looked at, decided on, or sent back and owed for.
import { useCallback, useState } from "react";
import type { components } from "contract";
import { client, hrefOf, newKey } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { AWAITED, DECISIONS, decisionOf, type Awaited, type Decision } from "./held";
import { Inspect } from "./Inspect";
import { documentOf } from "./naming";
import { PlaceInput } from "./PlaceInput";
import { TakeBack } from "./TakeBack";

type Held = components["schemas"]["QuarantinedOut"];

const stockMoves = (action: string) => action === "stock" || action.startsWith("stock.");
const keyOf = (row: Held) => [row.waits_for, row.document, row.part, row.lot, row.place].join(" ");

export default function HeldPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const search = useAddress().split("?")[1] ?? "";
  const wanted = AWAITED.find((one) => one === new URLSearchParams(search).get("waits_for")) ?? "";
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/quarantine", { params: { query: { ...(wanted ? { waits_for: wanted } : {}), limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Held[]; next: string | null };
  }, [wanted]);
  const { page, read, more } = usePaged<Held>(ask, stockMoves);
  const [open, setOpen] = useState("");
  const [decided, setDecided] = useState("");
  const now = useHere().now();
  const columns: Column<Held>[] = [
    { key: "part", head: say("stock.part"), wide: 1.2, cell: (row) => row.part },
    { key: "quantity", head: say("stock.quantity"), number: true, wide: 0.7, cell: (row) => row.quantity },
    { key: "waits", head: say("held.waits_for"), wide: 1.3, cell: (row) => say(`awaited.${row.waits_for}`) },
    { key: "place", head: say("stock.place"), cell: (row) => row.place },
    { key: "lot", head: say("stock.lot"), cell: (row) => row.lot },
    { key: "supplier", head: say("orders.supplier"), wide: 0.8, cell: (row) => row.supplier },
    { key: "document", head: say("stock.document"), wide: 1.4, cell: (row) => row.document },
    { key: "since", head: say("held.since"), wide: 1.2, cell: (row) => spoken.moment(Date.parse(row.since) / 1000) },
    { key: "due", head: say("counts.due"), wide: 1.2, cell: (row) => row.due_at && <span className={Date.parse(row.due_at) < now ? "late" : undefined}>{spoken.moment(Date.parse(row.due_at) / 1000)}</span> },
  ];
  const row = page?.rows.find((one) => keyOf(one) === open);
  return (
    <div className="page list-page">
      <header><h1>{say("held.title")}</h1><a className="button" href={hrefOf("/v1/quarantine?format=csv")} download>{say("list.as_file")}</a></header>
      <div className="filters">
        <label>{say("held.waits_for")}
          <select value={wanted} onChange={(event) => refine(event.target.value ? `?${new URLSearchParams({ waits_for: event.target.value })}` : "")}>
            <option value="">{say("list.all")}</option>
            {AWAITED.map((one) => <option key={one} value={one}>{say(`awaited.${one}`)}</option>)}
          </select>
        </label>
      </div>
      <div className={row ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && (page.rows.length === 0 ? <p className="empty">{say("held.empty")}</p>
            : <Grid label={say("held.title")} columns={columns} rows={page.rows} keyOf={keyOf} open={open} onOpen={(one) => setOpen(keyOf(one) === open ? "" : keyOf(one))} more={page.next !== null} onMore={more} />)}
          {decided && <div><p role="status">{say("held.decided", { document: decided })}</p><TakeBack key={decided} what="disposition" named={decided} onDone={() => { setDecided(""); read.again(); }} /></div>}
          {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
        </div>
        {row && (
          <aside className="card drawer" aria-label={say("held.one", { part: row.part, document: row.document })}>
            <header className="dialog-head"><h2>{say("held.one", { part: row.part, document: row.document })}</h2><button type="button" onClick={() => setOpen("")}>{say("doing.close")}</button></header>
            <What key={open} row={row} onDone={(document) => { setDecided(document); setOpen(""); read.again(); }} may={may("receipt_write")} />
          </aside>
        )}
      </div>
    </div>
  );
}

function What({ row, may, onDone }: { row: Held; may: boolean; onDone(document: string): void }) {
  const { say } = useSpoken();
  const [shelf, setShelf] = useState("");
  const waits: Awaited = row.waits_for;
  if (waits === "remedy") return <><p className="quiet">{say("held.owed")}</p><TakeBack what="disposition" named={row.document} onDone={() => onDone("")} /></>;
  if (!may) return <p className="quiet">{say("held.not_yours")}</p>;
  return (
    <>
      <PlaceInput label={say("receiving.shelf")} required value={shelf} onChange={setShelf} />
      {waits === "inspect" && shelf.trim() && <Inspect document={row.document} supplier={row.supplier} part={row.part} units={row.quantity} lot={row.lot} serials={[]} shelf={shelf.trim()} />}
      {waits === "disposition" && <Dispose row={row} shelf={shelf.trim()} onDone={onDone} />}
      {row.supplier !== "" && <TakeBack what={waits === "inspect" ? "receipt" : "inspection"} named={row.document} onDone={() => onDone("")} />}
    </>
  );
}

function Dispose({ row, shelf, onDone }: { row: Held; shelf: string; onDone(document: string): void }) {
  const { say } = useSpoken();
  const command = useCommand();
  const [decision, setDecision] = useState<Decision>("return_replace");
  const [quantity, setQuantity] = useState(String(row.quantity));
  const [reason, setReason] = useState("");
  const [document, setDocument] = useState(() => documentOf("NC", newKey()));
  const [supplier, setSupplier] = useState(row.supplier);
  const returns = decisionOf(decision).way === "return";
  const whole = document.trim() !== "" && (!returns || supplier.trim() !== "") && /^[1-9]\d{0,6}$/.test(quantity) && shelf !== "" && (decision !== "waiver" || reason.trim() !== "");
  const decide = () => command.run(async (key) => {
    await client.POST("/v1/dispositions", {
      params: { header: { "Idempotency-Key": key } },
      body: {
        // What was found bad here came by no delivery of the document it was put aside by.
        document: document.trim(), part: row.part, quantity: Number(quantity), lot: row.lot, serial: "", supplier: supplier.trim(), delivery: row.supplier ? row.document : "", reason: reason.trim(),
        shelf, supplier_place: "", quarantine: row.place, adjustment: "", scrap: "", workshop: "", ...decisionOf(decision),
      },
    });
    onDone(document.trim());
    return say("held.decided", { document: document.trim() });
  });
  return (
    <form onSubmit={(event) => { event.preventDefault(); void decide(); }}>
      <div className="fields">
        <label>{say("held.decision")}
          <select value={decision} onChange={(event) => setDecision(event.target.value as Decision)}>{DECISIONS.map((one) => <option key={one} value={one}>{say(`decision.${one}`)}</option>)}</select>
        </label>
        <label>{say("stock.quantity")}<input required inputMode="numeric" value={quantity} maxLength={7} onChange={(event) => setQuantity(event.target.value)} /></label>
        {returns && !row.supplier && <label>{say("orders.supplier")}<input required value={supplier} maxLength={64} onChange={(event) => setSupplier(event.target.value)} /></label>}
        <label className="wide">{say("held.record")}<input required value={document} maxLength={80} title={say("held.record_hint")} onChange={(event) => setDocument(event.target.value)} /></label>
        <label className="wide">{say("held.reason")}<input value={reason} maxLength={500} required={decision === "waiver"} onChange={(event) => setReason(event.target.value)} /></label>
      </div>
      <p className="send"><button type="submit" className="main" disabled={command.busy || !whole}>{say("held.decide")}</button></p>
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </form>
  );
}
