// A scheme or practice as values of its file: what an input shows, what it becomes, what differs. Pure.
import type { components } from "contract";
import type { Code, Say } from "../text";

export type Field = components["schemas"]["TermFieldOut"];
export type Draft = components["schemas"]["DraftOut"];
export type Figure = components["schemas"]["SchemeFigureOut"];
export interface Change { path: string[]; toml: string }

export const SEVERITIES = ["P1", "P2", "P3", "P4"] as const;
const MILESTONES = ["acknowledge", "respond", "arrange", "propose", "arrive", "repair", "deliver", "substitute"];
const LADDER = ["on-site-team", "dispatcher", "specialist-centre", "development", "manager", "manufacturer"];
/** Clauses that can be taken out by themselves; the others belong to every file. */
const OPTIONAL = new Set(["milestones", "pauses", "breach", "ladder", "exclusions", "remedies", "fees", "promised", "words", "complaint", "targets", "handling", "preventive", "entitlement"]);

export const keyOf = (path: readonly string[]): string => path.join(".");
const quoted = (text: string): string => JSON.stringify(text);

/** A value as its input shows it. */
export function shownOf(field: Pick<Field, "kind" | "toml">): string {
  if (field.kind === "text") return JSON.parse(field.toml) as string;
  if (field.kind === "list") return (JSON.parse(field.toml) as unknown[]).join(", ");
  return field.toml;
}

/** What was typed as TOML; what is no number or date is left to the rules to refuse, at its key. */
export function tomlOf(kind: Field["kind"], typed: string): string {
  const text = typed.trim();
  const whole = /^-?\d{1,15}$/;
  if (kind === "number") return whole.test(text) ? String(Number(text)) : quoted(text);
  if (kind === "yes_no") return text === "true" ? "true" : "false";
  if (kind === "date") return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : quoted(text);
  if (kind === "list") return `[${text.split(/[,，;；]/).map((one) => one.trim()).filter(Boolean).map((one) => (whole.test(one) ? String(Number(one)) : quoted(one))).join(", ")}]`;
  return quoted(text);
}

/** The changes with one more; a value changed twice is changed once. */
export function withChange(changes: readonly Change[], next: Change): Change[] {
  const key = keyOf(next.path);
  return [...changes.filter((one) => keyOf(one.path) !== key), next];
}

export interface Clause { key: string; path: string[]; fields: Field[]; removable: boolean }
export interface Group { name: string; clauses: Clause[] }

/** The values of a file, those of one clause together, clauses by the part of the file they belong to. */
export function groupsOf(fields: readonly Field[]): Group[] {
  const groups = new Map<string, Map<string, Clause>>();
  for (const field of fields) {
    if (field.path[0] === "schema") continue;
    const alone = field.path.length === 1 || field.path[0] === "name" || (field.path.length === 2 && ["value", "source"].includes(field.path[1]!));
    const name = alone ? "head" : field.path[0]!;
    const path = alone ? field.path.slice(0, field.path.length === 1 ? 1 : field.path[0] === "name" ? 2 : 1) : clauseOf(field.path);
    const clauses = groups.get(name) ?? new Map<string, Clause>();
    const key = keyOf(path);
    const clause = clauses.get(key) ?? { key, path, fields: [], removable: OPTIONAL.has(name) };
    clause.fields.push(field);
    clauses.set(key, clause);
    groups.set(name, clauses);
  }
  return [...groups].map(([name, clauses]) => ({ name, clauses: [...clauses.values()] }));
}

/** The path of the clause a value belongs to: a milestone's severity, the table of anything else. */
function clauseOf(path: readonly string[]): string[] {
  if (path[0] === "milestones") return path.slice(0, 3);
  if (path[0] === "work") return path.slice(0, path[3] === "checklist" ? 5 : 3);
  return path.slice(0, 2);
}

/** The changes that give each severity a time of its own, all as they were together. */
export function bySeverity(clause: Clause): Change[] {
  const milestone = clause.path.slice(0, 2);
  const inside = clause.fields.map((field) => `${field.path.at(-1)} = ${field.toml}`).join(", ");
  return [...SEVERITIES.map((one) => ({ path: [...milestone, one], toml: `{ ${inside} }` })), { path: [...milestone, "all"], toml: "" }];
}

/** Clauses that are not in a file and can be added with a first value. */
export function additions(fields: readonly Field[]): Change[] {
  const there = new Set(fields.flatMap((field) => field.path.map((_, at) => keyOf(field.path.slice(0, at + 1)))));
  const source = `source = "chosen"`;
  const price = `{ per = "hour", cents = { P1 = 0, P2 = 0, P3 = 0, P4 = 0 }, ${source} }`;
  const milestones = MILESTONES.filter((one) => one !== "substitute");
  const offered: Change[] = [
    ...milestones.map((one) => ({ path: ["milestones", one, "all"], toml: `{ within = "24 h", ${source} }` })).filter((one) => !there.has(keyOf(one.path.slice(0, 2)))),
    ...LADDER.map((one) => ({ path: ["ladder", one], toml: `{ at = "4 h", ${source} }` })),
    ...milestones.filter((one) => there.has(`milestones.${one}`)).map((one) => ({ path: ["breach", one], toml: price })),
    ...["part", "customer", "access"].map((one) => ({ path: ["pauses", one], toml: `{ milestones = ["repair"], ${source} }` })),
    ...["misuse", "own-repair", "force-majeure", "wear", "upgrade-refused"].map((one) => ({ path: ["exclusions", one], toml: `{ ${source} }` })),
    { path: ["complaint", "accept"], toml: `{ within = "24 h", ${source} }` },
    { path: ["complaint", "answer"], toml: `{ within = "48 h", ${source} }` },
    { path: ["targets", "satisfaction"], toml: `{ percent = 90, ${source} }` },
    { path: ["fees", "call"], toml: `{ exactly = 30000, severities = ["P1", "P2", "P3", "P4"], ${source} }` },
  ];
  return offered.filter((one) => !there.has(keyOf(one.path)));
}

export interface Difference { key: string; here: string; there: string }

/** What two versions say differently; empty: the other alone says it. */
export function differences(here: readonly Figure[], there: readonly Figure[]): Difference[] {
  const said = (figures: readonly Figure[]) => new Map(figures.map((one) => [one.key, one.value]));
  const [a, b] = [said(here), said(there)];
  return [...new Set([...a.keys(), ...b.keys()])].map((key) => ({ key, here: a.get(key) ?? "", there: b.get(key) ?? "" })).filter((one) => one.here !== one.there);
}

/** The next version of a scheme: its number one higher, told today, in force when the notice is over. */
export function nextVersion(version: string, versions: readonly string[], today: string, noticeDays: number): Change[] {
  const number = Math.max(0, ...versions.map((one) => (/^\d{1,6}$/.test(one) ? Number(one) : 0)));
  const next = number > 0 ? String(number + 1) : `${version}.1`;
  return [
    { path: ["version"], toml: quoted(next) },
    { path: ["announced_on"], toml: today },
    { path: ["effective_on"], toml: daysAfter(today, noticeDays) },
  ];
}

/** The days of notice a scheme promises before its next version. */
export const noticeOf = (figures: readonly Figure[]): number => Number(figures.find((one) => one.key === "notice_days")?.value ?? 0) || 0;

export const daysAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The word for one of the words of a file; the word itself where there is none: a name somebody gave. */
export function wordOf(word: string, say: Say): string {
  if (MILESTONES.includes(word)) return say(`milestone.${word}` as Code);
  const code = `term.${word}`;
  const said = say(`term.${word}` as Code);
  return said === code ? word : said;
}

/** A clause by its path, without the part of the file it stands in. */
export function clauseName(path: readonly string[], say: Say): string {
  const words = (path.length > 1 ? path.slice(1) : path).filter((one) => one !== "checklist");
  return words.map((one) => wordOf(one, say)).join(" · ");
}

/** A figure's value in words. */
export function valueOf(value: string, say: Say, money: (cents: number) => string): string {
  if (value === "True" || value === "False") return say(value === "True" ? "term.yes" : "term.no");
  const time = /^(\d+) (min|h|d)(?: (\S+))?$/.exec(value);
  if (time) {
    const span = say(`term.span_${time[2]!}` as Code, { n: time[1]! });
    return time[3] ? say("term.in_calendar", { span, calendar: wordOf(time[3], say) }) : span;
  }
  const prices = /^((?:P[1-4] \d+ ?)+)per (minute|hour|day)$/.exec(value);
  if (prices) return say("term.prices", { prices: [...prices[1]!.matchAll(/(P[1-4]) (\d+)/g)].map((one) => `${one[1]!} ${money(Number(one[2]))}`).join(" · "), per: wordOf(prices[2]!, say) });
  const fee = /^(exactly|at-most|at-least) (\d+) cents/.exec(value);
  if (fee) return `${wordOf(fee[1]!, say)} ${money(Number(fee[2]))}`;
  const share = /^(\d+) % of (\w+)$/.exec(value);
  if (share) return say("term.share", { n: share[1]!, of: wordOf(share[2]!, say) });
  const work = /^(\d+) min, level (\d)$/.exec(value);
  if (work) return say("term.work", { n: work[1]!, level: work[2]! });
  const attached = /^(.+); (\d+) bytes$/.exec(value);
  if (attached) return say("term.bytes", { types: attached[1]!, size: `${Math.round(Number(attached[2]) / 1e5) / 10} MB` });
  if (/^[a-z]+ \d{1,13}(, [a-z]+ \d{1,13})*$/.test(value)) return value.split(", ").map((one) => one.split(" ")).map(([who, cents]) => `${wordOf(who!, say)} ${money(Number(cents))}`).join(" · ");
  return value.split(", ").map((one) => wordOf(one, say)).join(", ");
}
