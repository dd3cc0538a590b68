// Counting, blind: what is due, what was found; the server says where somebody else has to count again.
import { useCallback, useMemo, useState } from "react";
import type { components } from "contract";
import { client, newKey } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { toggled } from "../list/model";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { documentOf } from "./naming";
import { PlaceInput } from "./PlaceInput";

type Due = components["schemas"]["CountDueOut"];

const keyOf = (row: Due) => [row.part, row.place, row.condition, row.lot].filter(Boolean).join(" ");
const stockMoves = (action: string) => action === "stock" || action.startsWith("stock.");

export default function CountsPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const search = useAddress().split("?")[1] ?? "";
  const place = useMemo(() => new URLSearchParams(search).get("place") ?? "", [search]);
  const [typed, setTyped] = useState(place);
  const use = () => refine(typed.trim() ? `?${new URLSearchParams({ place: typed.trim() })}` : "");
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/counts/due", { params: { query: { place, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Due[]; next: string | null };
  }, [place]);
  const { page, read, more } = usePaged<Due>(ask, stockMoves);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  // What became of a count is said after its form is gone.
  const [written, setWritten] = useState("");
  const rows = useMemo(() => (page?.rows ?? []).filter((row) => picked.has(keyOf(row))), [page, picked]);
  const columns: Column<Due>[] = [
    { key: "part", head: say("stock.part"), wide: 1.4, cell: (row) => row.part },
    { key: "place", head: say("stock.place"), cell: (row) => row.place },
    { key: "class", head: say("counts.class"), wide: 0.6, cell: (row) => row.count_class.toUpperCase() },
    { key: "condition", head: say("stock.condition"), cell: (row) => say(`condition.${row.condition}`) },
    { key: "lot", head: say("stock.lot"), cell: (row) => row.lot },
    { key: "due", head: say("counts.due"), wide: 1.2, cell: (row) => (row.due_at ? spoken.moment(Date.parse(row.due_at) / 1000) : say("counts.never")) },
  ];
  return (
    <div className="page list-page">
      <header><h1>{say("counts.title")}</h1></header>
      <form className="filters" onSubmit={(event) => { event.preventDefault(); use(); }}><PlaceInput label={say("stock.place")} value={typed} onChange={setTyped} onBlur={use} /></form>
      <div className={picked.size && may("count_write") ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && (page.rows.length === 0 ? <p className="empty">{say("counts.empty")}</p>
            : <Grid label={say("counts.title")} columns={columns} rows={page.rows} keyOf={keyOf} more={page.next !== null} onMore={more} {...(may("count_write") ? { picked, onPick: (row: Due) => setPicked(toggled(picked, keyOf(row))), onOpen: (row: Due) => setPicked(toggled(picked, keyOf(row))) } : {})} />)}
          {page && <p className="foot" role="status">{written} {say(page.next ? "list.count_more" : "list.count", { n: page.rows.length })}</p>}
        </div>
        {rows.length > 0 && may("count_write") && <CountForm rows={rows} onDone={(said) => { setPicked(new Set()); setWritten(said); read.again(); }} />}
      </div>
    </div>
  );
}

interface Found { counted: string; again: string }

function CountForm({ rows, onDone }: { rows: readonly Due[]; onDone(said: string): void }) {
  const { say } = useSpoken();
  const { may } = useHere();
  const [found, setFound] = useState<ReadonlyMap<string, Found>>(new Map());
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const [document] = useState(() => documentOf("CT", newKey()));
  const command = useCommand();
  const twice = ["stock.recount_needed", "stock.count_needs_approval"].includes(command.code) || second !== "" || [...found.values()].some((one) => one.again);
  const of = (row: Due): Found => found.get(keyOf(row)) ?? { counted: "", again: "" };
  const change = (row: Due, changed: Partial<Found>) => setFound((before) => new Map(before).set(keyOf(row), { ...of(row), ...changed }));
  const whole = rows.every((row) => /^\d{1,7}$/.test(of(row).counted)) && [...found.values()].every((one) => one.again === "" || (/^\d{1,7}$/.test(one.again) && second.trim()));
  const write = (approve: boolean) => command.run(async (key) => {
    const line = (row: Due, counted: string, by: string) => ({ part: row.part, place: row.place, condition: row.condition, lot: row.lot, counted: Number(counted), at: null, by: by.trim(), serials: null });
    const counts = rows.map((row) => line(row, of(row).counted, first));
    const again = rows.filter((row) => of(row).again !== "").map((row) => line(row, of(row).again, second));
    const { data } = await client.POST("/v1/counts", { params: { header: { "Idempotency-Key": key } }, body: { document, counts, again, approve, adjustment: "" } });
    onDone(data!.moves.length ? say("counts.corrected", { n: data!.moves.length }) : say("counts.agrees"));
    return "";
  });
  return (
    <aside className="card drawer" aria-label={say("counts.write")}>
      <h2>{say("counts.write")}</h2>
      <p className="quiet">{say("counts.blind")}</p>
      <form onSubmit={(event) => { event.preventDefault(); void write(false); }}>
        <div className="fields">
          <label>{say("counts.by")}<input value={first} maxLength={64} placeholder={say("counts.by_me")} onChange={(event) => setFirst(event.target.value)} /></label>
          {twice && <label>{say("counts.again_by")}<input value={second} maxLength={64} onChange={(event) => setSecond(event.target.value)} /></label>}
        </div>
        <table className="plain">
          <thead><tr><th scope="col">{say("stock.part")}</th><th scope="col">{say("counts.found")}</th>{twice && <th scope="col">{say("counts.found_again")}</th>}</tr></thead>
          <tbody>{rows.map((row) => (
            <tr key={keyOf(row)}><th scope="row">{row.part} <small>{[row.place, row.lot].filter(Boolean).join(" / ")}</small></th>
              <td><input className="units" inputMode="numeric" required aria-label={say("counts.found_of", { part: row.part, place: row.place })} value={of(row).counted} onChange={(event) => change(row, { counted: event.target.value })} /></td>
              {twice && <td><input className="units" inputMode="numeric" aria-label={say("counts.again_of", { part: row.part, place: row.place })} value={of(row).again} onChange={(event) => change(row, { again: event.target.value })} /></td>}
            </tr>
          ))}</tbody>
        </table>
        <p className="send">
          <button type="submit" className="main" disabled={command.busy || !whole}>{say("counts.write_now")}</button>
          {twice && may("approve") && <button type="button" disabled={command.busy || !whole} onClick={() => void write(true)}>{say("counts.approve")}</button>}
        </p>
      </form>
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}
