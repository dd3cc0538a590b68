// What lies where: every part at every place, found by part or place; a part opens with its ledger.
import { useCallback, useEffect, useMemo, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useHere } from "../shell/here";
import { useSettled } from "../shell/read";
import { go, Link, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { Editable } from "../people/Editable";
import { PartForm } from "./CatalogueForms";
import { PlaceInput } from "./PlaceInput";
import { PrintLabels } from "./PrintLabels";

type Position = components["schemas"]["StockOut"];
type Part = components["schemas"]["PartsRowOut"];

const stockMoves = (action: string) => action === "stock" || action.startsWith("stock.");

export default function PositionsPage() {
  const { say } = useSpoken();
  const { may } = useHere();
  const search = useAddress().split("?")[1] ?? "";
  const place = useMemo(() => new URLSearchParams(search).get("place") ?? "", [search]);
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/stock", { params: { query: { place, limit, ...(after ? { after } : {}) } } });
    const page = data as unknown as { stock: Position[]; next: string | null }; // the same address gives CSV where that is asked for
    return { rows: page.stock, next: page.next };
  }, [place]);
  const { page, read, more } = usePaged<Position>(ask, stockMoves);
  const columns: Column<Position>[] = [
    { key: "part", head: say("stock.part"), wide: 2, cell: (row) => <Link to={{ name: "stock", tab: "positions", id: row.part }} tabIndex={-1}>{row.part}</Link> },
    { key: "place", head: say("stock.place"), wide: 1.5, cell: (row) => row.place },
    { key: "hand", head: say("stock.on_hand"), number: true, cell: (row) => row.on_hand },
    { key: "usable", head: say("stock.usable"), number: true, cell: (row) => row.usable },
    { key: "reserved", head: say("stock.reserved"), number: true, cell: (row) => row.reserved },
    { key: "available", head: say("stock.available"), number: true, cell: (row) => <span className={row.available < 0 ? "late" : undefined}>{row.available}</span> },
    { key: "transit", head: say("stock.in_transit"), number: true, cell: (row) => row.in_transit },
  ];
  return (
    <div className="page list-page">
      <header><h1>{say("stock_tab.positions")}</h1><PrintLabels place={place} /></header>
      {may("catalogue_write") && <Editable level={2} title={say("stock.parts")} action={say("people.add")} shown form={(close) => <PartForm part="" onClose={close} onWritten={read.again} />} />}
      <div className="filters">
        <FindPart />
        <PlaceFilter place={place} />
      </div>
      <Waiting of={read} />
      {page && (page.rows.length === 0 ? <p className="empty">{say("stock.nothing_here")}</p>
        : <Grid label={say("stock_tab.positions")} columns={columns} rows={page.rows} keyOf={(row) => `${row.part} ${row.place}`} onOpen={(row) => go({ name: "stock", tab: "positions", id: row.part })} more={page.next !== null} onMore={more} />)}
      {page && <p className="foot" role="status">{say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
    </div>
  );
}

function PlaceFilter({ place }: { place: string }) {
  const { say } = useSpoken();
  const [text, setText] = useState(place);
  const use = () => refine(text.trim() ? `?${new URLSearchParams({ place: text.trim() })}` : "");
  return <form onSubmit={(event) => { event.preventDefault(); use(); }}><PlaceInput label={say("stock.place")} value={text} onChange={setText} onBlur={use} /></form>;
}

/** A part by its number or the words of its name. */
function FindPart() {
  const { say } = useSpoken();
  const [text, setText] = useState("");
  const settled = useSettled(text.trim(), 200);
  const [found, setFound] = useState<{ of: string; parts: Part[] }>({ of: "", parts: [] });
  const [failed, setFailed] = useState("");
  useEffect(() => {
    let asked = true;
    if (settled.length < 2) return;
    client.GET("/v1/parts", { params: { query: { name: settled, limit: 20 } } }).then(
      ({ data }) => { if (asked) { setFailed(""); setFound({ of: settled, parts: (data as unknown as { rows: Part[] }).rows }); } },
      (error: unknown) => { if (asked) setFailed(error instanceof Error ? error.message : String(error)); },
    );
    return () => { asked = false; };
  }, [settled]);
  const shown = settled.length >= 2 && found.of === settled;
  return (
    <div className="find-part">
      <label>{say("stock.find_part")}<input type="search" value={text} maxLength={100} autoComplete="off" placeholder={say("stock.find_part_hint")} onChange={(event) => setText(event.target.value)} /></label>
      {shown && found.parts.length === 0 && <p className="quiet" role="status">{say("stock.no_part")}</p>}
      {failed && <p role="alert" className="refused">{failed}</p>}
      {shown && found.parts.length > 0 && <ul className="found">{found.parts.map((one) => <li key={one.part_id}><Link to={{ name: "stock", tab: "positions", id: one.part_id }}><strong>{one.part_id}</strong> {one.name}</Link></li>)}</ul>}
    </div>
  );
}
