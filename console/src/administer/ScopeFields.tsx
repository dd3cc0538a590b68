// Where rights reach, chosen: everywhere, some regions, or a part of one region.
import { useCallback, useId } from "react";
import { client } from "../api/client";
import { useRead } from "../shell/read";
import { useSpoken } from "../text";
import type { Reach, ScopeTyped } from "./scope";

async function regionsThere() {
  const { data } = await client.GET("/v1/regions");
  return data!.regions;
}

interface Props { typed: ScopeTyped; reaches: readonly Reach[]; onChange(typed: ScopeTyped): void }

export function ScopeFields({ typed, reaches, onChange }: Props) {
  const { say } = useSpoken();
  const list = useId();
  const regions = useRead(regionsThere);
  const reach = reaches.includes(typed.reach) ? typed.reach : reaches[0]!;
  const inOne = reach === "depots" || reach === "engineer" ? typed.region : "";
  const ask = useCallback(async () => {
    if (!inOne) return [];
    if (reach === "depots") {
      const { data } = await client.GET("/v1/places", { params: { query: { kind: "depot", limit: 200, region: inOne } } });
      return (data as unknown as { rows: { place_id: string; name: string }[] }).rows.map((one) => ({ id: one.place_id, name: one.name }));
    }
    const { data } = await client.GET("/v1/engineers", { params: { query: { limit: 200, region: inOne } } });
    return (data as unknown as { rows: { engineer_id: string }[] }).rows.map((one) => ({ id: one.engineer_id, name: "" }));
  }, [inOne, reach]);
  const known = useRead(ask).value ?? [];
  const tick = (ids: readonly string[], id: string) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]);
  return (
    <>
      <label>{say("scope.reach")}
        <select value={reach} onChange={(event) => onChange({ ...typed, reach: event.target.value as Reach })}>
          {reaches.map((one) => <option key={one} value={one}>{say(`scope_reach.${one}`)}</option>)}
        </select>
      </label>
      {reach === "regions" && (
        <fieldset className="bare wide"><legend>{say("scope.regions")}</legend>
          {regions.value?.map((one) => <label key={one.region} className="tick"><input type="checkbox" checked={typed.regions.includes(one.region)} onChange={() => onChange({ ...typed, reach, regions: tick(typed.regions, one.region) })} />{one.name || one.region}</label>)}
        </fieldset>
      )}
      {reach !== "regions" && reach !== "everywhere" && (
        <label>{say("scope.region")}
          <select value={typed.region} required onChange={(event) => onChange({ ...typed, reach, region: event.target.value, depots: [], engineer: "" })}>
            <option value="" />
            {regions.value?.map((one) => <option key={one.region} value={one.region}>{one.name || one.region}</option>)}
          </select>
        </label>
      )}
      {reach === "depots" && typed.region && (
        <fieldset className="bare wide"><legend>{say("scope.depots")}</legend>
          {known.map((one) => <label key={one.id} className="tick"><input type="checkbox" checked={typed.depots.includes(one.id)} onChange={() => onChange({ ...typed, reach, depots: tick(typed.depots, one.id) })} />{one.name ? `${one.name} (${one.id})` : one.id}</label>)}
        </fieldset>
      )}
      {reach === "customers" && typed.region && (
        <label className="wide">{say("scope.customers")}<input required value={typed.customers} maxLength={2000} onChange={(event) => onChange({ ...typed, reach, customers: event.target.value })} /></label>
      )}
      {reach === "engineer" && typed.region && (
        <label>{say("scope.engineer")}<input required list={list} value={typed.engineer} maxLength={64} onChange={(event) => onChange({ ...typed, reach, engineer: event.target.value })} />
          <datalist id={list}>{known.map((one) => <option key={one.id} value={one.id} />)}</datalist>
        </label>
      )}
    </>
  );
}
