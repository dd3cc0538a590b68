// Measures by day, week and month: a line for each, the same figures as a table, a file of each.
import { useCallback, useMemo, type ReactNode } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { LineChart } from "../chart/LineChart";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken, type Spoken } from "../text";
import { localeOf } from "../text/locale";
import { wallOf } from "../shell/wall";
import { askedOf, backFrom, BY, EVERY, groupsOf, linesOf, MOST_LINES, number, percent, periodsOf, searchOf, type Asked, type Sheet, type Wanted } from "./sheets";
import { Choice, FileLink } from "./tables";

type Found = components["schemas"]["TrendOut"];
const HOUR_S = 3600;
/** The clocks that are drawn where none is chosen. */
const USUAL = ["respond", "arrive", "repair", "substitute"] as const;

export default function ReportsPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const here = useHere();
  const search = useAddress().split("?")[1] ?? "";
  const today = wallOf(here.now() / 1000, spoken.zone).slice(0, 10);
  const asked = useMemo(() => askedOf(search, today), [search, today]);
  const { every, from, until } = asked;
  const ask = useCallback(async () => (await client.GET("/v1/reports/trend", { params: { query: { every, period: `${from}..${until}` } } })).data as unknown as Found, [every, from, until]);
  const read = useRead(ask);
  const change = (changed: Partial<Asked>) => refine(searchOf({ ...asked, ...changed }));
  const found = read.value;
  return (
    <div className="page">
      <header><h1>{say("manage_tab.reports")}</h1></header>
      <form className="filters" aria-label={say("list.filters")} onSubmit={(event) => event.preventDefault()}>
        <Choice label={say("reports.every")} word={(one) => say(`every.${one}`)} values={EVERY} value={every} onChange={(next) => change({ every: next, ...backFrom(today, next) })} />
        <label>{say("reports.from")}<input type="date" value={from} max={until} onChange={(event) => event.target.value && event.target.value <= until && change({ from: event.target.value })} /></label>
        <label>{say("reports.until")}<input type="date" value={until} min={from} max={today} onChange={(event) => event.target.value && event.target.value >= from && change({ until: event.target.value })} /></label>
        {found && <MilestoneChoice found={found} asked={asked} onChange={change} />}
        <Choice label={say("reports.by")} word={(one) => say(`report_by.${one}`)} values={BY} value={asked.by} onChange={(next) => change({ by: next })} />
      </form>
      <Waiting of={read} />
      {found && <Charts found={found} asked={asked} />}
    </div>
  );
}

const sheetOf = (found: Found, name: string) => found.sheets.find((one) => one.name === name) as Sheet;
type Milestone = components["schemas"]["Milestone"];
const milestonesOf = (sheet: Sheet) => Object.keys(sheet.columns.find((one) => one.name === "milestone")?.words ?? {}) as Milestone[];

function MilestoneChoice({ found, asked, onChange }: { found: Found; asked: Asked; onChange(changed: Partial<Asked>): void }) {
  const { say } = useSpoken();
  const known = milestonesOf(sheetOf(found, "attainment"));
  return (
    <label>{say("reports.clock")}
      <select value={known.some((one) => one === asked.milestone) ? asked.milestone : ""} onChange={(event) => onChange({ milestone: event.target.value })}>
        <option value="">{say("list.all")}</option>
        {known.map((one) => <option key={one} value={one}>{say(`milestone.${one}`)}</option>)}
      </select>
    </label>
  );
}

/** Which lines of attainment are drawn: the clocks that matter most, or the groups of one clock. */
function keptLines(sheet: Sheet, asked: Asked, spoken: Spoken): Wanted[] {
  const known = milestonesOf(sheet);
  const word = (milestone: Milestone) => spoken.say(`milestone.${milestone}`);
  const line = (name: string, milestone: string, by: string, group: string): Wanted => ({ name, where: { milestone, by, group, version: "last" }, value: "share", of: "decided" });
  const chosen = known.find((one) => one === asked.milestone);
  const usual = USUAL.filter((one) => known.includes(one));
  if (asked.by === "all") return (chosen ? [chosen] : usual.length ? usual : known.slice(0, MOST_LINES)).map((one) => line(word(one), one, "all", ""));
  const milestone = chosen ?? (known.includes("repair") ? "repair" : known[0]);
  return milestone ? groupsOf(sheet, milestone, asked.by).map((group) => line(`${word(milestone)} · ${group || spoken.say("exposure.unknown")}`, milestone, asked.by, group)) : [];
}

function Charts({ found, asked }: { found: Found; asked: Asked }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const periods = useMemo(() => periodsOf(found.sheets), [found]);
  const query = { every: asked.every, period: `${asked.from}..${asked.until}` };
  const share = (value: number) => percent(spoken.lang, value);
  const hours = (value: number) => say("reports.hours", { n: number(spoken.lang, value) });
  const days = (value: number) => say("reports.loaner_days", { n: number(spoken.lang, value) });
  const figure = (name: string, code: string): Wanted => ({ name, where: { figure: code }, value: "share", of: "of" });
  const shown: { title: string; about: string; sheet: string; wanted: Wanted[]; form(value: number): string; ofAll?: boolean }[] = [
    { title: sheetOf(found, "attainment").title, about: say("reports.about_kept"), sheet: "attainment", wanted: keptLines(sheetOf(found, "attainment"), asked, spoken), form: share },
    { title: say("reports.repairs"), about: say("reports.about_repairs"), sheet: "figures", wanted: [figure(say("reports.first_time"), "first_time_fix"), figure(say("reports.repeats"), "repeats")], form: share },
    { title: sheetOf(found, "restore").title, about: say("reports.about_restore"), sheet: "restore", wanted: [{ name: say("reports.mean"), where: { severity: "" }, value: "mean", of: "tickets", scale: HOUR_S }, { name: say("reports.logistic"), where: { severity: "" }, value: "logistic", of: "split_tickets", scale: HOUR_S }], form: hours },
    { title: sheetOf(found, "satisfaction").title, about: say("reports.about_satisfaction"), sheet: "satisfaction", wanted: [{ name: say("reports.satisfied"), where: { scheme: "" }, value: "share", of: "answers", low: "low", high: "high" }], form: share },
    { title: sheetOf(found, "stock_fill").title, about: say("reports.about_stock"), sheet: "stock_fill", wanted: [{ name: say("reports.shelf"), where: { place: "" }, value: "share", of: "kept" }], form: share },
    { title: say("reports.parts_at_once"), about: say("reports.about_parts"), sheet: "figures", wanted: [figure(say("reports.parts_at_once"), "job_fill")], form: share },
    { title: sheetOf(found, "loaner_days").title, about: say("reports.about_loaners"), sheet: "loaner_days", wanted: [{ name: say("list.all"), where: { loaner_class: "" }, value: "days", of: "loans" }], form: days },
  ];
  return (
    <div className="charts reports">
      {shown.map((one) => {
        const lines = linesOf(sheetOf(found, one.sheet), periods, one.wanted);
        return <Card key={one.title} title={one.title} file={<FileLink path="/v1/reports/trend" query={{ ...query, sheet: one.sheet }} name={one.title} />}>
          {lines.some((line) => line.points.some((point) => point.y !== null))
            ? <Drawn title={one.title} about={one.about} lines={lines} periods={periods} asked={asked} form={one.form} />
            : <p className="quiet">{say("reports.nothing")}</p>}
        </Card>;
      })}
    </div>
  );
}

function Card({ title, file, children }: { title: string; file: ReactNode; children: ReactNode }) {
  return <section className="card" aria-label={title}><div className="head"><h2>{title}</h2>{file}</div>{children}</section>;
}

function Drawn({ title, about, lines, periods, asked, form }: { title: string; about: string; lines: ReturnType<typeof linesOf>; periods: readonly { first: string; last: string }[]; asked: Asked; form(value: number): string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const short = (on: string) => new Intl.DateTimeFormat(localeOf(spoken.lang), asked.every === "month" ? { month: "short", year: "2-digit", timeZone: "UTC" } : { day: "numeric", month: "short", timeZone: "UTC" }).format(Date.parse(`${on}T00:00:00Z`));
  const words = periods.map((one) => short(one.first));
  const told = (line: (typeof lines)[number], x: number) => {
    const y = line.points[x]?.y;
    if (y === null || y === undefined) return "–";
    const n = line.cases[x];
    return n === null || n === undefined ? form(y) : say("reports.share_of", { share: form(y), n });
  };
  return (
    <LineChart title={title} about={about} form={form} floor={0} across={{ title: say(`every.${asked.every}`), words }}
      lines={lines.map((line) => ({ ...line, points: line.points.map((point, x) => ({ ...point, told: `${line.name}, ${words[x]}: ${told(line, x)}` })) }))}
      told={{ heads: [say("misses.period"), ...lines.map((one) => one.name)], rows: periods.map((one, x) => [one.first === one.last ? spoken.date(one.first) : `${spoken.date(one.first)} – ${spoken.date(one.last)}`, ...lines.map((line) => told(line, x))]) }} />
  );
}
