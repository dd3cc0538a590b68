// A place by its id, with the region's own shelves to choose from.
import { useEffect, useId, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";

type Place = components["schemas"]["PlacesRowOut"];
const SHELVES = new Set(["warehouse", "depot", "van", "forward"]);
const PAGE = 200;

let known: Promise<Place[]> | null = null;

async function everyPlace(): Promise<Place[]> {
  const rows: Place[] = [];
  let after = "";
  do {
    const { data } = await client.GET("/v1/places", { params: { query: { limit: PAGE, ...(after ? { after } : {}) } } });
    const page = data as unknown as { rows: Place[]; next: string | null };
    rows.push(...page.rows);
    after = page.next ?? "";
  } while (after);
  return rows;
}

/** Shelves of the region, read once for all fields of a page; the fields of a page that failed to read them are free text. */
export function usePlaces(kinds: ReadonlySet<string> = SHELVES): Place[] {
  const [places, setPlaces] = useState<Place[]>([]);
  useEffect(() => {
    let here = true;
    known ??= everyPlace();
    known.then((all) => { if (here) setPlaces(all.filter((one) => kinds.has(one.kind))); }, () => { known = null; });
    return () => { here = false; };
  }, [kinds]);
  return places;
}

/** Places are those of one region: another region has others. */
export const forgetPlaces = (): void => { known = null; };

interface Props { label: string; value: string; required?: boolean; onChange(place: string): void; onBlur?(): void }

export function PlaceInput({ label, value, required, onChange, onBlur }: Props) {
  const list = useId();
  const places = usePlaces();
  return (
    <label>{label}
      <input value={value} required={required} maxLength={64} list={list} autoComplete="off" onChange={(event) => onChange(event.target.value)} onBlur={onBlur} />
      <datalist id={list}>{places.map((one) => <option key={one.place_id} value={one.place_id}>{one.name}</option>)}</datalist>
    </label>
  );
}
