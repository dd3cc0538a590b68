// What a change may be about: the region's own engineers, depots, skills, parts, suppliers, schemes, loaner classes, customers.
import { useEffect, useState } from "react";
import type { components } from "contract";
import { client } from "../../api/client";
import { useHere } from "../../shell/here";
import type { Ask } from "./patches";

export interface Choice { id: string; name: string }
export type Choices = Partial<Record<Ask, readonly Choice[]>>;
type Library = components["schemas"]["LibraryRowOut"];

const MOST = 200;
interface Rows { rows: Record<string, unknown>[] }
const rowsOf = async (asked: Promise<{ data?: unknown }>): Promise<Record<string, unknown>[]> => ((await asked).data as Rows).rows;
const named = (rows: Record<string, unknown>[], id: string, name: string): Choice[] => rows.map((row) => ({ id: String(row[id] ?? ""), name: String(row[name] ?? "") })).filter((one) => one.id);

/** What cannot be read is no reason to stop: its fields are free text then. */
async function readChoices(): Promise<Choices> {
  const query = { params: { query: { limit: MOST } } };
  const none = (): Record<string, unknown>[] => [];
  const [engineers, places, skills, parts, suppliers, schemes, classes, customers] = await Promise.all([
    rowsOf(client.GET("/v1/engineers", query)).catch(none),
    rowsOf(client.GET("/v1/places", query)).catch(none),
    rowsOf(client.GET("/v1/engineer-skills", query)).catch(none),
    rowsOf(client.GET("/v1/parts", query)).catch(none),
    rowsOf(client.GET("/v1/suppliers", query)).catch(none),
    rowsOf(client.GET("/v1/schemes")).catch(none),
    rowsOf(client.GET("/v1/loaner-classes", query)).catch(none),
    rowsOf(client.GET("/v1/customers", query)).catch(none),
  ]);
  const who = named(engineers, "engineer_id", "name");
  const skill = [...new Set(skills.map((row) => String(row["skill"] ?? "")))].filter(Boolean).sort().map((id) => ({ id, name: "" }));
  return {
    engineer: who,
    engineers: who,
    depot: named(places.filter((row) => row["kind"] === "depot"), "place_id", "name"),
    skill,
    part: named(parts, "part_id", "name"),
    supplier: named(suppliers, "supplier_id", "name"),
    scheme: named(schemes, "scheme", "name"),
    loaner: named(classes, "loaner_class", "name"),
    customer: named(customers, "customer_id", "name"),
    customers: named(customers, "customer_id", "name"),
  };
}

// By who asks and where: another region has others.
let known: { of: string; choices: Promise<Choices> } | null = null;

export function useChoices(): Choices {
  const { me, region } = useHere();
  const of = `${me.user} ${region.region}`;
  const [choices, setChoices] = useState<Choices>({});
  useEffect(() => {
    let here = true;
    if (known?.of !== of) known = { of, choices: readChoices() };
    known.choices.then((all) => { if (here) setChoices(all); }, () => { known = null; });
    return () => { here = false; };
  }, [of]);
  return choices;
}

/** The bases and patches that ship. */
export async function readLibrary(): Promise<Library[]> {
  return (await client.GET("/v1/scenarios/library")).data!.rows as Library[];
}
