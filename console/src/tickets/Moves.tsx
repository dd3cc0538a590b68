// The steps that may follow: one press where nothing more is to be said, a short form where something is.
import { useState } from "react";
import { client, newKey, Problem } from "../api/client";
import { useHere } from "../shell/here";
import { useSpoken } from "../text";
import { CHOICES, fieldsFor, needsReason, stepsFor, valueKindOf, valueOf, type Fields, type Kind } from "./moves";
import type { Whole } from "./whole";

export function Moves({ ticket, onWritten, onMovedOn }: { ticket: Whole; onWritten(said: string): void; onMovedOn(): void }) {
  const { say } = useSpoken();
  const { may, region } = useHere();
  const [chosen, setChosen] = useState<Kind | null>(null);
  const [fields, setFields] = useState<Fields>(fieldsFor("closed"));
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const steps = stepsFor(ticket.may_follow, may);
  const choose = (kind: Kind) => { setRefused(""); setChosen(kind === chosen ? null : kind); setFields(fieldsFor(kind)); };
  const value = chosen && valueOf(chosen, fields, region.zone);
  const whole = chosen !== null && value !== null && (!needsReason(chosen) || fields.reason.trim() !== "");
  const write = async () => {
    const step = steps.find((one) => one.kind === chosen);
    if (!step || value === null) return;
    setBusy(true);
    setRefused("");
    const path = { ticket: ticket.id };
    const body = { kind: step.kind, value, reason: fields.reason.trim(), visit: "" } as const;
    const params = { path, header: { "If-Match": `"${ticket.version}"`, "Idempotency-Key": newKey() } };
    try {
      await (step.way === "events" ? client.POST("/v1/tickets/{ticket}/events", { params, body }) : client.POST("/v1/tickets/{ticket}/work", { params, body }));
      setChosen(null);
      onWritten(say(`event.${step.kind}` as "event.closed"));
    } catch (error) {
      if (error instanceof Problem && error.code === "desk.ticket_moved_on") { setChosen(null); onMovedOn(); }
      else setRefused(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  if (!may("ticket_write") && !may("visit_report")) return null;
  return (
    <section className="card" aria-label={say("ticket.moves")}>
      <h2>{say("ticket.moves")}</h2>
      {steps.length === 0 && <p className="quiet">{say("ticket.moves_none")}</p>}
      <div className="chips">
        {steps.map(({ kind }) => <button key={kind} type="button" className="chip" aria-pressed={kind === chosen} onClick={() => choose(kind)}>{say(`event.${kind}` as "event.closed")}</button>)}
      </div>
      {chosen && (
        <form className="next-move" onSubmit={(event) => { event.preventDefault(); void write(); }}>
          <div className="fields">
            <ValueFields kind={chosen} fields={fields} onChange={(changed) => setFields({ ...fields, ...changed })} />
            <label className="wide">{say("ticket.reason")}<input value={fields.reason} maxLength={500} required={needsReason(chosen)} onChange={(event) => setFields({ ...fields, reason: event.target.value })} /></label>
          </div>
          <div className="send">
            <button type="submit" className="main" disabled={busy || !whole}>{say("ticket.write")}: {say(`event.${chosen}` as "event.closed")}</button>
            <button type="button" onClick={() => setChosen(null)}>{say("page.cancel")}</button>
          </div>
        </form>
      )}
      <p role="alert" className="refused">{refused}</p>
    </section>
  );
}

function ValueFields({ kind, fields, onChange }: { kind: Kind; fields: Fields; onChange(changed: Partial<Fields>): void }) {
  const { say } = useSpoken();
  const of = valueKindOf(kind);
  const time = (name: "from" | "until", label: "ticket.at" | "ticket.from" | "ticket.until") => (
    <label>{say(label)}<input type="datetime-local" required value={fields[name]} onChange={(event) => onChange({ [name]: event.target.value })} /></label>
  );
  const choice = (label: string, word: (one: string) => string) => (
    <label>{label}
      <select value={fields.choice} onChange={(event) => onChange({ choice: event.target.value })}>
        {CHOICES[of as keyof typeof CHOICES].map((one) => <option key={one} value={one}>{word(one)}</option>)}
      </select>
    </label>
  );
  switch (of) {
    case "wait": return choice(say("list.waiting"), (one) => say(`wait.${one}` as "wait.part"));
    case "severity": return choice(say("list.severity"), (one) => one);
    case "way": case "outcome": return choice(say("ticket.move_value"), (one) => say(`value.${one || "none"}` as "value.none"));
    case "moment": return time("from", "ticket.at");
    case "span": return <>{time("from", "ticket.from")}{time("until", "ticket.until")}</>;
    case "told": return <>{time("from", "ticket.at")}<label>{say("ticket.whom")}<input required maxLength={200} value={fields.whom} onChange={(event) => onChange({ whom: event.target.value })} /></label></>;
    case "milestone": return <>{choice(say("ticket.milestone"), (one) => say(`milestone.${one}` as "milestone.arrive"))}{time("from", "ticket.at")}</>;
    case "part": return (
      <>
        <label>{say("ticket.part")}<input required maxLength={64} value={fields.part} onChange={(event) => onChange({ part: event.target.value })} /></label>
        <label>{say("ticket.quantity")}<input required inputMode="numeric" maxLength={5} value={fields.quantity} onChange={(event) => onChange({ quantity: event.target.value })} /></label>
      </>
    );
    default: return null;
  }
}
