// An engineer himself: where he belongs, his van, where he goes. Where he lives is written and never shown.
import { useCallback, useId, useState } from "react";
import { useHere } from "../shell/here";
import { go } from "../shell/route";
import { useSpoken } from "../text";
import { Writing } from "./Editable";
import { engineerOf, engineerTyped, type EngineerTyped } from "./edit";
import type { Engineer } from "./model";
import { engineerSeen, writeEngineer, type Seen } from "./writing";

interface Props {
  /** Empty: a new one. */
  engineer: string;
  depots: readonly string[];
  onClose(): void;
  onWritten(): void;
}

export function EngineerForm({ engineer, depots, onClose, onWritten }: Props) {
  const { say } = useSpoken();
  const { region } = useHere();
  const list = useId();
  const [typed, setTyped] = useState<EngineerTyped>(engineerTyped);
  const read = useCallback(async (): Promise<Seen<Engineer>> => {
    const found = await engineerSeen<Engineer>(engineer);
    setTyped(engineerTyped(found.row));
    return found;
  }, [engineer]);
  return (
    <Writing<Engineer>
      read={engineer ? read : null} label={say(engineer ? "people.change.engineer" : "people.add.engineer")} onClose={onClose}
      onWritten={() => { onWritten(); if (!engineer) go({ name: "people", engineer: typed.id.trim() }); }}
      send={(version, key) => writeEngineer(engineer || typed.id.trim(), engineerOf(typed), version, key)}
      fields={(_, changed) => {
        const input = (name: keyof EngineerTyped, label: string, more: { type?: string; required?: boolean; list?: string; pattern?: string; step?: string; min?: number; max?: number } = {}) => (
          <label>{label}<input maxLength={name === "territories" ? 500 : 64} {...more} value={typed[name]} onChange={(event) => { changed(); setTyped({ ...typed, [name]: event.target.value }); }} /></label>
        );
        return (
          <>
            <datalist id={list}>{depots.map((one) => <option key={one} value={one} />)}</datalist>
            <div className="fields">
              {!engineer && input("id", say("people.field.id"), { required: true, pattern: "[A-Za-z0-9][A-Za-z0-9._+\\-]*" })}
              {input("depot", say("people.depot"), { required: true, list })}
              {input("van", say("people.field.van"))}
              {input("territories", say("people.field.territories"))}
              {input("awayPrice", say("people.field.away_price", { currency: region.currency }))}
              {input("lat", say(engineer ? "people.field.lat_kept" : "people.field.lat"), { type: "number", step: "any", min: -90, max: 90, required: !engineer })}
              {input("lon", say(engineer ? "people.field.lon_kept" : "people.field.lon"), { type: "number", step: "any", min: -180, max: 180, required: !engineer })}
            </div>
          </>
        );
      }}
    />
  );
}
