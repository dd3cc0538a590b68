// Broken units on shelves and in vans: brought to the depot, then put into quarantine, where it is decided what becomes of them.
import { useCallback, useState } from "react";
import type { components } from "contract";
import { client, hrefOf, newKey } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Link } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { documentOf } from "./naming";
import { PlaceInput } from "./PlaceInput";

type Defective = components["schemas"]["DefectiveOut"];

const stockMoves = (action: string) => action === "stock" || action.startsWith("stock.");
const keyOf = (row: Defective) => [row.place, row.part, row.lot, row.serial].join(" ").trim();

async function quarantines(): Promise<string[]> {
  const { data } = await client.GET("/v1/places", { params: { query: { kind: "quarantine", limit: 200 } } });
  return (data as unknown as { rows: { place_id: string }[] }).rows.map((one) => one.place_id);
}

export default function DefectivesPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/defectives", { params: { query: { limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Defective[]; next: string | null };
  }, []);
  const { page, read, more } = usePaged<Defective>(ask, stockMoves);
  const [open, setOpen] = useState("");
  const [said, setSaid] = useState("");
  const columns: Column<Defective>[] = [
    { key: "part", head: say("stock.part"), wide: 1.3, cell: (row) => row.part },
    { key: "quantity", head: say("stock.quantity"), number: true, wide: 0.6, cell: (row) => row.quantity },
    { key: "place", head: say("stock.place"), cell: (row) => row.place },
    { key: "lot", head: say("stock.lot_serial"), cell: (row) => [row.lot, row.serial].filter(Boolean).join(" / ") },
    { key: "since", head: say("held.since"), wide: 1.2, cell: (row) => spoken.moment(Date.parse(row.since) / 1000) },
    { key: "next", head: say("defectives.next"), wide: 1.8, cell: (row) => say(`defectives.${row.next}`, { place: row.to_place || "–" }) },
  ];
  const row = page?.rows.find((one) => keyOf(one) === open);
  return (
    <div className="page list-page">
      <header><h1>{say("defectives.title")}</h1><Link to={{ name: "stock", tab: "held", id: "" }}>{say("defectives.see_held")}</Link><a className="button" href={hrefOf("/v1/defectives?format=csv")} download>{say("list.as_file")}</a></header>
      <div className={row ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && (page.rows.length === 0 ? <p className="empty">{say("defectives.empty")}</p>
            : <Grid label={say("defectives.title")} columns={columns} rows={page.rows} keyOf={keyOf} open={open} onOpen={(one) => setOpen(keyOf(one) === open ? "" : keyOf(one))} more={page.next !== null} onMore={more} />)}
          {page && <p className="foot" role="status">{said || say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
        </div>
        {row && (
          <aside className="card drawer" aria-label={keyOf(row)}>
            <header className="dialog-head"><h2>{row.part}</h2><button type="button" onClick={() => setOpen("")}>{say("doing.close")}</button></header>
            <p>{say(`defectives.${row.next}_means`)}</p>
            {may("stock_write") && <Next key={open} row={row} onDone={(words) => { setSaid(words); setOpen(""); read.again(); }} />}
          </aside>
        )}
      </div>
    </div>
  );
}

function Next({ row, onDone }: { row: Defective; onDone(words: string): void }) {
  const { say } = useSpoken();
  const command = useCommand();
  const [to, setTo] = useState(row.to_place);
  const [document] = useState(() => documentOf("BACK", newKey()));
  const goods = { part: row.part, quantity: row.quantity, lot: row.lot, serial: row.serial };
  const bring = () => command.run(async (key) => {
    await client.POST("/v1/transfers", { params: { header: { "Idempotency-Key": key } }, body: { document, from_place: row.place, to_place: to.trim(), goods: [{ ...goods, condition: "damaged" }], scans: [], transit: "", customer: "" } });
    onDone(say("transfers.sent", { document, to: to.trim() }));
    return "";
  });
  const places = useRead(row.next === "bring" ? null : quarantines);
  const [put, setPut] = useState("");
  const known = places.value ?? [];
  // One is meant without asking, of several none: goods are not sent to another town by the alphabet.
  const quarantine = known.length > 1 ? put : known[0] ?? "";
  const ready = row.next === "bring" ? to.trim() !== "" : places.value !== undefined && (known.length < 2 || put !== "");
  const hold = () => command.run(async (key) => {
    await client.POST("/v1/condition-changes", { params: { header: { "Idempotency-Key": key } }, body: { document, ...goods, place: row.place, was: "damaged", found: "quarantined", put: quarantine, adjustment: "" } });
    onDone(say("defectives.held", { document }));
    return "";
  });
  return (
    <form onSubmit={(event) => { event.preventDefault(); void (row.next === "bring" ? bring() : hold()); }}>
      {row.next !== "bring" && <Waiting of={places} />}
      {known.length > 1 && <label>{say("stock.to")}<select required value={put} onChange={(event) => setPut(event.target.value)}><option value="" />{known.map((one) => <option key={one} value={one}>{one}</option>)}</select></label>}
      {row.next === "bring" && <PlaceInput label={say("stock.to")} required value={to} onChange={setTo} />}
      <p className="send"><button type="submit" className="main" disabled={command.busy || !ready}>{say(row.next === "bring" ? "transfers.send" : "defectives.put")}</button></p>
      <p role="alert" className="refused">{command.refused}</p>
    </form>
  );
}
