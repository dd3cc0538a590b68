// One change as a form: what it is, then what it needs, with the region's own things to choose from.
import { useId, useState } from "react";
import { Dialog } from "../../board/Dialog";
import { useSpoken, type Code } from "../../text";
import { useChoices } from "./choices";
import { CAUSES, fieldsOf, KINDS, lacking, sentenceOf, type Card, type Field, type Kind } from "./patches";

interface Props { card?: { kind: Kind; values: Readonly<Record<string, string>> } | undefined; onDone(card: Card): void; onClose(): void }

export function CardDialog({ card, onDone, onClose }: Props) {
  const { say } = useSpoken();
  const [kind, setKind] = useState<Kind>(card?.kind ?? "engineers_add");
  const [values, setValues] = useState<Record<string, string>>({ ...card?.values });
  const [tried, setTried] = useState(false);
  const wanted = lacking(kind, values);
  const made: Card = { kind, values };
  return (
    <Dialog title={say(card ? "study.edit_change" : "study.new_change")} onClose={onClose}>
      <form className="change-form" noValidate onSubmit={(event) => { event.preventDefault(); event.stopPropagation(); setTried(true); if (wanted.length === 0) onDone(made); }}>
        <label>{say("study.what")}
          <select value={kind} onChange={(event) => { setKind(event.target.value as Kind); setValues({}); setTried(false); }}>
            {KINDS.map((one) => <option key={one} value={one}>{say(`patch_kind.${one}` as Code)}</option>)}
          </select>
        </label>
        <div className="fields">
          {fieldsOf(kind).map((field) => <FieldInput key={`${kind} ${field.name}`} field={field} value={values[field.name] ?? ""} wrong={tried && wanted.includes(field.name)} onChange={(value) => setValues({ ...values, [field.name]: value })} />)}
        </div>
        <p className="quiet">{wanted.length === 0 ? sentenceOf(made, say) : say("study.wanted", { fields: wanted.map((name) => say(`patch_field.${name}` as Code)).join(say("patch_said.comma")) })}</p>
        <p role="alert" className="refused">{tried && wanted.length > 0 ? say("study.wanted", { fields: wanted.map((name) => say(`patch_field.${name}` as Code)).join(say("patch_said.comma")) }) : ""}</p>
        <button type="submit" className="main">{say(card ? "study.keep_change" : "study.add_this")}</button>
      </form>
    </Dialog>
  );
}

function FieldInput({ field, value, wrong, onChange }: { field: Field; value: string; wrong: boolean; onChange(value: string): void }) {
  const { say } = useSpoken();
  const list = useId();
  const choices = useChoices()[field.ask] ?? [];
  const name = say(`patch_field.${field.name}` as Code);
  if (field.ask === "causes") {
    const chosen = value.split(",").map((one) => one.trim()).filter(Boolean);
    return (
      <fieldset className="bare wide"><legend>{name}</legend>
        <div className="chips">{CAUSES.map((one) => <label key={one} className="tick"><input type="checkbox" checked={chosen.includes(one)} onChange={() => onChange((chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]).join(", "))} />{say(`chance_cause.${one}` as Code)}</label>)}</div>
      </fieldset>
    );
  }
  const number = field.ask === "number" || field.ask === "whole";
  // Several are typed one after another: those chosen stay before the one that is being chosen.
  const several = field.ask === "engineers" || field.ask === "customers";
  const before = several && value.includes(",") ? value.slice(0, value.lastIndexOf(",") + 1) + " " : "";
  const hint = field.ask === "hours" ? "mon-fri 06:00-14:00" : field.ask === "skills" ? "power:3" : field.name === "arrive" || field.name === "repair" ? "2 h" : undefined;
  return (
    <label>{field.need ? name : say("study.optional", { field: name })}
      <input value={value} inputMode={number ? "decimal" : undefined} required={field.need} aria-invalid={wrong} placeholder={hint} maxLength={200} autoComplete="off" list={choices.length > 0 ? list : undefined} onChange={(event) => onChange(event.target.value)} />
      {choices.length > 0 && <datalist id={list}>{choices.map((one) => <option key={one.id} value={before + one.id}>{one.name}</option>)}</datalist>}
    </label>
  );
}
