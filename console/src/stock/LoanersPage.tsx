// The loaner pool: units and where they are, how many will be free day by day, and taking one back at the counter.
import { useCallback, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { wallOf } from "../shell/wall";
import { daysOf, stepsAfter, type CheckStep } from "./loaners";

type Pool = components["schemas"]["PoolOut"];
type Unit = components["schemas"]["UnitStandingOut"];

const DAYS = 14;
const touches = (action: string) => ["loan", "loaner", "stock", "ticket", "plan"].some((one) => action === one || action.startsWith(`${one}.`));

export default function LoanersPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const ask = useCallback(async () => (await client.GET("/v1/loaner-pool", { params: { query: { days: DAYS } } })).data!, []);
  const read = useRead(ask, touches);
  return (
    <div className="page" tabIndex={0} role="region" aria-label={say("loaners.title")}>
      <header><h1>{say("loaners.title")}</h1></header>
      <Waiting of={read} />
      {read.value && read.value.classes.length === 0 && <p className="empty">{say("loaners.empty")}</p>}
      <div className="columns">{read.value?.classes.map((one) => <ClassCard key={one.loaner_class} pool={one} onChanged={read.again} />)}</div>
    </div>
  );
}

function ClassCard({ pool, onChanged }: { pool: Pool; onChanged(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  return (
    <section className="card" aria-label={pool.loaner_class}>
      <h2>{say("loaners.class", { name: pool.loaner_class })}{pool.stand_ins.length > 0 && <small className="quiet"> {say("loaners.stand_ins", { classes: pool.stand_ins.join(", ") })}</small>}</h2>
      <div className="scroll-x">
        <table className="plain days">
          <thead><tr><th scope="col">{say("loaners.free_on")}</th>{pool.days.map((one) => <th key={one.at} scope="col" className="number">{spoken.day(Date.parse(one.at) / 1000)}</th>)}</tr></thead>
          <tbody><tr><th scope="row">{say("loaners.free")}</th>{pool.days.map((one) => <td key={one.at} className={one.free === 0 ? "number late" : "number"}>{one.free}{one.stand_in_free > 0 && <small className="quiet"> +{one.stand_in_free}</small>}</td>)}</tr></tbody>
        </table>
      </div>
      {pool.size && <p className="quiet">{say("loaners.size", { n: pool.size.units, refused: (pool.size.refused * 100).toFixed(1) })}</p>}
      <Calendar pool={pool} />
      <ul>{pool.units.map((one) => <UnitLine key={one.unit} unit={one} onChanged={onChanged} />)}</ul>
    </section>
  );
}

/** Units by days; the words are in the cells, colour only repeats them. */
function Calendar({ pool }: { pool: Pool }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { region } = useHere();
  const days = pool.days.map((one) => one.at);
  const dayOf = (at: string) => wallOf(Date.parse(at) / 1000, region.zone).slice(0, 10);
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={`${pool.loaner_class}: ${say("loaners.calendar")}`}>
      <table className="plain days calendar">
        <caption className="only-read">{say("loaners.calendar")}</caption>
        <thead><tr><th scope="col">{say("loaners.unit")}</th>{days.map((at) => <th key={at} scope="col">{spoken.day(Date.parse(at) / 1000)}</th>)}</tr></thead>
        <tbody>{pool.units.map((unit) => (
          <tr key={unit.unit}><th scope="row">{unit.unit}</th>{daysOf(unit, days, dayOf).map((is, at) => <td key={days[at]} className={`unit-${is}`}>{say(`day_of_unit.${is}`)}</td>)}</tr>
        ))}</tbody>
      </table>
    </div>
  );
}

function UnitLine({ unit, onChanged }: { unit: Unit; onChanged(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const command = useCommand();
  const [reason, setReason] = useState("");
  const steps = may("loan_write") && unit.loan ? stepsAfter(unit.state) : [];
  const take = (step: CheckStep) => command.run(async (key) => {
    const { data } = await client.POST("/v1/loaner-units/{unit}/check-in", { params: { path: { unit: unit.unit }, header: { "Idempotency-Key": key } }, body: { step, at: null, reason: step === "failed" || step === "back" ? reason.trim() : "" } });
    setReason("");
    onChanged();
    return say("loaners.now", { unit: unit.unit, state: say(`unit_state.${data!.state}` as "unit_state.out") });
  });
  return (
    <li className="line">
      <span>{unit.unit}</span>
      <span>{say(`unit_state.${unit.state}` as "unit_state.out")}{unit.until && <span className="quiet"> {say("loaners.until", { at: spoken.moment(Date.parse(unit.until) / 1000) })}</span>}</span>
      {unit.loan && <small className="quiet">{unit.loan}</small>}
      {unit.condition && <span className="words-said">{say("loaners.said", { words: unit.condition })}</span>}
      {steps.includes("back") && <input aria-label={say("loaners.condition")} placeholder={say("loaners.condition")} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
      {steps.includes("failed") && <input aria-label={say("loaners.damage")} placeholder={say("loaners.damage")} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
      {steps.map((one) => <button key={one} type="button" disabled={command.busy || (one === "failed" && !reason.trim())} onClick={() => void take(one)}>{say(`check_step.${one}`)}</button>)}
      <span role="status">{command.said}</span>
      <span role="alert" className="refused">{command.refused}</span>
    </li>
  );
}
