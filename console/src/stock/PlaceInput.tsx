// A place by its id, with the region's own shelves to choose from.
import { useEffect, useId, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { useHere } from "../shell/here";

type Place = components["schemas"]["PlacesRowOut"];
const SHELVES = new Set(["warehouse", "depot", "van", "forward"]);
const PAGE = 200;

async function readPlaces(): Promise<Place[]> {
  const rows: Place[] = [];
  let after = "";
  do {
    const { data } = await client.GET("/v1/places", { params: { query: { limit: PAGE, ...(after ? { after } : {}) } } });
    const page = data as unknown as { rows: Place[]; next: string | null };
    rows.push(...page.rows);
    after = page.next ?? "";
  } while (after);
  return rows.filter((one) => SHELVES.has(one.kind));
}

// By who asks and where: another region has other places, and another account may see others.
let known: { of: string; places: Promise<Place[]> } | null = null;

/** Shelves of the region, read once for all fields of a page; where they cannot be read the fields are free text. */
function useShelves(): Place[] {
  const { me, region } = useHere();
  const of = `${me.user} ${region.region}`;
  const [places, setPlaces] = useState<Place[]>([]);
  useEffect(() => {
    let here = true;
    if (known?.of !== of) known = { of, places: readPlaces() };
    known.places.then((all) => { if (here) setPlaces(all); }, () => { known = null; });
    return () => { here = false; };
  }, [of]);
  return places;
}

interface Props { label: string; value: string; required?: boolean; onChange(place: string): void; onBlur?(): void }

export function PlaceInput({ label, value, required, onChange, onBlur }: Props) {
  const list = useId();
  const places = useShelves();
  return (
    <label>{label}
      <input value={value} required={required} maxLength={64} list={list} autoComplete="off" onChange={(event) => onChange(event.target.value)} onBlur={onBlur} />
      <datalist id={list}>{places.map((one) => <option key={one.place_id} value={one.place_id}>{one.name}</option>)}</datalist>
    </label>
  );
}
