// Every text of the pages comes from the two catalogues; a code with values becomes a sentence here and nowhere else.
import { createContext, useContext } from "react";
import en from "./en.json";
import type administerEn from "./administer.en.json";
import type manageEn from "./manage.en.json";
import { localeOf } from "./locale";
import zh from "./zh.json";

export type Lang = "en" | "zh";
export type Code = keyof typeof en | keyof typeof manageEn | keyof typeof administerEn;
export type Say = (code: Code, values?: Record<string, string | number>) => string;

const CATALOGUES: Record<Lang, Record<string, string>> = { en: { ...en }, zh: { ...zh } };

/** Add the words of a section that is loaded later: the first page does not carry them. Called where the section's pages begin. */
export function speakAlso(also: Record<Lang, Record<string, string>>): void {
  for (const lang of ["en", "zh"] as const) Object.assign(CATALOGUES[lang], also[lang]);
}

/** The sentence of `code` with its values put in. */
export function sayIn(lang: Lang): Say {
  const catalogue = CATALOGUES[lang];
  // A word the server learnt later than these pages is shown as it is: a page must not die of it.
  return (code, values = {}) => (catalogue[code] ?? String(code)).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export interface Spoken {
  lang: Lang;
  say: Say;
  /** The IANA zone times are shown in: the region's. */
  zone: string;
  /** "09:30" */
  clock(at: number): string;
  /** "Fri 6 Mar" */
  day(at: number): string;
  /** "6 Mar 2026" of a date like "2026-03-06", whatever the zone. */
  date(on: string): string;
  /** "Fri 6 Mar 09:30" */
  moment(at: number): string;
  /** "2 h 05 min" */
  span(seconds: number): string;
  money(cents: number, currency: string): string;
}

/** Words, numbers and times of one language in one zone. */
export function spokenIn(lang: Lang, zone: string): Spoken {
  const locale = localeOf(lang);
  const say = sayIn(lang);
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone });
  const day = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: zone });
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  // A format is dear to make, and a long list has a hundred amounts in sight.
  const amounts = new Map<string, Intl.NumberFormat>();
  const amount = (currency: string) => {
    const made = amounts.get(currency) ?? new Intl.NumberFormat(locale, { style: "currency", currency });
    amounts.set(currency, made);
    return made;
  };
  return {
    lang,
    say,
    zone,
    date: (on) => date.format(Date.parse(`${on}T00:00:00Z`)),
    clock: (at) => clock.format(at * 1000),
    day: (at) => day.format(at * 1000),
    moment: (at) => `${day.format(at * 1000)} ${clock.format(at * 1000)}`,
    span: (seconds) => {
      const minutes = Math.round(Math.abs(seconds) / 60);
      const hours = Math.floor(minutes / 60);
      if (hours >= 48) return say("span.d_h", { d: Math.floor(hours / 24), h: hours % 24 });
      if (hours > 0) return say("span.h_min", { h: hours, min: String(minutes % 60).padStart(2, "0") });
      return say("span.min", { min: minutes });
    },
    money: (cents, currency) => amount(currency).format(cents / 100),
  };
}

export const SpokenContext = createContext<Spoken>(spokenIn("en", "UTC"));
export const useSpoken = (): Spoken => useContext(SpokenContext);
