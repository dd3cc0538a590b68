// What may follow of a loan, a charge, a complaint or a survey: one press where nothing is to be said, a short form where something is.
import { useState } from "react";
import { useHere } from "../shell/here";
import { useSpoken } from "../text";
import { fieldsOf, REMEDIES, saidOf, UNTYPED, type Of, type Said, type Typed } from "./steps";

interface Props {
  of: Of;
  steps: readonly string[];
  /** Said first of every button, for who hears them one by one. */
  about: string;
  highest?: number | null;
  write(step: string, said: Said): Promise<unknown>;
  onWritten(): void;
}

export function Steps({ of, steps, about, highest, write, onWritten }: Props) {
  const { say } = useSpoken();
  const { region } = useHere();
  const [chosen, setChosen] = useState("");
  const [typed, setTyped] = useState<Typed>(UNTYPED);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const name = (step: string) => say(`step.${of}.${step}` as "step.loan.out");
  const send = async (step: string, said: Said) => {
    setBusy(true);
    setRefused("");
    try {
      await write(step, said);
      setChosen("");
      onWritten();
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const press = (step: string) => {
    setRefused("");
    setTyped(UNTYPED);
    if (fieldsOf(of, step).length) setChosen(step === chosen ? "" : step);
    else void send(step, saidOf(of, step, UNTYPED, region.zone)!);
  };
  const said = chosen ? saidOf(of, chosen, typed, region.zone) : null;
  const change = (changed: Partial<Typed>) => setTyped({ ...typed, ...changed });
  const fields = chosen ? fieldsOf(of, chosen) : [];
  return (
    <div className="beside-steps">
      <div className="chips" role="group" aria-label={about}>
        {steps.map((step) => <button key={step} type="button" className="chip" disabled={busy} aria-pressed={fieldsOf(of, step).length ? step === chosen : undefined} onClick={() => press(step)}>{name(step)}</button>)}
      </div>
      {chosen && (
        <form className="next-move" onSubmit={(event) => { event.preventDefault(); if (said) void send(chosen, said); }}>
          <div className="fields">
            {fields.includes("cents") && <label>{say("step.amount", { currency: region.currency })}<input required inputMode="decimal" maxLength={14} value={typed.cents} onChange={(event) => change({ cents: event.target.value })} /></label>}
            {fields.includes("moment") && <label>{say("step.lent_until")}<input type="datetime-local" required value={typed.moment} onChange={(event) => change({ moment: event.target.value })} /></label>}
            {fields.includes("score") && <label>{say("step.score", { highest: highest ?? 5 })}<input required inputMode="numeric" maxLength={3} value={typed.score} onChange={(event) => change({ score: event.target.value })} /></label>}
            {fields.includes("remedy") && <label>{say("step.remedy")}<select value={typed.remedy} onChange={(event) => change({ remedy: event.target.value })}>{REMEDIES.map((one) => <option key={one} value={one}>{one ? say(`remedy.${one.replaceAll("-", "_")}` as "remedy.free_repeat") : say("page.none")}</option>)}</select></label>}
            {(fields.includes("reason") || fields.includes("words")) && <label className="wide">{say(of === "complaint" && chosen === "answered" ? "step.answer" : "ticket.reason")}<input required={fields.includes("reason")} maxLength={500} value={typed.reason} onChange={(event) => change({ reason: event.target.value })} /></label>}
          </div>
          <div className="send">
            <button type="submit" className="main" disabled={busy || !said}>{say("ticket.write")}: {name(chosen)}</button>
            <button type="button" onClick={() => setChosen("")}>{say("page.cancel")}</button>
          </div>
        </form>
      )}
      <p role="alert" className="refused">{refused}</p>
    </div>
  );
}
