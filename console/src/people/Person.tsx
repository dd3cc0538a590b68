// One engineer: what he can, what he carries, when he is there; all of it changed in place by who may.
import { useCallback, useState } from "react";
import { hrefOf } from "../api/client";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { Editable } from "./Editable";
import type { HeldKind, SpanKind, SpanRow } from "./edit";
import { EngineerForm } from "./EngineerForm";
import { HeldForm } from "./HeldForm";
import { ahead, standing, aboutPeople, type Absence, type Certificate, type Engineer, type Held, type OnCall, type RunsOut, type Shift, type Tool } from "./model";
import { everyRow } from "./rows";
import { SpanForm } from "./SpanForm";

interface Props {
  engineer: Engineer;
  skills: Held[];
  certificates: Certificate[];
  tools: Tool[];
  out: RunsOut[];
  /** Words in use anywhere, offered while typing. */
  known: Record<HeldKind | "depots", readonly string[]>;
  onWritten(): void;
}

export function Person({ engineer, skills, certificates, tools, out, known, onWritten }: Props) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may, region, now: clock } = useHere();
  const id = engineer.engineer_id;
  const ask = useCallback(async () => {
    const [shifts, absences, duties] = await Promise.all([everyRow<Shift>("/v1/shifts", id), everyRow<Absence>("/v1/absences", id), everyRow<OnCall>("/v1/on-call", id)]);
    return { shifts, absences, duties, at: clock() };
  }, [id, clock]);
  const times = useRead(ask, aboutPeople);
  const span = (one: { starts_at: string; ends_at: string }) => {
    const [from, until] = [Date.parse(one.starts_at) / 1000, Date.parse(one.ends_at) / 1000];
    return `${spoken.moment(from)} – ${spoken.day(from) === spoken.day(until) ? spoken.clock(until) : spoken.moment(until)}`;
  };
  const at = (moment: string) => spoken.moment(Date.parse(moment) / 1000);
  const now = times.value && standing(times.value.shifts, times.value.absences, times.value.at);
  const worst = new Map(out.map((one) => [one.what, one]));
  const writes = may("crew_write");
  const none = <li className="quiet">{say("page.none")}</li>;
  const held = (kind: HeldKind) => (close: () => void) => <HeldForm kind={kind} engineer={id} known={known[kind]} onClose={close} onWritten={onWritten} />;
  return (
    <div className="columns">
      <section className="card">
        <h2>{id}</h2>
        <p><a className="button no-print" href={hrefOf(`/v1/engineers/${encodeURIComponent(id)}/day-sheet?lang=${spoken.lang}`)} target="_blank" rel="noreferrer">{say("print.day")}</a></p>
        <Editable title={say("people.engineer")} action={say("people.change")} shown={writes} form={(close) => <EngineerForm engineer={id} depots={known.depots} onClose={close} onWritten={onWritten} />}>
          <dl className="facts">
            <dt>{say("people.depot")}</dt><dd>{engineer.depot}</dd>
            <dt>{say("people.van")}</dt><dd>{engineer.van ?? say("page.none")}</dd>
            {engineer.territories.length > 0 && <><dt>{say("people.field.territories")}</dt><dd>{engineer.territories.join(", ")}</dd></>}
            {now && <><dt>{say("people.now")}</dt><dd>{now.is === "away" ? say("people.away", { at: at(now.until) }) : now.is === "on" ? say("people.on_shift", { at: at(now.until) }) : `${say("people.off")}${now.next ? `, ${say("people.next_shift", { at: at(now.next) })}` : ""}`}</dd></>}
          </dl>
        </Editable>
        <Editable title={say("people.skills")} action={say("people.change")} shown={writes} form={held("skills")}>
          <div className="chips">{skills.length === 0 ? <span className="quiet">{say("page.none")}</span> : skills.map((one) => <span key={one.skill} className="chip">{say("people.skill", { skill: one.skill, level: one.level })}</span>)}</div>
        </Editable>
        <Editable title={say("people.certificates")} action={say("people.change")} shown={writes} form={held("certificates")}>
          <ul>{certificates.length === 0 ? none : certificates.map((one) => <li key={one.certificate + one.valid_from} className="line"><span>{one.certificate}</span><Until on={one.valid_until} out={worst.get(one.certificate)} /></li>)}</ul>
        </Editable>
        <Editable title={say("people.tools")} action={say("people.change")} shown={writes} form={held("tools")}>
          <ul>{tools.length === 0 ? none : tools.map((one) => <li key={one.serial} className="line"><span>{one.tool}</span><small>{one.serial}</small><Until on={one.calibrated_until} out={worst.get(`${one.tool} ${one.serial}`)} /></li>)}</ul>
        </Editable>
      </section>
      <Waiting of={times} />
      {times.value && (
        <section className="card">
          <h2>{say("people.times")}</h2>
          <Spans<Absence> kind="absence" title={say("people.absences")} engineer={id} rows={times.value.absences} idOf={(one) => one.absence_id} at={times.value.at} span={span} words={(one) => one.reason ?? ""} onWritten={times.again} />
          <Spans<Shift> kind="shift" title={say("people.shifts")} engineer={id} rows={times.value.shifts} idOf={(one) => one.shift_id} at={times.value.at} span={span} words={() => ""} onWritten={times.again} />
          <Spans<OnCall> kind="on_call" title={say("people.on_call")} engineer={id} rows={times.value.duties} idOf={(one) => one.duty_id} at={times.value.at} span={span} words={(one) => say("people.call_out", { money: spoken.money(Math.round(Number(one.call_out) * 100), region.currency) })} onWritten={times.again} />
        </section>
      )}
    </div>
  );
}

interface SpansProps<Row extends SpanRow> {
  kind: SpanKind;
  title: string;
  engineer: string;
  rows: readonly Row[];
  at: number;
  idOf(row: Row): string;
  span(row: Row): string;
  words(row: Row): string;
  onWritten(): void;
}

/** What is ahead of one kind: listed, each line with a form under it for who may change it, and one for a new line. */
function Spans<Row extends SpanRow>({ kind, title, engineer, rows, at, idOf, span, words, onWritten }: SpansProps<Row>) {
  const { say } = useSpoken();
  const { may } = useHere();
  const [changing, setChanging] = useState("");
  const shown = ahead(rows, at);
  return (
    <Editable title={title} action={say("people.add")} shown={may("crew_write")} form={(close) => <SpanForm kind={kind} engineer={engineer} id="" rows={rows} onClose={close} onWritten={onWritten} />}>
      <ul>
        {shown.length === 0 && <li className="quiet">{say("page.none")}</li>}
        {shown.map((one) => {
          const id = idOf(one);
          return (
            <li key={id}>
              <div className="line">
                <span>{span(one)}</span><span className="quiet">{words(one)}</span>
                {may("crew_write") && <button type="button" className="end" aria-expanded={changing === id} aria-label={`${say("people.change")}: ${title}, ${span(one)}`} onClick={() => setChanging(changing === id ? "" : id)}>{say("people.change")}</button>}
              </div>
              {changing === id && <SpanForm kind={kind} engineer={engineer} id={id} rows={rows} onClose={() => setChanging("")} onWritten={onWritten} />}
            </li>
          );
        })}
      </ul>
    </Editable>
  );
}

function Until({ on, out }: { on: string | null; out: RunsOut | undefined }) {
  const { say, date } = useSpoken();
  if (on === null) return <span className="quiet">{say("people.for_ever")}</span>;
  return <span className={out?.on === on ? "late" : "quiet"}>{say("people.until", { day: date(on) })}</span>;
}
