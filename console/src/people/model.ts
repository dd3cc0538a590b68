// People as a page shows them: pure, of rows as they were read and a moment.
import type { components } from "contract";

type Rows = components["schemas"];
export type Engineer = Rows["EngineersRowOut"];
export type Held = Rows["EngineerSkillsRowOut"];
export type Certificate = Rows["CertificatesRowOut"];
export type Tool = Rows["ToolsRowOut"];
export type Shift = Rows["ShiftsRowOut"];
export type Absence = Rows["AbsencesRowOut"];
export type OnCall = Rows["OnCallRowOut"];

/** Whether what somebody did may have changed what these pages show. */
export const aboutPeople = (action: string): boolean => /^(crew|region|engineer|absence)/.test(action);

/** Each word once, in order. */
export const words = (all: Iterable<string>): string[] => [...new Set(all)].sort((a, b) => a.localeCompare(b));

export const SOON_DAYS = 60;

export interface RunsOut { engineer: string; what: string; on: string; over: boolean }

/** What is valid for the last time within so many days, or no longer, the first first; `today` is a date like "2026-03-06". */
export function runningOut(certificates: readonly Certificate[], tools: readonly Tool[], today: string, days = SOON_DAYS): RunsOut[] {
  const until = new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  const dated = [
    ...certificates.map((one) => ({ engineer: one.engineer_id, what: one.certificate, on: one.valid_until })),
    ...tools.map((one) => ({ engineer: one.holder, what: `${one.tool} ${one.serial}`, on: one.calibrated_until })),
  ];
  // A certificate that was renewed has a later row: only the last of each counts.
  const last = new Map<string, { engineer: string; what: string; on: string | null }>();
  for (const one of dated) {
    const key = `${one.engineer}\n${one.what}`;
    const before = last.get(key);
    if (!before || one.on === null || (before.on !== null && one.on > before.on)) last.set(key, one);
  }
  return [...last.values()]
    .flatMap((one) => (one.on !== null && one.on <= until ? [{ ...one, on: one.on, over: one.on < today }] : []))
    .sort((a, b) => a.on.localeCompare(b.on) || a.engineer.localeCompare(b.engineer));
}

export type Now = { is: "away"; until: string } | { is: "on"; until: string } | { is: "off"; next: string | null };

/** Where somebody stands at a moment (milliseconds since 1970). */
export function standing(shifts: readonly Shift[], absences: readonly Absence[], at: number): Now {
  const holds = (one: { starts_at: string; ends_at: string }) => Date.parse(one.starts_at) <= at && at < Date.parse(one.ends_at);
  const away = absences.filter(holds).sort((a, b) => Date.parse(b.ends_at) - Date.parse(a.ends_at))[0];
  if (away) return { is: "away", until: away.ends_at };
  const on = shifts.find(holds);
  if (on) return { is: "on", until: on.ends_at };
  const next = shifts.filter((one) => Date.parse(one.starts_at) > at).sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at))[0];
  return { is: "off", next: next?.starts_at ?? null };
}

/** Rows that are not over yet, the first first. */
export function ahead<Row extends { starts_at: string; ends_at: string }>(rows: readonly Row[], at: number, most = 21): Row[] {
  return rows.filter((one) => Date.parse(one.ends_at) > at).sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at)).slice(0, most);
}

/** Engineers like the words: by id, depot, van or a skill. */
export function found(engineers: readonly Engineer[], skills: ReadonlyMap<string, readonly Held[]>, text: string): Engineer[] {
  const words = text.trim().toLowerCase();
  if (!words) return [...engineers];
  return engineers.filter((one) => [one.engineer_id, one.depot, one.van ?? "", ...(skills.get(one.engineer_id) ?? []).map((held) => held.skill)].some((word) => word.toLowerCase().includes(words)));
}

/** Rows by the engineer they are of. */
export function byEngineer<Row extends { engineer_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const sorted = new Map<string, Row[]>();
  for (const one of rows) {
    const mine = sorted.get(one.engineer_id);
    if (mine) mine.push(one);
    else sorted.set(one.engineer_id, [one]);
  }
  return sorted;
}
