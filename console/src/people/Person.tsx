// One engineer: what he can, what he carries, when he is there; an absence is written here.
import { useCallback, useState } from "react";
import { client } from "../api/client";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { isoOf, momentOf, wallOf } from "../shell/wall";
import { useSpoken } from "../text";
import { ahead, standing, type Absence, type Certificate, type Engineer, type Held, type OnCall, type RunsOut, type Shift, type Tool } from "./model";
import { everyRow } from "./rows";

interface Props { engineer: Engineer; skills: Held[]; certificates: Certificate[]; tools: Tool[]; out: RunsOut[] }

export function Person({ engineer, skills, certificates, tools, out }: Props) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may, region } = useHere();
  const id = engineer.engineer_id;
  const ask = useCallback(async () => {
    const [shifts, absences, duties] = await Promise.all([everyRow<Shift>("/v1/shifts", id), everyRow<Absence>("/v1/absences", id), everyRow<OnCall>("/v1/on-call", id)]);
    return { shifts, absences, duties, at: Date.now() };
  }, [id]);
  const times = useRead(ask, (action) => action === "crew" || action.startsWith("engineer") || action.startsWith("absence"));
  const span = (one: { starts_at: string; ends_at: string }) => `${spoken.moment(Date.parse(one.starts_at) / 1000)} – ${spoken.moment(Date.parse(one.ends_at) / 1000)}`;
  const at = (moment: string) => spoken.moment(Date.parse(moment) / 1000);
  const now = times.value && standing(times.value.shifts, times.value.absences, times.value.at);
  const worst = new Map(out.map((one) => [one.what, one]));
  return (
    <div className="columns">
      <section className="card">
        <h2>{id}</h2>
        <dl className="facts">
          <dt>{say("people.depot")}</dt><dd>{engineer.depot}</dd>
          <dt>{say("people.van")}</dt><dd>{engineer.van ?? say("page.none")}</dd>
          {now && <><dt>{say("people.now")}</dt><dd>{now.is === "away" ? say("people.away", { at: at(now.until) }) : now.is === "on" ? say("people.on_shift", { at: at(now.until) }) : `${say("people.off")}${now.next ? `, ${say("people.next_shift", { at: at(now.next) })}` : ""}`}</dd></>}
        </dl>
        <h3>{say("people.skills")}</h3>
        <div className="chips">{skills.length === 0 ? <span className="quiet">{say("page.none")}</span> : skills.map((one) => <span key={one.skill} className="chip">{say("people.skill", { skill: one.skill, level: one.level })}</span>)}</div>
        <h3>{say("people.certificates")}</h3>
        <ul>{certificates.length === 0 ? <li className="quiet">{say("page.none")}</li> : certificates.map((one) => <li key={one.certificate + one.valid_from} className="line"><span>{one.certificate}</span><Until on={one.valid_until} out={worst.get(one.certificate)} /></li>)}</ul>
        <h3>{say("people.tools")}</h3>
        <ul>{tools.length === 0 ? <li className="quiet">{say("page.none")}</li> : tools.map((one) => <li key={one.serial} className="line"><span>{one.tool}</span><small>{one.serial}</small><Until on={one.calibrated_until} out={worst.get(`${one.tool} ${one.serial}`)} /></li>)}</ul>
      </section>
      {may("crew_write") && <AddAbsence engineer={id} zone={region.zone} onAdded={times.again} />}
      <Waiting of={times} />
      {times.value && (
        <section className="card">
          <h2>{say("people.absences")}</h2>
          <ul>{ahead(times.value.absences, times.value.at).length === 0 ? <li className="quiet">{say("page.none")}</li> : ahead(times.value.absences, times.value.at).map((one) => <li key={one.absence_id} className="line"><span>{span(one)}</span><span>{one.reason}</span></li>)}</ul>
          <h3>{say("people.shifts")}</h3>
          <ul>{ahead(times.value.shifts, times.value.at).map((one) => <li key={one.shift_id}>{span(one)}</li>)}</ul>
          <h3>{say("people.on_call")}</h3>
          <ul>{ahead(times.value.duties, times.value.at).length === 0 ? <li className="quiet">{say("page.none")}</li> : ahead(times.value.duties, times.value.at).map((one) => <li key={one.duty_id} className="line"><span>{span(one)}</span><span className="quiet">{say("people.call_out", { money: spoken.money(Math.round(Number(one.call_out) * 100), region.currency) })}</span></li>)}</ul>
        </section>
      )}
    </div>
  );
}

function Until({ on, out }: { on: string | null; out: RunsOut | undefined }) {
  const { say, date } = useSpoken();
  if (on === null) return <span className="quiet">{say("people.for_ever")}</span>;
  return <span className={out?.on === on ? "late" : "quiet"}>{say("people.until", { day: date(on) })}</span>;
}

function AddAbsence({ engineer, zone, onAdded }: { engineer: string; zone: string; onAdded(): void }) {
  const { say } = useSpoken();
  const today = wallOf(Date.now() / 1000, zone);
  const [from, setFrom] = useState(today);
  const [until, setUntil] = useState(`${today.slice(0, 10)}T23:59`);
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState("");
  const [done, setDone] = useState("");
  const [busy, setBusy] = useState(false);
  const [start, end] = [momentOf(from, zone), momentOf(until, zone)];
  const whole = start < end; // no time at all is not before anything
  const send = async () => {
    setBusy(true);
    setRefused("");
    setDone("");
    try {
      const { data } = await client.POST("/v1/engineers/{engineer}/absences", { params: { path: { engineer }, header: { "Idempotency-Key": crypto.randomUUID() } }, body: { starts_at: isoOf(start), ends_at: isoOf(end), reason: reason.trim() } });
      setDone(say("people.absence_added", { absence: data!.absence, engineer }));
      onAdded();
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="card" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <h2>{say("people.add_absence")}</h2>
      <div className="fields">
        <label>{say("ticket.from")}<input type="datetime-local" required value={from} onChange={(event) => setFrom(event.target.value)} /></label>
        <label>{say("ticket.until")}<input type="datetime-local" required value={until} onChange={(event) => setUntil(event.target.value)} /></label>
        <label>{say("people.reason")}<input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} /></label>
      </div>
      <p className="send"><button type="submit" className="main" disabled={busy || !whole}>{say("people.add_absence")}</button><span role="status" className="good">{done}</span></p>
      <p role="alert" className="refused">{refused}</p>
    </form>
  );
}
