// Beside the form: what it costs and promises, what it resembles, what is likely, when somebody could come.
import { useCallback, useMemo } from "react";
import { client } from "../api/client";
import { useHere } from "../shell/here";
import { useRead, useSettled } from "../shell/read";
import { Link } from "../shell/route";
import { useSpoken } from "../text";
import { tripOf, type Saying, type Told } from "./taking";

export function Aside({ said, told, settled, onChange }: { said: Saying; told: Told | undefined; settled: string; onChange(changed: Partial<Saying>): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  if (!told) return <div><p className="empty">{say("new.not_yet")}</p></div>;
  const asked = told.questions.filter((one) => one.asked !== "text" && one.asked !== "contact").map((one) => say(`new.${one.asked}` as "new.kind")).join(", ");
  const once = asked ? say("new.once", { asked }) : say("new.not_yet");
  const promised = told.clocks.filter((one) => one.due_at);
  return (
    <div>
      <section className="card">
        <h2>{say("new.covered")}</h2>
        {told.verdict ? <><p><strong>{say(`verdict.${told.verdict.verdict}` as "verdict.covered")}</strong></p><p>{told.verdict.reason}</p></> : <p className="quiet">{once}</p>}
        {told.scheme && <p><small>{told.scheme_name} {told.contract && `· ${told.contract}`}</small></p>}
        <h3>{say("new.promises")} {told.severity && !said.severity && <span>({say("new.supposing", { severity: told.severity })})</span>}</h3>
        {promised.length === 0 ? <p className="quiet">{told.clocks.length ? say("new.none_promised") : once}</p> : (
          <dl className="facts">{promised.map((one) => <Promised key={one.milestone} name={say(`milestone.${one.milestone}` as "milestone.arrive")} at={spoken.moment(Date.parse(one.due_at!) / 1000)} />)}</dl>
        )}
      </section>
      <section className="card">
        <h2>{say("new.alike")}</h2>
        {told.duplicates.length === 0 ? <p className="quiet">{say("new.alike_none")}</p> : (
          <ul>{told.duplicates.map((one) => <li key={one.ticket} className="line"><span>{say(`alike.${one.likeness}` as "alike.open", { ticket: one.ticket, days: one.days })}</span> <Link to={{ name: "ticket", ticket: one.ticket }} target="_blank">{say("list.go")}</Link></li>)}</ul>
        )}
      </section>
      {said.withVisit && <Times said={said} told={told} settled={settled} onChange={onChange} />}
      {told.earlier > 0 && (
        <section className="card">
          <h2>{say("new.likely")}</h2>
          <p className="quiet">{told.symptom ? say("new.earlier_symptom", { n: told.earlier, symptom: told.symptom }) : say("new.earlier", { n: told.earlier })}</p>
          <h3>{say("new.parts")}</h3>
          <ul>
            {told.parts.map((one) => (
              <li key={one.what} className="line">
                <span>{one.name || one.what} {one.name && <small>{one.what}</small>}</span>
                <span className="quiet">{say("new.share", { n: one.n, m: one.m })}</span>
                {said.withVisit && (
                  <label className="tick"><input type="checkbox" checked={one.what in said.parts} onChange={(event) => {
                    const { [one.what]: _, ...others } = said.parts;
                    onChange({ parts: event.target.checked ? { ...others, [one.what]: one.quantity } : others, offered: null });
                  }} />{say("new.take_part", { part: `${one.quantity} ×` })}</label>
                )}
              </li>
            ))}
          </ul>
          {told.causes.length > 0 && <><h3>{say("new.causes")}</h3><ul>{told.causes.map((one) => <li key={one.what}>{one.what} <span className="quiet">{say("new.share", { n: one.n, m: one.m })}</span></li>)}</ul></>}
        </section>
      )}
    </div>
  );
}

function Promised({ name, at }: { name: string; at: string }) {
  return <><dt>{name}</dt><dd>{at}</dd></>;
}

/** Asked for only when something it depends on has stood still for a moment: every answer is a plan tried. */
function Times({ said, told, settled, onChange }: { said: Saying; told: Told; settled: string; onChange(changed: Partial<Saying>): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const body = useMemo(() => {
    const { text, contact, ...where } = JSON.parse(settled) as Record<string, string>;
    void text; void contact; // neither changes who can come
    const trip = tripOf({ ...said, offered: null }, told);
    return trip && told.severity && told.scheme ? JSON.stringify({ ...where, severity: told.severity, trip }) : "";
  }, [settled, said, told]);
  const wanted = useSettled(body, 500);
  const ask = useCallback(async () => {
    const { data } = await client.POST("/v1/intake/times", { body: JSON.parse(wanted) as never });
    return data!;
  }, [wanted]);
  const times = useRead(wanted && may("plan_try") ? ask : null);
  if (!may("plan_try")) return null;
  return (
    <section className="card" aria-busy={Boolean(wanted) && !times.value && !times.failed}>
      <h2>{say("new.times")}</h2>
      {!body && <p className="quiet">{say("new.times_first")}</p>}
      {body && times.failed && <p className="refused" role="alert">{times.failed}</p>}
      {body && !times.value && !times.failed && <p className="quiet" role="status">{say("new.times_wait")}</p>}
      {body && times.value && times.value.times.length === 0 && <p className="quiet">{say(times.value.missing.length ? "new.times_first" : "new.times_none")}</p>}
      {body && times.value && (
        <ul>
          {times.value.times.map((one) => {
            const at = Math.floor(Date.parse(one.starts_at) / 60_000) * 60;
            const late = Object.entries(one.spare).filter(([, spare]) => spare !== null && spare < 0);
            return (
              <li key={one.engineer + one.starts_at} className="line">
                <span>{say("new.time_line", { at: spoken.moment(at), engineer: one.engineer })}</span>
                {late.map(([milestone, spare]) => <span key={milestone} className="late">{say(`milestone.${milestone}` as "milestone.arrive")} {say("new.time_late", { span: spoken.span(spare!) })}</span>)}
                {one.moved + one.displaced > 0 && <span className="quiet">{say("new.time_moves", { n: one.moved + one.displaced })}</span>}
                <button type="button" className="chip" aria-pressed={said.offered === at} onClick={() => onChange({ offered: said.offered === at ? null : at })}>{say("new.time_take", { at: spoken.clock(at) })}</button>
              </li>
            );
          })}
        </ul>
      )}
      {said.offered !== null && <p className="good">{say("new.time_taken", { at: spoken.moment(said.offered) })}</p>}
    </section>
  );
}
