// Skills, certificates or tools of one engineer, all at once: what is left out he holds no longer.
import { useCallback, useId, useState } from "react";
import { useSpoken } from "../text";
import { Writing } from "./Editable";
import { FIELDS, heldRows, heldTyped, type HeldKind, type HeldTyped } from "./edit";
import { heldSeen, writeHeld, type Seen } from "./writing";

interface Props {
  kind: HeldKind;
  engineer: string;
  /** Words that are in use elsewhere, offered while typing. */
  known: readonly string[];
  onClose(): void;
  onWritten(): void;
}

export function HeldForm({ kind, engineer, known, onClose, onWritten }: Props) {
  const { say } = useSpoken();
  const list = useId();
  const [typed, setTyped] = useState<readonly HeldTyped[]>([]);
  const read = useCallback(async (): Promise<Seen<{ rows: object[] }>> => {
    const found = await heldSeen<object>(kind, engineer);
    setTyped(heldTyped(kind, found.row.rows));
    return found;
  }, [kind, engineer]);
  const change = (at: number, name: string, value: string) => setTyped(typed.map((one, index) => (index === at ? { ...one, [name]: value } : one)));
  const title = say(`people.${kind}`);
  return (
    <Writing
      read={read} label={title} onClose={onClose} onWritten={onWritten}
      send={(version, key) => writeHeld(kind, engineer, heldRows(kind, typed), version, key)}
      fields={(_, changed) => (
        <>
          <datalist id={list}>{known.map((one) => <option key={one} value={one} />)}</datalist>
          {typed.map((one, at) => (
            <div key={at} className="held" role="group" aria-label={one[FIELDS[kind][0]!.name] || say("people.new_line")}>
              {FIELDS[kind].map(({ name, type, required }, index) => (
                <label key={name}>{say(`people.field.${name}` as "people.field.skill")}
                  <input type={type} required={required} list={index === 0 ? list : undefined} maxLength={type === "text" ? 64 : undefined} min={type === "number" ? 1 : undefined} max={type === "number" ? 5 : undefined} value={one[name] ?? ""} onChange={(event) => { changed(); change(at, name, event.target.value); }} />
                </label>
              ))}
              <button type="button" aria-label={`${say("people.leave_out")}: ${one[FIELDS[kind][0]!.name] ?? ""}`} onClick={() => setTyped(typed.filter((_one, index) => index !== at))}>{say("people.leave_out")}</button>
            </div>
          ))}
          <p><button type="button" onClick={() => setTyped([...typed, {}])}>{say("people.one_more")}</button></p>
        </>
      )}
    />
  );
}
