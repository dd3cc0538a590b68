// What is typed about people, and the rows it becomes: pure, of rows as they were read, a zone and a moment.
import { isoOf, momentOf, wallOf } from "../shell/wall";
import type { Absence, Engineer, OnCall, Shift } from "./model";

export type SpanKind = "shift" | "on_call" | "absence";
export type SpanRow = Shift | OnCall | Absence;

/** The fields of all three forms, as they stand in inputs. */
export interface SpanTyped { from: string; until: string; overtime: string; breakFrom: string; breakUntil: string; breakMin: string; callOut: string; reason: string }

const EMPTY: SpanTyped = { from: "", until: "", overtime: "", breakFrom: "", breakUntil: "", breakMin: "", callOut: "", reason: "" };
const secondsOf = (moment: string) => Date.parse(moment) / 1000;
const textOf = (value: number | null | undefined) => (value === null || value === undefined ? "" : String(value));

/** A wall clock time so many days later, at the same hour. */
export function daysLater(wall: string, days: number): string {
  return new Date(Date.parse(`${wall}:00Z`) + days * 86_400_000).toISOString().slice(0, 16);
}

/** A row as its form shows it. */
export function typedOf(kind: SpanKind, row: SpanRow, zone: string): SpanTyped {
  const wall = (moment: string | null | undefined) => (moment ? wallOf(secondsOf(moment), zone) : "");
  const span = { ...EMPTY, from: wall(row.starts_at), until: wall(row.ends_at) };
  if (kind === "absence") return { ...span, reason: (row as Absence).reason ?? "" };
  if (kind === "on_call") return { ...span, callOut: (row as OnCall).call_out };
  const shift = row as Shift;
  return { ...span, overtime: textOf(shift.overtime_min), breakFrom: wall(shift.break_from), breakUntil: wall(shift.break_until), breakMin: textOf(shift.break_min) };
}

/** What a new row begins with: the day after the last one there is, with its hours; an absence from now to the end of the day. */
export function firstTyped(kind: SpanKind, rows: readonly SpanRow[], at: number, zone: string): SpanTyped {
  const now = wallOf(at, zone);
  if (kind === "absence") return { ...EMPTY, from: now, until: `${now.slice(0, 10)}T23:59` };
  const last = [...rows].sort((a, b) => a.starts_at.localeCompare(b.starts_at)).at(-1);
  if (!last) return { ...EMPTY, from: `${daysLater(now, 1).slice(0, 10)}T08:00`, until: `${daysLater(now, 1).slice(0, 10)}T17:00` };
  const typed = typedOf(kind, last, zone);
  const later = (wall: string) => (wall ? daysLater(wall, 1) : "");
  return { ...typed, from: later(typed.from), until: later(typed.until), breakFrom: later(typed.breakFrom), breakUntil: later(typed.breakUntil) };
}

/** The row a form becomes; null: a time is missing, is none, or the end is not after the start. What was not touched stays to the second. */
export function spanOf(kind: SpanKind, engineer: string, typed: SpanTyped, zone: string, row?: SpanRow): Record<string, unknown> | null {
  const before = row && typedOf(kind, row, zone);
  const moment = (wall: string, was: string | undefined, exact: string | null | undefined) => (exact && wall === was ? exact : wall ? isoOf(momentOf(wall, zone)) : null);
  const whole = (...walls: string[]) => walls.every((wall) => !Number.isNaN(momentOf(wall, zone)));
  if (!whole(typed.from, typed.until) || momentOf(typed.from, zone) >= momentOf(typed.until, zone)) return null;
  const span = { engineer_id: engineer, starts_at: moment(typed.from, before?.from, row?.starts_at), ends_at: moment(typed.until, before?.until, row?.ends_at) };
  if (kind === "absence") return { ...span, reason: typed.reason.trim() };
  if (kind === "on_call") return typed.callOut.trim() ? { ...span, call_out: typed.callOut.trim() } : null;
  const rest = [typed.breakFrom, typed.breakUntil].filter(Boolean);
  if (!whole(...rest)) return null;
  const shift = row as Shift | undefined;
  return {
    ...span,
    start_place: shift?.start_place ?? null,
    end_place: shift?.end_place ?? null,
    overtime_min: typed.overtime ? Number(typed.overtime) : null,
    break_from: moment(typed.breakFrom, before?.breakFrom, shift?.break_from),
    break_until: moment(typed.breakUntil, before?.breakUntil, shift?.break_until),
    break_min: typed.breakMin ? Number(typed.breakMin) : null,
  };
}

export type HeldKind = "skills" | "certificates" | "tools";
export interface Field { name: string; type: "text" | "date" | "number"; required: boolean }

/** The columns of what an engineer holds; the first that is text is what it is, and known words are offered there. */
export const FIELDS: Record<HeldKind, readonly Field[]> = {
  skills: [{ name: "skill", type: "text", required: true }, { name: "level", type: "number", required: true }],
  certificates: [{ name: "certificate", type: "text", required: true }, { name: "valid_from", type: "date", required: true }, { name: "valid_until", type: "date", required: false }],
  tools: [{ name: "tool", type: "text", required: true }, { name: "serial", type: "text", required: true }, { name: "calibrated_until", type: "date", required: false }],
};
export type HeldTyped = Readonly<Record<string, string>>;

/** Rows as they stand in inputs. */
export function heldTyped(kind: HeldKind, rows: readonly object[]): HeldTyped[] {
  return rows.map((row) => Object.fromEntries(FIELDS[kind].map(({ name }) => [name, textOf((row as Record<string, string | null>)[name] as never)])));
}

/** Inputs as rows; a line with nothing in it is none. */
export function heldRows(kind: HeldKind, typed: readonly HeldTyped[]): Record<string, unknown>[] {
  return typed
    .filter((one) => FIELDS[kind].some(({ name }) => one[name]?.trim()))
    .map((one) => Object.fromEntries(FIELDS[kind].map(({ name, type, required }) => [name, type === "number" ? Number(one[name]) : one[name]?.trim() || (required ? "" : null)])));
}

export interface EngineerTyped { id: string; depot: string; van: string; territories: string; awayPrice: string; lat: string; lon: string }

export function engineerTyped(row?: Engineer): EngineerTyped {
  return { id: row?.engineer_id ?? "", depot: row?.depot ?? "", van: row?.van ?? "", territories: (row?.territories ?? []).join(", "), awayPrice: row?.away_price ?? "", lat: "", lon: "" };
}

/** The row an engineer's form becomes. Where he lives is not shown: left empty it stays as it is. */
export function engineerOf(typed: EngineerTyped): Record<string, unknown> {
  const home = typed.lat.trim() && typed.lon.trim() ? { home_lat: Number(typed.lat), home_lon: Number(typed.lon) } : {};
  const territories = typed.territories.split(/[,;，；]/).map((one) => one.trim()).filter(Boolean);
  return { depot: typed.depot.trim(), van: typed.van.trim() || null, territories, away_price: typed.awayPrice.trim() || null, ...home };
}
