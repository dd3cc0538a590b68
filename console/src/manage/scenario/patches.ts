// Changes of a scenario as forms: what each asks for, how it reads, how the server is given it. One card is one patch.
import type { Code, Say } from "../../text";

/** What a field asks for: an id of the region to choose from, a number, words. */
export type Ask = "engineer" | "engineers" | "depot" | "skill" | "part" | "supplier" | "scheme" | "loaner" | "customer" | "customers" | "causes" | "number" | "whole" | "hours" | "skills" | "words" | "list";
export interface Field { name: string; ask: Ask; need?: boolean }
export interface Form { list: string; does?: "add" | "remove" | "open" | "close"; fields: readonly Field[] }

const need = (name: string, ask: Ask): Field => ({ name, ask, need: true });
const may = (name: string, ask: Ask): Field => ({ name, ask });
const WHO = [may("engineers", "engineers"), may("depot", "depot")];

export const FORMS = {
  engineers_add: { list: "engineers", does: "add", fields: [need("like", "engineer"), may("count", "whole"), may("id", "words"), may("depot", "depot"), may("skills", "skills"), may("hours", "hours"), may("wage_hour", "number")] },
  engineers_remove: { list: "engineers", does: "remove", fields: [...WHO, may("count", "whole")] },
  shifts: { list: "shifts", fields: [need("hours", "hours"), may("overtime_min", "whole"), ...WHO] },
  on_call: { list: "on_call", fields: [may("hours", "hours"), need("call_out", "number"), ...WHO] },
  skills: { list: "skills", fields: [need("skill", "skill"), need("level", "whole"), ...WHO] },
  wages: { list: "wages", fields: [need("hour", "number"), ...WHO] },
  partners_add: { list: "partners", does: "add", fields: [need("id", "words"), need("price", "number"), may("skills", "skills"), may("territories", "list"), may("lead_min", "whole")] },
  partners_remove: { list: "partners", does: "remove", fields: [need("id", "words")] },
  depots_open: { list: "depots", does: "open", fields: [need("id", "words"), may("name", "words"), need("lat", "number"), need("lon", "number"), need("like", "depot"), may("engineers", "engineers")] },
  depots_close: { list: "depots", does: "close", fields: [need("id", "depot"), need("to", "depot")] },
  stock: { list: "stock", fields: [may("depot", "depot"), may("part", "part"), may("factor", "number"), may("level", "whole"), may("reorder", "whole")] },
  vans: { list: "vans", fields: [need("part", "part"), need("units", "whole"), ...WHO] },
  loaners_add: { list: "loaners", does: "add", fields: [need("class", "loaner"), need("place", "depot"), may("count", "whole")] },
  loaners_remove: { list: "loaners", does: "remove", fields: [may("class", "loaner")] },
  suppliers: { list: "suppliers", fields: [may("id", "supplier"), may("more_days", "number"), may("factor", "number")] },
  schemes: { list: "schemes", fields: [need("of", "scheme"), may("to", "scheme"), may("arrive", "words"), may("repair", "words"), may("customers", "customers")] },
  demand: { list: "demand", fields: [need("factor", "number"), may("model", "words"), may("customer", "customer")] },
  chance: { list: "chance", fields: [may("off", "causes"), may("on", "causes")] },
} satisfies Record<string, Form>;

export type Kind = keyof typeof FORMS;
export const KINDS = Object.keys(FORMS) as Kind[];
const formOf = (kind: Kind): Form => FORMS[kind];
export const fieldsOf = (kind: Kind): readonly Field[] => formOf(kind).fields;

/** Sources of chance that may be switched off, as docs/scenarios.md names them. */
export const CAUSES = ["report", "job", "work", "part", "remote", "triage", "travel", "away", "patience", "loan", "absence", "lead", "lot"] as const;

export type Values = Readonly<Record<string, string>>;
export type Card = { kind: Kind; values: Values } | { kind: "library"; id: string; name: string; about: string } | { kind: "as_is"; given: Given; name: string };
/** A patch as the server takes it: exactly one of the three says something. */
export interface Given { library: string; toml: string; table: Record<string, unknown> | null }

const NUMBERS: ReadonlySet<Ask> = new Set<Ask>(["number", "whole"]);
const LISTS: ReadonlySet<Ask> = new Set<Ask>(["engineers", "customers", "causes", "hours", "skills", "list"]);
const split = (text: string) => text.split(/[,，;；、]/).map((one) => one.trim()).filter(Boolean);

/** Names of fields that are wanted and empty, or no number where one is wanted. */
export function lacking(kind: Kind, values: Values): string[] {
  return fieldsOf(kind)
    .filter(({ name, ask, need: wanted }) => {
      const said = (values[name] ?? "").trim();
      if (!said) return wanted === true;
      if (NUMBERS.has(ask)) return !Number.isFinite(Number(said)) || (ask === "whole" && !Number.isInteger(Number(said)));
      return false;
    })
    .map((one) => one.name);
}

/** The entry of a list that a filled form makes. */
export function entryOf(kind: Kind, values: Values): Record<string, unknown> {
  const { does, fields } = formOf(kind);
  const entry: Record<string, unknown> = does ? { do: does } : {};
  for (const { name, ask } of fields) {
    const said = (values[name] ?? "").trim();
    if (said) entry[name] = NUMBERS.has(ask) ? Number(said) : LISTS.has(ask) ? split(said) : said;
  }
  return entry;
}

/** A form filled with an entry; null: it says something no form asks for. */
export function cardOf(list: string, entry: Record<string, unknown>): Card | null {
  const kind = KINDS.find((one) => { const form = formOf(one); return form.list === list && (form.does ?? undefined) === (entry["do"] ?? undefined); });
  if (!kind) return null;
  const fields = fieldsOf(kind);
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(entry)) {
    if (name === "do") continue;
    if (!fields.some((one) => one.name === name)) return null;
    values[name] = Array.isArray(value) ? value.join(", ") : String(value);
  }
  return { kind, values };
}

/** Cards of the lists of a patch, one each entry; null: some say what no form asks for. */
export function cardsOf(table: Record<string, unknown>): Card[] | null {
  const found: (Card | null)[] = [];
  for (const [list, entries] of Object.entries(table)) {
    if (typeof entries === "string") continue; // its name and what it is about
    for (const entry of Array.isArray(entries) ? entries : [entries]) found.push(cardOf(list, entry as Record<string, unknown>));
  }
  return found.includes(null) ? null : (found as Card[]);
}

/** A card in a sentence. */
export function sentenceOf(card: Card, say: Say): string {
  if (card.kind === "library" || card.kind === "as_is") return card.name;
  const { kind, values } = card;
  const said = (name: string) => (values[name] ?? "").trim();
  const code = kind === "on_call" && !said("hours") ? "on_call_ends" : kind;
  const main = MAIN[kind];
  const head = say(`patch_said.${code}` as Code, Object.fromEntries(main.map((name) => [name, said(name) || (name === "count" ? "1" : "")])));
  const rest = fieldsOf(kind)
    .filter(({ name }) => said(name) && !(main.includes(name) && code === kind))
    .map(({ name, ask }) => say("patch_said.with", { field: say(`patch_field.${name}` as Code), value: ask === "causes" ? split(said(name)).map((one) => say(`chance_cause.${one}` as Code)).join(say("patch_said.comma")) : said(name) }));
  const everybody = fieldsOf(kind).some((one) => one.name === "engineers") && !said("engineers") && !said("depot") && kind !== "depots_open" && kind !== "engineers_remove";
  return [head, ...rest, ...(everybody ? [say("patch_said.everybody")] : [])].join(say("patch_said.comma"));
}

/** Fields that stand in the sentence itself. */
const MAIN: Record<Kind, readonly string[]> = {
  engineers_add: ["count", "like"], engineers_remove: [], shifts: ["hours"], on_call: ["hours", "call_out"], skills: ["skill", "level"], wages: ["hour"],
  partners_add: ["id", "price"], partners_remove: ["id"], depots_open: ["id", "like"], depots_close: ["id", "to"], stock: [], vans: ["part", "units"],
  loaners_add: ["class", "place", "count"], loaners_remove: [], suppliers: [], schemes: ["of"], demand: ["factor"], chance: [],
};

/** The patch a card is, with its sentence in both languages as its name. */
export function givenOf(card: Card, en: Say, zh: Say): Given {
  if (card.kind === "library") return { library: card.id, toml: "", table: null };
  if (card.kind === "as_is") return card.given;
  const entry = entryOf(card.kind, card.values);
  const list = formOf(card.kind).list;
  return { library: "", toml: "", table: { name: sentenceOf(card, en).slice(0, 300), name_zh: sentenceOf(card, zh).slice(0, 300), [list]: list === "chance" ? entry : [entry] } };
}

/** Cards of a patch that was given before; one that no form can show stays as it is. */
export function cardsGiven(given: Given, named: (id: string) => { name: string; about: string } | undefined, lang: "en" | "zh"): Card[] {
  if (given.library) return [{ kind: "library", id: given.library, ...(named(given.library) ?? { name: given.library, about: "" }) }];
  const found = given.table ? cardsOf(given.table) : null;
  if (found?.length === 1) return found;
  const table = given.table ?? {};
  const told = given.table ? String((lang === "zh" && table["name_zh"]) || table["name"] || "") : /^name\s*=\s*"(.*)"/m.exec(given.toml)?.[1] ?? "TOML";
  return [{ kind: "as_is", given, name: told }];
}

/** Lists that change nothing but who works when: only such scenarios lie on one curve. */
const PEOPLE: ReadonlySet<string> = new Set(["engineers", "shifts", "on_call"]);
const listsOf = (table: Record<string, unknown>): string[] => Object.keys(table).filter((one) => typeof table[one] !== "string");

/** Whether patches change people and hours and nothing else; of a patch in TOML it is not known, so not. */
export const onlyPeople = (patches: readonly Given[], shipped: (id: string) => Record<string, unknown> | undefined): boolean =>
  patches.every((one) => { const lists = listsOf((one.library ? shipped(one.library) : one.table) ?? {}); return lists.length > 0 && lists.every((list) => PEOPLE.has(list)); });

/** The card a refusal is about: `s1-2.json` is the second patch of scenario s1; null: of none. */
export function cardMeant(file: string): { scenario: string; patch: number } | null {
  const found = /^(.+)-(\d+)\.(?:json|toml)$/.exec(file);
  return found ? { scenario: found[1]!, patch: Number(found[2]) } : null;
}

/** Where what a request asks for is entered; null: no page of the console does. */
export function pageFor(list: string): { name: "people"; engineer: string } | { name: "stock"; tab: string; id: string } | { name: "administer"; tab: string; id: string } | null {
  if (["engineers", "shifts", "on_call", "skills"].includes(list)) return { name: "people", engineer: "" };
  if (["stock", "vans"].includes(list)) return { name: "stock", tab: "positions", id: "" };
  if (list === "loaners") return { name: "stock", tab: "loaners", id: "" };
  if (list === "suppliers") return { name: "stock", tab: "suppliers", id: "" };
  if (list === "schemes") return { name: "administer", tab: "schemes", id: "" };
  return null;
}

/** Simulated runs of the first estimate: a month of a region of 36 engineers takes about a second of the processor each. */
const FIRST_RUNS = 16;

/** Replications of the first estimate of so many scenarios beside their base: enough for an interval, few enough to be waited for. */
export const firstOf = (scenarios: number): number => Math.max(2, Math.min(4, Math.floor(FIRST_RUNS / (scenarios + 1))));
