// What to pick before the vans leave, van by van, to print and to tick off; what is missing is raised to the desk.
import { useCallback, useMemo, useState } from "react";
import type { components } from "contract";
import { client, newKey, Problem } from "../api/client";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Link } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { documentOf } from "./naming";
import { byVan } from "./picks";

type Picks = components["schemas"]["PickListsOut"];

const touches = (action: string) => ["stock", "plan", "visit", "ticket"].some((one) => action === one || action.startsWith(`${one}.`));

export default function PicksPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const [day, setDay] = useState("");
  const ask = useCallback(async () => {
    try {
      const { data } = await client.GET("/v1/pick-lists", { params: { query: day ? { day } : {} } });
      return data as unknown as Picks;
    } catch (error) {
      // No van leaves: that is an answer. It comes about by a count that takes the day's only visit away.
      if (error instanceof Problem && (error.code === "pick.no_departure" || error.code === "pick.no_later_departure")) return error.message;
      throw error;
    }
  }, [day]);
  const read = useRead(ask, touches);
  const command = useCommand();
  const shown = typeof read.value === "string" ? undefined : read.value;
  // What was done last, whichever of the page's two commands did it.
  const [said, setSaid] = useState("");
  const vans = useMemo(() => byVan(shown?.lines ?? []), [shown]);
  const stage = () => command.run(async (key) => {
    const { data } = await client.POST("/v1/pick-lists", { params: { header: { "Idempotency-Key": key } }, body: { day: shown!.day } });
    read.again();
    setSaid(data!.short.length ? say("picks.staged_short", { n: data!.moves.length, short: data!.short.length }) : say("picks.staged", { n: data!.moves.length }));
    return "";
  });
  return (
    <div className="page" tabIndex={0} role="region" aria-label={say("stock_tab.picks")}>
      <header>
        <h1>{shown ? say("picks.title", { day: spoken.date(shown.day) }) : say("stock_tab.picks")}</h1>
        <label className="no-print">{say("picks.day")}<input type="date" value={day || shown?.day || ""} onChange={(event) => setDay(event.target.value)} /></label>
        <button type="button" className="no-print" onClick={() => window.print()}>{say("picks.print")}</button>
        {may("stock_write") && shown && (shown.lines.length > 0 || shown.shortages.length > 0) && <button type="button" className="main no-print" disabled={command.busy} onClick={() => void stage()}>{say("picks.stage")}</button>}
      </header>
      <p role="status">{said}</p>
      <p role="alert" className="refused">{command.refused}</p>
      <Waiting of={read} />
      {typeof read.value === "string" && <p className="empty">{read.value}</p>}
      {shown && shown.shortages.length > 0 && (
        <section className="card short" aria-label={say("picks.missing")}>
          <h2>{say("picks.missing")}</h2>
          <ul>{shown.shortages.map((one) => <li key={one.van + one.part + one.visit} className="line"><Link to={{ name: "stock", tab: "positions", id: one.part }}>{one.part}</Link><span>{say("picks.missing_line", { n: one.quantity, van: one.van, depot: one.depot, visit: one.visit })}</span><span className="late">{spoken.moment(Date.parse(one.at) / 1000)}</span></li>)}</ul>
        </section>
      )}
      {shown && vans.length === 0 && <p className="empty">{say("picks.empty")}</p>}
      <div className="vans">
        {vans.map((van) => (
          <section key={van.van + van.depot} className="card" aria-label={say("picks.van", { van: van.van, depot: van.depot })}>
            <h2>{say("picks.van", { van: van.van, depot: van.depot })}</h2>
            {van.departs && <p className="quiet">{say("picks.leaves", { at: spoken.moment(Date.parse(van.departs) / 1000) })}</p>}
            <table className="plain">
              <thead><tr><th scope="col">{say("stock.part")}</th><th scope="col" className="number">{say("stock.quantity")}</th><th scope="col">{say("picks.for")}</th><th scope="col" className="only-print">{say("picks.picked")}</th></tr></thead>
              <tbody>{van.lines.map((one) => <tr key={one.part}><th scope="row">{one.part}{may("count_write") && <NotThere part={one.part} depot={van.depot} onDone={(words) => { setSaid(words); read.again(); }} />}</th><td className="number">{one.quantity}</td><td>{one.visits.split(" ").join(", ")}</td><td className="only-print box" /></tr>)}</tbody>
            </table>
          </section>
        ))}
      </div>
    </div>
  );
}

/** What lies on the shelf after all: the ledger learns it as a count, and with it the plan and the board. */
function NotThere({ part, depot, onDone }: { part: string; depot: string; onDone(said: string): void }) {
  const { say } = useSpoken();
  const command = useCommand();
  const [found, setFound] = useState("");
  const [document] = useState(() => documentOf("CT", newKey()));
  const write = () => command.run(async (key) => {
    const line = { part, place: depot, condition: "usable" as const, lot: "", counted: Number(found), at: null, by: "", serials: null };
    const { data } = await client.POST("/v1/counts", { params: { header: { "Idempotency-Key": key } }, body: { document, counts: [line], again: [], approve: false, adjustment: "" } });
    onDone(say(data!.moves.length ? "picks.corrected" : "picks.agrees"));
    return "";
  });
  return (
    <details className="no-print">
      <summary>{say("picks.not_there")}</summary>
      <p className="quiet">{say("picks.found_means")}</p>
      <form className="basket" onSubmit={(event) => { event.preventDefault(); void write(); }}>
        <label>{say("picks.found", { part, depot })}<input className="units" inputMode="numeric" required maxLength={7} value={found} onChange={(event) => setFound(event.target.value)} /></label>
        <button type="submit" disabled={command.busy || !/^\d{1,7}$/.test(found)}>{say("picks.write")}</button>
      </form>
      <p role="alert" className="refused">{command.refused}</p>
    </details>
  );
}
