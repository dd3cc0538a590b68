// What to move and what to buy, what breaks first first: look at why, change a quantity, order, leave alone until a day.
import { useCallback, useEffect, useMemo, useState } from "react";
import { client, hrefOf } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { toggled } from "../list/model";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { go, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { apart, basketOf, canTake, filtersOf, keyOf, quantityOf, searchOf, SOURCES, type Filters, type Line } from "./reorder";
import { documentOf, transferSearch } from "./naming";
import { PlaceInput } from "./PlaceInput";
import { WhyLine } from "./WhyLine";

const touchesStock = (action: string) => action === "stock" || action === "plan" || action.startsWith("stock.") || action.startsWith("plan.") || action === "region";

export default function ReorderPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may, region } = useHere();
  const search = useAddress().split("?")[1] ?? "";
  const filters = useMemo(() => filtersOf(search), [search]);
  const ask = useCallback(async (after: string, limit: number) => {
    const wanted = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== "")) as { part?: string; place?: string };
    const { data } = await client.GET("/v1/reorder", { params: { query: { ...wanted, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Line[]; next: string | null };
  }, [filters]);
  const { page: listed, read, more } = usePaged(ask, touchesStock);
  const page = useMemo(() => listed && { ...listed, rows: apart(listed.rows) }, [listed]);
  const [open, setOpen] = useState("");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [typed, setTyped] = useState<ReadonlyMap<string, string>>(new Map());
  const command = useCommand();
  const writes = may("order_write");
  const quantities = useMemo(() => new Map([...typed].flatMap(([key, text]) => { const whole = quantityOf(text); return whole === null ? [] : [[key, whole] as const]; })), [typed]);
  const wrong = useMemo(() => [...typed].some(([key, text]) => picked.has(key) && quantityOf(text) === null), [typed, picked]);
  const basket = useMemo(() => basketOf(page?.rows ?? [], picked, quantities), [page, picked, quantities]);
  const fewer = useMemo(() => basket.orders.flatMap((one) => one.lines).filter((row) => (quantities.get(keyOf(row)) ?? row.quantity) < row.quantity), [basket, quantities]);
  const line = useMemo(() => (open ? page?.rows.find((one) => keyOf(one) === open) : undefined), [page, open]);
  const change = (changed: Partial<Filters>) => refine(searchOf({ ...filters, ...changed }));
  const order = () => command.run(async (key) => {
    const lines = basket.orders.flatMap((one) => one.lines.map((row) => ({ part: row.part, place: row.place, supplier: row.supplier, quantity: quantities.get(keyOf(row)) ?? row.quantity })));
    const { data } = await client.POST("/v1/orders/chosen", { params: { header: { "Idempotency-Key": key } }, body: { prefix: documentOf("PO", key), lines } });
    setPicked(new Set());
    setTyped(new Map()); // what was typed has been ordered
    read.again();
    return say("reorder.ordered", { orders: data!.orders.map((one) => `${one.order} ${spoken.money(one.cost_cents, region.currency)}`).join(", ") });
  });
  const columns: Column<Line>[] = [
    { key: "part", head: say("stock.part"), wide: 1.2, cell: (row) => <>{row.part}{row.criticality === 1 && <span className="critical" title={say("reorder.critical")}><span aria-hidden="true"> !</span><span className="only-read"> {say("reorder.critical")}</span></span>}</> },
    { key: "place", head: say("stock.place"), wide: 0.8, cell: (row) => row.place },
    { key: "breaks", head: say("reorder.breaks"), wide: 2.7, cell: (row) => <span className={row.urgency === "need_breaks" ? "late" : undefined}>{say(`urgency.${row.urgency}`)}{row.breaks_at && ` ${spoken.moment(Date.parse(row.breaks_at) / 1000)}`}</span> },
    { key: "source", head: say("reorder.source"), wide: 1.6, cell: (row) => <>{say(`source.${row.source}`)} <span className="quiet">{row.from_place || row.supplier}{row.snoozed_until && ` ${spoken.date(row.snoozed_until)}`}</span></> },
    { key: "quantity", head: say("stock.quantity"), number: true, wide: 0.7, cell: (row) => (writes && row.source === "purchase"
      ? <input className="units" inputMode="numeric" maxLength={7} aria-label={say("reorder.quantity_of", { part: row.part, place: row.place })} value={typed.get(keyOf(row)) ?? String(row.quantity)}
          aria-invalid={quantityOf(typed.get(keyOf(row)) ?? String(row.quantity)) === null}
          onChange={(event) => { const key = keyOf(row); const text = event.target.value; setTyped((before) => new Map(before).set(key, text)); setPicked((before) => new Set(before).add(key)); }} />
      : row.quantity) },
    { key: "there", head: say("reorder.there"), wide: 1.6, cell: (row) => row.arrives_at && <span className={row.breaks_at && row.arrives_at > row.breaks_at && row.urgency === "need_breaks" ? "late" : undefined}>{spoken.moment(Date.parse(row.arrives_at) / 1000)}</span> },
    { key: "cost", head: say("stock.cost"), number: true, wide: 1.2, cell: (row) => (row.cost_cents ? spoken.money(row.cost_cents, row.currency) : "") },
    { key: "available", head: say("stock.available"), number: true, wide: 0.9, cell: (row) => row.stood.available },
    { key: "hand", head: say("stock.on_hand"), number: true, wide: 0.9, cell: (row) => row.stood.on_hand },
    { key: "reserved", head: say("stock.reserved"), number: true, wide: 0.9, cell: (row) => row.stood.reserved },
    { key: "coming", head: say("reorder.coming"), number: true, wide: 0.9, cell: (row) => row.stood.in_transit + row.stood.on_order },
    { key: "planned", head: say("reorder.planned"), number: true, wide: 0.9, cell: (row) => row.stood.planned },
    { key: "projected", head: say("reorder.projected"), number: true, wide: 1.4, cell: (row) => `${row.stood.projected} / ${row.stood.reorder_point < 0 ? "–" : row.stood.reorder_point}` },
  ];
  return (
    <div className="page list-page">
      <header><h1>{say("reorder.title")}</h1><a className="button" href={hrefOf(`/v1/reorder?${new URLSearchParams({ ...Object.fromEntries(Object.entries(filters).filter(([, value]) => value)), format: "csv" })}`)} download>{say("list.as_file")}</a></header>
      <FilterBar filters={filters} onChange={change} />
      <div className={line ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && (page.rows.length === 0 ? <p className="empty">{say("reorder.empty")}</p>
            : <Grid label={say("reorder.title")} columns={columns} rows={page.rows} keyOf={keyOf} open={open} onOpen={(row) => setOpen(keyOf(row) === open ? "" : keyOf(row))}
                more={page.next !== null} onMore={more} {...(writes ? { picked, onPick: (row: Line) => setPicked(toggled(picked, keyOf(row))), mayPick: canTake } : {})} />)}
          {writes && picked.size > 0 && (
            <section className="basket" aria-label={say("reorder.basket")}>
              <p>{basket.orders.map((one) => <span key={`${one.supplier} ${one.place}`} className="chip">{say("reorder.basket_order", { supplier: one.supplier, place: one.place, n: one.lines.length, cost: spoken.money(one.cents, region.currency) })}</span>)}
                {basket.transfers.length > 0 && <span className="chip">{say("reorder.basket_transfers", { n: basket.transfers.length })}</span>}</p>
              <TooFew lines={fewer} quantities={quantities} />
              <button type="button" className="main" disabled={command.busy || wrong || basket.orders.length === 0} onClick={() => void order()}>{say("reorder.order", { n: basket.orders.length })}</button>
              {may("stock_write") && basket.transfers[0] && <button type="button" onClick={() => go({ name: "stock", tab: "transfers", id: "" }, transferSearch(basket.transfers))}>{say("reorder.send")}</button>}
              <button type="button" onClick={() => setPicked(new Set())}>{say("reorder.unpick")}</button>
            </section>
          )}
          <p role="status" className="foot">{command.said || (page && say(page.next ? "list.count_more" : "list.count", { n: page.rows.length }))}</p>
          <p role="alert" className="refused">{wrong ? say("reorder.quantity_wrong") : command.refused}</p>
        </div>
        {line && <WhyLine key={open} line={line} onClose={() => setOpen("")} onChanged={read.again} />}
      </div>
    </div>
  );
}

/** Of the lines cut below what was proposed: those that do not reach the smallest order of their supplier. */
function TooFew({ lines, quantities }: { lines: readonly Line[]; quantities: ReadonlyMap<string, number> }) {
  const { say } = useSpoken();
  const [smallest, setSmallest] = useState<ReadonlyMap<string, number>>(new Map());
  const asked = lines.map((one) => `${one.part} ${one.supplier}`).sort().join("\n");
  useEffect(() => {
    let gone = false;
    const all = [...new Set(asked ? asked.split("\n") : [])].map(async (key) => {
      const [part, supplier] = key.split(" ") as [string, string];
      const { data } = await client.GET("/v1/supplier-terms", { params: { query: { part, supplier, limit: 1 } } });
      return [key, (data as unknown as { rows: { minimum: number }[] }).rows[0]?.minimum ?? 1] as const;
    });
    // Without the terms nothing is said of them: the server orders no fewer than the supplier takes.
    Promise.all(all).then((found) => { if (!gone) setSmallest(new Map(found)); }, () => undefined);
    return () => { gone = true; };
  }, [asked]);
  return <>{lines.map((one) => {
    const [n, wanted] = [smallest.get(`${one.part} ${one.supplier}`) ?? 1, quantities.get(keyOf(one)) ?? one.quantity];
    return wanted < n && <p key={keyOf(one)} className="late">{say("reorder.smallest", { part: one.part, supplier: one.supplier, n, wanted })}</p>;
  })}</>;
}

function FilterBar({ filters, onChange }: { filters: Filters; onChange(changed: Partial<Filters>): void }) {
  const { say } = useSpoken();
  const [part, setPart] = useState(filters.part);
  const [place, setPlace] = useState(filters.place);
  const use = () => onChange({ part: part.trim(), place: place.trim() });
  return (
    <form className="filters" aria-label={say("list.filters")} onSubmit={(event) => { event.preventDefault(); use(); }}>
      <label>{say("stock.part")}<input value={part} maxLength={64} onChange={(event) => setPart(event.target.value)} onBlur={use} /></label>
      <PlaceInput label={say("stock.place")} value={place} onChange={setPlace} onBlur={use} />
      <label>{say("reorder.source")}
        <select value={filters.source} onChange={(event) => onChange({ source: event.target.value as Filters["source"] })}>
          <option value="">{say("list.all")}</option>
          {SOURCES.map((one) => <option key={one} value={one}>{say(`source.${one}`)}</option>)}
        </select>
      </label>
    </form>
  );
}
