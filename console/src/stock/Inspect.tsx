// A lot judged by its sample: what the plan asks for on top, a running tally, the defects beside it; the last unit decides.
import { useCallback, useState } from "react";
import { client } from "../api/client";
import { useCommand } from "../shell/command";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { TakeBack } from "./TakeBack";
import { isRight, standingOf, type Sample } from "./receiving";

interface Props { document: string; supplier: string; part: string; units: number; lot: string; serials: string[]; shelf: string }

export function Inspect(of: Props) {
  const { say } = useSpoken();
  const { supplier, part, units } = of;
  const ask = useCallback(async () => (await client.GET("/v1/inspections/plan", { params: { query: { supplier, part, units } } })).data!, [supplier, part, units]);
  const sample = useRead(supplier ? ask : null);
  return (
    <section className="card" aria-label={say("inspect.title", { part })}>
      <h2>{say("inspect.title", { part })}</h2>
      {!supplier ? <p className="quiet">{say("inspect.no_supplier")}</p> : <Waiting of={sample} />}
      {sample.value && <Tally of={of} sample={sample.value} />}
    </section>
  );
}

function Tally({ of, sample }: { of: Props; sample: Sample }) {
  const { say } = useSpoken();
  const command = useCommand();
  const [seen, setSeen] = useState(0);
  const [bad, setBad] = useState<string[]>([]);
  const [unit, setUnit] = useState("");
  const [readings, setReadings] = useState<ReadonlyMap<string, string>>(new Map());
  const [judged, setJudged] = useState("");
  const measured = sample.checks.length > 0;
  const unitsRead = measured ? new Set([...readings.keys()].map((key) => key.split("\n")[0]!)) : null;
  const failed = measured ? new Set([...readings].flatMap(([key, text]) => { const [id, check] = key.split("\n") as [string, string]; const known = sample.checks.find((one) => one.check === check); return known && isRight(known, text) === false ? [id] : []; })) : null;
  const count = unitsRead ? unitsRead.size : seen;
  const bads = failed ? failed.size : bad.length;
  const standing = standingOf(sample, count, bads);
  const done = count >= sample.size;
  const judge = () => command.run(async (key) => {
    const body = {
      document: of.document, part: of.part, quantity: of.units, lot: of.lot, serials: of.serials, supplier: of.supplier, shelf: of.shelf, supplier_place: "", quarantine: "", adjustment: "",
      aql: "", level: null, again: false, unsteady: false, put_right: false,
      looked_at: measured ? null : seen, bad: measured ? [] : bad,
      readings: [...readings].map(([name, value]) => { const [id, check] = name.split("\n") as [string, string]; return { unit: id, check, value: value.trim() }; }),
    };
    const { data } = await client.POST("/v1/inspections", { params: { header: { "Idempotency-Key": key } }, body });
    setJudged(data!.inspection);
    return say(data!.accepted ? "inspect.accepted" : "inspect.not_accepted", { shelf: data!.shelf, held: data!.held });
  });
  const good = () => setSeen(seen + 1);
  const markBad = () => { setBad([...bad, of.serials[seen] ?? String(seen + 1)]); setSeen(seen + 1); };
  const read = () => {
    if (!unit.trim() || sample.checks.some((one) => isRight(one, readings.get(`${unit.trim()}\n${one.check}`) ?? "") === null)) return;
    setUnit("");
  };
  return (
    <>
      <dl className="facts sample">
        <dt>{say("inspect.size")}</dt><dd>{sample.size}{sample.whole_lot && ` (${say("inspect.whole_lot")})`}</dd>
        <dt>{say("inspect.accept")}</dt><dd>{sample.accept}</dd><dt>{say("inspect.reject")}</dt><dd>{sample.reject}</dd>
        <dt>{say("inspect.severity")}</dt><dd>{say(`severity_of.${sample.severity}`)} · AQL {sample.aql}</dd>
      </dl>
      <p className={`tally ${standing}`} role="status">{say("inspect.tally", { seen: count, size: sample.size, bad: bads })} {say(`inspect_is.${standing}`)}</p>
      {!command.said && (measured ? (
        <form className="fields" onSubmit={(event) => { event.preventDefault(); read(); }}>
          <label>{say("inspect.unit")}<input value={unit} maxLength={64} onChange={(event) => setUnit(event.target.value)} /></label>
          {sample.checks.map((one) => {
            const key = `${unit.trim()}\n${one.check}`;
            const typed = readings.get(key) ?? "";
            return (
              <label key={one.check}>{one.name || one.check} {one.unit && <span className="quiet">{[one.lower, one.upper].filter((limit) => limit !== null).join(" … ")} {one.unit}</span>}
                <input value={typed} disabled={!unit.trim()} aria-invalid={isRight(one, typed) === false} placeholder={one.lower === null && one.upper === null ? "yes / no" : ""} maxLength={30} onChange={(event) => setReadings(new Map(readings).set(key, event.target.value))} />
              </label>
            );
          })}
          <button type="submit">{say("inspect.next_unit")}</button>
        </form>
      ) : (
        <div className="send">
          <button type="button" disabled={done} onClick={good}>{say("inspect.good")}</button>
          <button type="button" disabled={done} onClick={markBad}>{say("inspect.bad")}</button>
          <button type="button" disabled={done} onClick={() => setSeen(sample.size)}>{say("inspect.rest_good")}</button>
          <button type="button" disabled={seen === 0} onClick={() => { setSeen(0); setBad([]); }}>{say("inspect.anew")}</button>
        </div>
      ))}
      {bad.length > 0 && <p>{say("inspect.defects", { units: bad.join(", ") })}</p>}
      {!command.said && <p className="send"><button type="button" className="main" disabled={command.busy || !done} onClick={() => void judge()}>{say("inspect.judge")}</button></p>}
      <p role="status">{command.said}</p>
      {judged && <TakeBack what="inspection" named={judged} about={of.part} onDone={() => { setJudged(""); setSeen(0); setBad([]); setReadings(new Map()); command.clear(); }} />}
      <p role="alert" className="refused">{command.refused}</p>
    </>
  );
}
