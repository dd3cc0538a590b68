// A shift, a time on call or an absence: added, changed, or taken away while no plan names it.
import { useCallback, useRef, useState } from "react";
import { useHere } from "../shell/here";
import { useSpoken } from "../text";
import { Writing } from "./Editable";
import { firstTyped, spanOf, typedOf, type SpanKind, type SpanRow, type SpanTyped } from "./edit";
import { newId, spanSeen, takeAway, writeSpan, type Seen } from "./writing";

interface Props {
  kind: SpanKind;
  engineer: string;
  /** Empty: a new one. */
  id: string;
  /** Those there are: a new one begins like the last of them. */
  rows: readonly SpanRow[];
  onClose(): void;
  onWritten(): void;
}

export function SpanForm({ kind, engineer, id, rows, onClose, onWritten }: Props) {
  const { say } = useSpoken();
  const { region, now } = useHere();
  const [typed, setTyped] = useState<SpanTyped>(() => firstTyped(kind, rows, now() / 1000, region.zone));
  const fresh = useRef(newId(kind));
  const read = useCallback(async (): Promise<Seen<SpanRow>> => {
    const found = await spanSeen<SpanRow>(kind, id);
    setTyped(typedOf(kind, found.row, region.zone));
    return found;
  }, [kind, id, region.zone]);
  const title = say(id ? `people.change.${kind}` : `people.add.${kind}`);
  return (
    <Writing<SpanRow>
      read={id ? read : null} label={title} onClose={onClose} onWritten={onWritten}
      send={(version, key, row) => {
        const body = spanOf(kind, engineer, typed, region.zone, row);
        return body === null ? false : writeSpan(kind, id || fresh.current, body, version, key);
      }}
      {...(id ? { remove: (version: string, key: string) => takeAway(kind, id, version, key) } : {})}
      fields={(_, changed) => {
        const input = (name: keyof SpanTyped, label: string, more: { type: string; required?: boolean; min?: number; max?: number; maxLength?: number }) => (
          <label>{label}<input {...more} value={typed[name]} onChange={(event) => { changed(); setTyped({ ...typed, [name]: event.target.value }); }} /></label>
        );
        return (
          <div className="fields">
            {input("from", say("ticket.from"), { type: "datetime-local", required: true })}
            {input("until", say("ticket.until"), { type: "datetime-local", required: true })}
            {kind === "absence" && input("reason", say("people.reason"), { type: "text", maxLength: 500 })}
            {kind === "on_call" && input("callOut", say("people.field.call_out", { currency: region.currency }), { type: "text", required: true, maxLength: 14 })}
            {kind === "shift" && input("overtime", say("people.field.overtime"), { type: "number", min: 0, max: 1440 })}
            {kind === "shift" && input("breakMin", say("people.field.break_min"), { type: "number", min: 0, max: 480 })}
            {kind === "shift" && input("breakFrom", say("people.field.break_from"), { type: "datetime-local" })}
            {kind === "shift" && input("breakUntil", say("people.field.break_until"), { type: "datetime-local" })}
          </div>
        );
      }}
    />
  );
}
