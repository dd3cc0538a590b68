// What came out of a simulation, read from its files: figures with their changes, promises by contract and region, plans.
import type { Code, Spoken } from "../../text";
import { localeOf } from "../../text/locale";

export type Effect = "better" | "worse" | "changed" | "not_detected" | "equal" | "unknown";
export interface Measured { mean: number | null; low: number | null; high: number | null; n: number }
export interface FigureOf extends Measured { at_least: number | null; change: (Measured & { effect: Effect }) | null }
export interface ScenarioOf { id: string; name: { en: string; zh: string }; engineers: number; figures: Record<string, FigureOf>; late_in_100_tickets: Record<string, number>; money_a_week: Record<string, number> }
export interface Outcome { currency: string; replications: number[]; warm_up_days: { given: number; mser5: number | null }; scenarios: ScenarioOf[] }
/** What a search came to for one question. */
export interface Answered { target: { figure: string; share: number } | null; confidence: { asked: number; reached: number | null; sure: boolean }; whole: boolean; runs: number; engineers: number; kept: Measured | null; cost_week: Measured; roster: { depot: string; shift: string; engineers: number; skills: Record<string, number> }[]; others: { engineers: number; kept: Measured | null; cost_week: Measured }[]; beside: string[]; stock_week: number; options: { beside: string[]; engineers: number | null; cost_week: number | null }[]; lost: Record<string, number>; most: { engineers: number; kept: Measured | null; lost: Record<string, number> } | null }
/** What the question beside it needs more a week, under the same chance; null: one of the two was stopped. */
export interface More { engineers: number; cost_week: Measured; effect: string; stock_week: number }
export interface Roster extends Answered { what_if: null | { stopped: true } | (Answered & { stopped: false; name: { en: string; zh: string }; more: More | null }) }

export type Unit = "share" | "hours" | "money" | "number";
const UNITS: Record<string, Unit> = {
  arrive: "share", restore: "share", first_time_fix: "share", hours_to_arrive: "hours", hours_to_restore: "hours", hours_to_restore_p90: "hours", utilisation: "share", travel_share: "share",
  overtime_hours_week: "hours", stock_fill: "share", part_hours: "hours", loaner_days_week: "number", cost_week: "money", cost_ticket: "money", tickets_week: "number", lost: "share", by_partner: "share", open_at_end: "number",
};
export const unitOf = (figure: string): Unit => UNITS[figure] ?? "number";
const DIGITS: Record<Unit, number> = { share: 1, hours: 1, money: 0, number: 1 };

/** How numbers of one language are written. */
export function written({ lang, say }: Spoken, currency: string) {
  const locale = localeOf(lang);
  const plain = (value: number, unit: Unit, signed = false) => {
    const options: Intl.NumberFormatOptions = { minimumFractionDigits: DIGITS[unit], maximumFractionDigits: DIGITS[unit], ...(signed ? { signDisplay: "exceptZero" } : {}) };
    return new Intl.NumberFormat(locale, options).format(unit === "share" ? value * 100 : value);
  };
  const whole = (value: number | null, unit: Unit) => {
    if (value === null) return "–";
    if (unit === "money") return new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: 0 }).format(value);
    if (unit === "share") return `${plain(value, unit)} %`;
    return unit === "hours" ? say("study.hours", { n: plain(value, unit) }) : plain(value, unit);
  };
  const half = (one: Measured) => (one.mean === null || one.high === null || one.n < 2 ? null : one.high - one.mean);
  return {
    plain,
    whole,
    half,
    /** "80.6 % ± 2.1" */
    mean: (one: Measured, unit: Unit) => { const wide = half(one); return wide === null ? whole(one.mean, unit) : `${whole(one.mean, unit)} ± ${plain(wide, unit)}`; },
    /** "+0.8 ± 0.3" */
    change: (one: Measured, unit: Unit) => { const wide = half(one); return `${one.mean === null ? "–" : plain(one.mean, unit, true)}${wide === null ? "" : ` ± ${plain(wide, unit)}`}`; },
  };
}

/** Figures that any scenario has and that are not nought in all. */
export const figuresShown = (made: Outcome): string[] => Object.keys(UNITS).filter((figure) => made.scenarios.some((one) => { const row = one.figures[figure]; return row !== undefined && row.n > 0 && row.mean !== 0 && row.mean !== null; }));

/** The share curves are about: arrivals where any are promised, else repairs; null: nothing is. */
export const clockOf = (made: Outcome): "arrive" | "restore" | null => (["arrive", "restore"] as const).find((one) => (made.scenarios[0]?.figures[one]?.n ?? 0) > 0) ?? null;

/** Positions of those nobody beats: none keeps more for less. */
export function front(points: readonly { x: number; y: number }[]): Set<number> {
  return new Set(points.flatMap((one, at) => (points.some((other) => other.x <= one.x && other.y >= one.y && (other.x !== one.x || other.y !== one.y)) ? [] : [at])));
}

export interface Grid { regions: string[]; tiers: string[]; cell(tier: string, region: string): { kept: number; promised: number } }

/** Promises of one clock of one scenario by contract scheme and region, all replications together. */
export function promisesBy(rows: readonly Record<string, string>[], scenario: string, clock: string): Grid {
  const cells = new Map<string, { kept: number; promised: number }>();
  const regions = new Set<string>();
  const tiers = new Set<string>();
  for (const row of rows) {
    if (row["scenario"] !== scenario || row["clock"] !== clock) continue;
    const { tier = "", region = "" } = row;
    tiers.add(tier);
    regions.add(region);
    const key = `${tier}\n${region}`;
    const before = cells.get(key) ?? { kept: 0, promised: 0 };
    cells.set(key, { kept: before.kept + Number(row["kept"]), promised: before.promised + Number(row["promised"]) });
  }
  return { regions: [...regions].sort(), tiers: [...tiers].sort(), cell: (tier, region) => cells.get(`${tier}\n${region}`) ?? { kept: 0, promised: 0 } };
}

export const SIGN: Record<Effect, string> = { better: "▲", worse: "▼", changed: "◆", not_detected: "", equal: "", unknown: "" };

/** A change in words: signs for what was found, a sentence for what was not. */
export function changeTold(row: FigureOf, unit: Unit, spoken: Spoken, currency: string): string {
  if (!row.change) return "";
  const { effect } = row.change;
  if (!SIGN[effect]) return spoken.say(`effect.${effect}` as Code);
  return `${SIGN[effect]} ${written(spoken, currency).change(row.change, unit)} ${spoken.say(`effect.${effect}` as Code)}`;
}

export interface PlannedVisit { ticket: string; start: string; end: string; late_s: number; site?: string }
export interface Plans { replication: number; scenarios: { id: string; days: { day: string; engineers: { engineer: string; visits: PlannedVisit[] }[] }[] }[] }

/** Two plans of a day: what each engineer does in both, in the order of the first. */
export function besides(plans: Plans, day: string, one: string, other: string): { engineer: string; left: PlannedVisit[]; right: PlannedVisit[] }[] {
  const of = (id: string) => plans.scenarios.find((row) => row.id === id)?.days.find((row) => row.day === day)?.engineers ?? [];
  const [left, right] = [of(one), of(other)];
  const names = [...new Set([...left, ...right].map((row) => row.engineer))];
  return names.map((engineer) => ({ engineer, left: left.find((row) => row.engineer === engineer)?.visits ?? [], right: right.find((row) => row.engineer === engineer)?.visits ?? [] }));
}
