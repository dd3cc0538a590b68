// Tables of measures as the pages show them: shares in the language's way, lines by period, days back. Pure.
import type { components } from "contract";
import type { Line } from "../chart/LineChart";
import { localeOf } from "../text/locale";

export type Sheet = components["schemas"]["SheetOut"];
export type Cell = string | number | null;
export const EVERY = ["day", "week", "month"] as const;
export type Every = (typeof EVERY)[number];
export const BY = ["all", "scheme", "severity", "area"] as const;
export type By = (typeof BY)[number];
/** How many periods are looked back at first. */
const BACK: Record<Every, number> = { day: 14, week: 8, month: 6 };
/** Lines that can still be told apart. */
export const MOST_LINES = 4;

export const percent = (lang: string, share: number) => new Intl.NumberFormat(localeOf(lang), { style: "percent", maximumFractionDigits: 1 }).format(share);
export const number = (lang: string, value: number, digits = 1) => new Intl.NumberFormat(localeOf(lang), { maximumFractionDigits: digits }).format(value);

const iso = (at: number) => new Date(at).toISOString().slice(0, 10);
const DAY_MS = 86_400_000;

/** The days looked back at first: whole periods before `today` (a date), the last of them the one that ended last. */
export function backFrom(today: string, every: Every): { from: string; until: string } {
  const now = Date.parse(`${today}T00:00:00Z`);
  const day = new Date(now);
  if (every === "day") return { from: iso(now - BACK.day * DAY_MS), until: iso(now - DAY_MS) };
  if (every === "week") {
    const monday = now - ((day.getUTCDay() + 6) % 7) * DAY_MS;
    return { from: iso(monday - BACK.week * 7 * DAY_MS), until: iso(monday - DAY_MS) };
  }
  const first = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1);
  return { from: iso(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - BACK.month, 1)), until: iso(first - DAY_MS) };
}

export interface Asked { every: Every; from: string; until: string; milestone: string; by: By }

const isDate = (text: string | null): text is string => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

/** What an address asks for; what it leaves out or has wrong is as at first. */
export function askedOf(search: string, today: string): Asked {
  const said = new URLSearchParams(search);
  const every = EVERY.find((one) => one === said.get("every")) ?? "week";
  const first = backFrom(today, every);
  const from = said.get("from"), until = said.get("until");
  const given = isDate(from) && isDate(until) && from <= until;
  return { every, from: given ? from : first.from, until: given ? until : first.until, milestone: said.get("milestone") ?? "", by: BY.find((one) => one === said.get("by")) ?? "all" };
}

/** The address that asks for it. */
export function searchOf(asked: Asked): string {
  const said = new URLSearchParams({ every: asked.every, from: asked.from, until: asked.until });
  if (asked.milestone) said.set("milestone", asked.milestone);
  if (asked.by !== "all") said.set("by", asked.by);
  return `?${said}`;
}

/** The periods of a trend: their first and last days, in order, from all its tables. */
export function periodsOf(sheets: readonly Sheet[]): { first: string; last: string }[] {
  const known = new Map<string, string>();
  for (const sheet of sheets) for (const row of sheet.rows) known.set(String(row[0]), String(row[1]));
  return [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([first, last]) => ({ first, last }));
}

export interface Wanted { name: string; where: Readonly<Record<string, string>>; value: string; of?: string; low?: string; high?: string; scale?: number }

/** Lines of a table of periods: of each wanted one the rows whose cells are as said; a period without a row has no value. */
export function linesOf(sheet: Sheet, periods: readonly { first: string }[], wanted: readonly Wanted[]): (Line & { cases: (number | null)[] })[] {
  const at = (name: string | undefined) => (name === undefined ? -1 : sheet.columns.findIndex((one) => one.name === name));
  return wanted.map((one) => {
    const tests = Object.entries(one.where).map(([name, cell]) => [at(name), cell] as const);
    const rows = new Map(sheet.rows.filter((row) => tests.every(([column, cell]) => String(row[column] ?? "") === cell)).map((row) => [String(row[0]), row]));
    const held = (first: string, name: string | undefined) => { const cell = rows.get(first)?.[at(name)]; return typeof cell === "number" ? cell / (one.scale ?? 1) : cell === null || cell === undefined || cell === "" ? null : Number(cell) / (one.scale ?? 1); };
    const count = (first: string, name: string) => { const cell = rows.get(first)?.[at(name)]; return typeof cell === "number" ? cell : null; };
    // Attainment says both of what it is a share of.
    const cases = periods.map(({ first }) => (one.of === undefined ? null : one.of === "decided" && rows.has(first) ? (count(first, "attained") ?? 0) + (count(first, "breached") ?? 0) : count(first, one.of)));
    return { name: one.name, cases, points: periods.map(({ first }, x) => ({ x, y: held(first, one.value), low: held(first, one.low), high: held(first, one.high) })) };
  });
}

/** The groups of attainment with most promises decided, of one milestone: as many as lines can be told apart. */
export function groupsOf(sheet: Sheet, milestone: string, by: By): string[] {
  const at = (name: string) => sheet.columns.findIndex((one) => one.name === name);
  const decided = new Map<string, number>();
  for (const row of sheet.rows) {
    if (row[at("milestone")] !== milestone || row[at("by")] !== by || row[at("version")] !== "last") continue;
    const group = String(row[at("group")]);
    decided.set(group, (decided.get(group) ?? 0) + Number(row[at("attained")]) + Number(row[at("breached")]));
  }
  return [...decided].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MOST_LINES).map(([group]) => group);
}
