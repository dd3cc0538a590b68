// What is wrong, how bad, and who says so; what the scheme proposes is taken with one press.
import { useEffect, useRef } from "react";
import { useSpoken } from "../text";
import { CHANNELS, KINDS, type Saying as Said, type Told } from "./taking";

export function Saying({ said, told, onChange }: { said: Said; told: Told | undefined; onChange(changed: Partial<Said>): void }) {
  const { say } = useSpoken();
  // The button that chose the equipment is gone: who types goes on with what the customer says.
  const words = useRef<HTMLTextAreaElement>(null);
  const found = said.found;
  useEffect(() => { if (found) words.current?.focus(); }, [found]);
  const question = (asked: string) => told?.questions.find((one) => one.asked === asked);
  // Once one is chosen it is asked no more: the choice stays as long as the equipment does.
  const asked = useRef<readonly Told["contracts"][number][]>([]);
  if (told?.contracts.length) asked.current = told.contracts;
  const contracts = told?.contracts.length || said.contract ? asked.current : [];
  const schemes = question("scheme")?.choices ?? [];
  const wrong = question("severity")?.given;
  const further = question("kind") ?? question("channel") ?? question("minutes") ?? question("symptom");
  return (
    <section className="card" aria-label={say("new.text")}>
      <div className="fields">
        <label className="wide">{say("new.text")}
          <textarea ref={words} value={said.text} maxLength={4000} onChange={(event) => onChange({ text: event.target.value })} />
        </label>
        <label>{say("new.contact")}<input value={said.contact} maxLength={500} autoComplete="off" onChange={(event) => onChange({ contact: event.target.value })} /></label>
        {contracts.length > 0 && (
          <label>{say("new.contract")}
            <select value={said.contract} onChange={(event) => onChange({ contract: event.target.value })}>
              <option value="" />
              {contracts.map((one) => <option key={one.contract} value={one.contract}>{one.contract} · {one.scheme_name}</option>)}
            </select>
          </label>
        )}
        {(schemes.length > 0 || said.scheme) && (
          <label>{say("new.scheme")}
            <select value={said.scheme} onChange={(event) => onChange({ scheme: event.target.value })}>
              <option value="" />
              {[...new Set([...schemes, ...(said.scheme ? [said.scheme] : [])])].map((one) => <option key={one}>{one}</option>)}
            </select>
          </label>
        )}
        <fieldset className="wide bare">
          <legend>{say("new.severity")}</legend>
          <div className="chips">
            {["P1", "P2", "P3", "P4"].map((one) => (
              <button key={one} type="button" className="chip" aria-pressed={said.severity === one} onClick={() => onChange({ severity: said.severity === one ? "" : one })}>{one}</button>
            ))}
            {told?.severities.slice(0, 3).map((one) => (
              <button key={one.word} type="button" className="chip" onClick={() => onChange({ severity: one.severity })}>{say("new.severity_proposed", { severity: one.severity, word: one.word })}</button>
            ))}
          </div>
          {wrong && <p className="refused">{say("new.unknown", { given: wrong })}</p>}
        </fieldset>
        <label className="tick wide"><input type="checkbox" checked={said.withVisit} onChange={(event) => onChange({ withVisit: event.target.checked, offered: null })} />{say("new.with_visit")}</label>
        {said.withVisit && told && told.skills.length > 0 && (
          <div><h3>{say("new.skills")}</h3><div className="chips">{told.skills.map((one) => <span key={one.skill} className="chip">{say("new.skill", { skill: one.skill, level: one.level })}</span>)}</div></div>
        )}
        {/* Taken as they stand as a rule: who must say one of them is shown it, nobody else reads them. */}
        <details className="wide" {...(further ? { open: true } : {})}>
          <summary>{say("new.further")}</summary>
          <div className="fields">
            <label>{say("new.symptom")}<input value={said.symptom} maxLength={64} autoComplete="off" onChange={(event) => onChange({ symptom: event.target.value })} /></label>
            <label>{say("new.kind")}
              <select value={said.kind} onChange={(event) => onChange({ kind: event.target.value })}>
                {KINDS.map((one) => <option key={one} value={one}>{say(`kind.${one}`)}</option>)}
              </select>
            </label>
            <label>{say("new.channel")}
              {/* A scanned code is no way to report without its scan: then the equipment is named. */}
              <select value={said.channel} onChange={(event) => onChange({ channel: event.target.value as Said["channel"] })}>
                {CHANNELS.map((one) => <option key={one} value={one}>{say(`channel.${one}`)}</option>)}
              </select>
            </label>
            {said.withVisit && (
              <label>{say("new.minutes")}<input inputMode="numeric" value={said.minutes} placeholder={told?.minutes ? String(told.minutes) : ""} maxLength={5} onChange={(event) => onChange({ minutes: event.target.value, offered: null })} /></label>
            )}
          </div>
        </details>
      </div>
    </section>
  );
}
