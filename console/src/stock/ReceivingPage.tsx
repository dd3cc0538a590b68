// Goods in: choose what the delivery came by, scan or type what is there, then look at the samples that are asked for.
import { useMemo, useRef, useState } from "react";
import type { components } from "contract";
import { client, newKey } from "../api/client";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { Inspect } from "./Inspect";
import { TakeBack } from "./TakeBack";
import { PlaceInput } from "./PlaceInput";
import { arrivalOf, NOTHING, ordersOf, type Coming, type Counted, type Taken } from "./receiving";

type Expected = components["schemas"]["ExpectedOut"];
type Scan = components["schemas"]["ScanIn"];

const orderMoves = (action: string) => action === "stock" || action.startsWith("stock.");

async function coming(): Promise<Expected[]> {
  const rows: Expected[] = [];
  let after = "";
  do {
    const { data } = await client.GET("/v1/orders/expected", { params: { query: { limit: 200, ...(after ? { after } : {}) } } });
    const page = data as unknown as { rows: Expected[]; next: string | null };
    rows.push(...page.rows);
    after = page.next ?? "";
  } while (after);
  return rows;
}

interface Delivery { document: string; supplier: string; shelf: string; lines: Counted[] }
/** What became of a delivery; `scanned`: its lots and serials are what the labels said, and not known here. */
interface Result { of: Delivery; lines: Taken[]; scanned: boolean }
const EMPTY: Delivery = { document: "", supplier: "", shelf: "", lines: [NOTHING] };

export default function ReceivingPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const orders = useRead(coming, orderMoves);
  const [delivery, setDelivery] = useState<Delivery>(EMPTY);
  // Another delivery is another form: typing in this one leaves it as it is.
  const [form, setForm] = useState(0);
  const [taken, setTaken] = useState<Result>();
  const [text, setText] = useState("");
  const listed = useMemo(() => ordersOf(orders.value ?? [], text), [orders.value, text]);
  const choose = (order: Coming) => {
    setTaken(undefined);
    setForm(form + 1);
    setDelivery({ document: order.order, supplier: order.supplier, shelf: order.place, lines: order.lines.map((one) => ({ ...NOTHING, part: one.part, quantity: String(one.left) })) });
  };
  return (
    <div className="page receiving">
      <header><h1>{say("receiving.title")}</h1></header>
      <div className="columns halves">
        <div>
          <section className="card">
            <h2>{say("receiving.coming")}</h2>
            <Waiting of={orders} />
            {orders.value && <label>{say("receiving.find")}<input type="search" value={text} maxLength={64} onChange={(event) => setText(event.target.value)} /></label>}
            {orders.value && (listed.length === 0 ? <p className="quiet" role="status">{say("receiving.none_coming")}</p>
              : <ul className="coming">{listed.map((one) => <li key={one.order + one.place} className="line"><button type="button" className="chip" aria-pressed={delivery.document === one.order} onClick={() => choose(one)}>{one.order}</button><span>{say("receiving.coming_line", { supplier: one.supplier, place: one.place, n: one.lines.length })}</span><span className={one.late ? "late" : undefined}>{spoken.day(Date.parse(one.due) / 1000)}</span></li>)}</ul>)}
          </section>
          {may("receipt_write") && <TakeIn key={form} delivery={delivery} onChange={setDelivery} onTaken={(result) => { setTaken(result); setDelivery({ ...EMPTY, shelf: delivery.shelf }); setForm(form + 1); orders.again(); }} />}
        </div>
        <div>{taken && <><Outcome {...taken} />{taken.lines.some((one) => one.accepted + one.quarantined > 0) && <TakeBack key={form} what="receipt" named={taken.of.document.trim()} onDone={() => { setTaken(undefined); orders.again(); }} />}</>}</div>
      </div>
    </div>
  );
}

function TakeIn({ delivery, onChange, onTaken }: { delivery: Delivery; onChange(delivery: Delivery): void; onTaken(result: Result): void }) {
  const { say } = useSpoken();
  const { now } = useHere();
  const command = useCommand();
  const [scans, setScans] = useState<Scan[]>([]);
  const field = useRef<HTMLInputElement>(null);
  const change = (changed: Partial<Delivery>) => onChange({ ...delivery, ...changed });
  const lineAt = (at: number, changed: Partial<Counted>) => change({ lines: delivery.lines.map((one, row) => (row === at ? { ...one, ...changed } : one)) });
  const listed = delivery.lines.map(arrivalOf);
  const whole = delivery.document.trim() && delivery.shelf.trim() && (scans.length > 0 || (listed.length > 0 && listed.every((one) => one !== null)));
  const scan = (code: string) => {
    if (code.trim()) setScans((before) => [...before, { scan: newKey(), at: new Date(now()).toISOString(), code: code.trim() }]);
    if (field.current) { field.current.value = ""; field.current.focus(); } // the next pull of the trigger lands here
  };
  const take = () => command.run(async (key) => {
    const head = { document: delivery.document.trim(), shelf: delivery.shelf.trim(), supplier: delivery.supplier.trim(), supplier_place: "", quarantine: "", adjustment: "", inspected: [] };
    const lines = scans.length ? [] : listed.filter((one) => one !== null);
    const { data } = await client.POST("/v1/receipts", { params: { header: { "Idempotency-Key": key } }, body: { ...head, lines, scans } });
    onTaken({ of: delivery, lines: data!.lines, scanned: scans.length > 0 });
    return say("receiving.taken", { document: head.document });
  });
  return (
    <section className="card" aria-label={say("receiving.take_in")}>
      <h2>{say("receiving.take_in")}</h2>
      <div className="fields">
        <label>{say("receiving.document")}<input required value={delivery.document} maxLength={80} onChange={(event) => change({ document: event.target.value })} /></label>
        <label>{say("orders.supplier")}<input value={delivery.supplier} maxLength={64} onChange={(event) => change({ supplier: event.target.value })} /></label>
        <PlaceInput label={say("receiving.shelf")} required value={delivery.shelf} onChange={(shelf) => change({ shelf })} />
      </div>
      <form className="basket" onSubmit={(event) => { event.preventDefault(); scan(field.current?.value ?? ""); }}>
        <label>{say("receiving.scan")}<input ref={field} maxLength={2000} autoComplete="off" placeholder={say("receiving.scan_hint")} /></label>
        {scans.length > 0 && <><span role="status">{say("receiving.scanned", { n: scans.length })}</span><button type="button" onClick={() => setScans(scans.slice(0, -1))}>{say("receiving.unscan")}</button></>}
      </form>
      {scans.length > 0 ? <ol className="worked">{scans.slice(-8).map((one) => <li key={one.scan}><code>{one.code}</code></li>)}</ol> : (
        <fieldset className="bare">
          <legend>{say("receiving.counted")}</legend>
          {delivery.lines.map((one, at) => (
            <div key={at} className="fields goods">
              <label>{say("stock.part")}<input required value={one.part} maxLength={64} onChange={(event) => lineAt(at, { part: event.target.value })} /></label>
              <label>{say("stock.quantity")}<input required inputMode="numeric" value={one.quantity} maxLength={7} onChange={(event) => lineAt(at, { quantity: event.target.value })} /></label>
              <label>{say("receiving.rejected")}<input inputMode="numeric" value={one.rejected} maxLength={7} onChange={(event) => lineAt(at, { rejected: event.target.value })} /></label>
              <label>{say("stock.lot")}<input value={one.lot} maxLength={64} onChange={(event) => lineAt(at, { lot: event.target.value })} /></label>
              <label>{say("receiving.serials")}<input value={one.serials} maxLength={4000} onChange={(event) => lineAt(at, { serials: event.target.value })} /></label>
            </div>
          ))}
          <button type="button" onClick={() => change({ lines: [...delivery.lines, NOTHING] })}>{say("transfers.another")}</button>
        </fieldset>
      )}
      <p className="send"><button type="button" className="main" disabled={command.busy || !whole} onClick={() => void take()}>{say("receiving.take")}</button></p>
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </section>
  );
}

function Outcome({ of, lines, scanned }: Result) {
  const { say } = useSpoken();
  const { may } = useHere();
  return (
    <>
      <section className="card" aria-label={say("receiving.result")}>
        <h2>{say("receiving.result")}</h2>
        <p role="status">{say("receiving.taken", { document: of.document })}</p>
        <table className="plain">
          <thead><tr><th scope="col">{say("stock.part")}</th><th scope="col" className="number">{say("receiving.accepted")}</th><th scope="col" className="number">{say("receiving.to_inspect")}</th><th scope="col" className="number">{say("receiving.rejected")}</th></tr></thead>
          <tbody>{lines.map((one, at) => <tr key={one.part + at}><th scope="row">{one.part}{one.refused && <p className="refused">{one.refused.detail}</p>}</th><td className="number good">{one.accepted}</td><td className="number">{one.quarantined}</td><td className="number">{one.rejected}</td></tr>)}</tbody>
        </table>
      </section>
      {scanned && lines.some((one) => one.quarantined > 0) && <p className="quiet">{say("receiving.inspect_scanned")}</p>}
      {!scanned && may("receipt_write") && may("supplier_read") && lines.flatMap((one, at) => {
        const counted = of.lines[at];
        return one.quarantined > 0 && counted ? [<Inspect key={one.part + at} document={of.document} supplier={of.supplier} part={one.part} units={one.quarantined} lot={counted.lot.trim()} serials={counted.serials.split(/[\s,;]+/).filter(Boolean)} shelf={of.shelf} />] : [];
      })}
    </>
  );
}
