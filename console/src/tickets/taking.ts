// What was said of a report so far, and what of it goes to the server.
import type { components } from "contract";
import { isoOf } from "../shell/wall";

export type Found = components["schemas"]["FoundOut"];
export type Told = components["schemas"]["ToldOut"];
export type Telling = components["schemas"]["TellingIn"];
export type ReportIn = components["schemas"]["ReportIn"];
type Channel = NonNullable<Telling["channel"]>;

export const KINDS = ["fault", "installation", "preventive", "training", "advice", "return"] as const;
export const CHANNELS = ["phone", "mail", "web", "chat", "qr"] as const satisfies readonly Channel[];
const QR = "fieldwright:asset:";

export interface Saying {
  channel: Channel;
  found: Found | null;
  kind: string;
  severity: string;
  symptom: string;
  text: string;
  contact: string;
  contract: string;
  scheme: string;
  withVisit: boolean;
  /** Minutes of work as typed; empty: as proposed. */
  minutes: string;
  /** Parts to bring: units by id. */
  parts: Record<string, number>;
  /** A time offered and taken: seconds since 1970; null: none. */
  offered: number | null;
}

export const NOTHING: Saying = {
  channel: "phone", found: null, kind: "fault", severity: "", symptom: "", text: "", contact: "",
  contract: "", scheme: "", withVisit: true, minutes: "", parts: {}, offered: null,
};

/** A scan is known by its beginning: then nothing has to be chosen. */
export const isScan = (text: string): boolean => text.trim().startsWith(QR);

/** What is told while it is typed. A site without equipment says that none is meant. */
export function tellingOf(said: Saying): Telling {
  const { found } = said;
  const where = found ? (found.asset ? { asset: found.asset } : { asset: "none", site: found.site }) : {};
  return {
    channel: said.channel, ...where, kind: said.kind, severity: said.severity, symptom: said.symptom.trim(),
    text: said.text.trim(), contact: said.contact.trim(), contract: said.contract, scheme: said.scheme,
  } as Telling;
}

/** Seconds from an offered time within which the work begins. */
const WINDOW_S = 2 * 3600;

/** The visit to ask for; null: none, or its minutes are no number. */
export function tripOf(said: Saying, told: Told | undefined): NonNullable<ReportIn["trip"]> | null {
  const minutes = said.minutes.trim() === "" ? told?.minutes ?? 0 : Number(said.minutes);
  if (!said.withVisit || !Number.isInteger(minutes) || minutes < 1 || minutes > 7 * 24 * 60) return null;
  const at = said.offered;
  return {
    minutes,
    earliest_at: null,
    skills: Object.fromEntries((told?.skills ?? []).map((one) => [one.skill, one.level])),
    certificates: [],
    tools: [],
    parts: said.parts,
    windows: at === null ? [] : [{ start: isoOf(at), end: isoOf(at + WINDOW_S) }],
  };
}

/** Whether so little is said that nothing would come of asking. */
export const isBlank = (said: Saying): boolean => said.found === null;

/** What to send: a visit is asked for only where nothing is missing, as the server wants it. */
export function reportOf(said: Saying, told: Told | undefined): ReportIn {
  const trip = told && told.questions.length === 0 ? tripOf(said, told) : null;
  return { ...tellingOf(said), ...(trip ? { trip } : {}) } as ReportIn;
}
