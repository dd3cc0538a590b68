// The engineers' scorecard, every share with its number of cases, and the papers that run out.
import { useCallback, useMemo } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useHere } from "../shell/here";
import { Link, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken, type Spoken } from "../text";
import { wallOf } from "../shell/wall";
import { AHEAD } from "./RenewalsPage";
import { percent } from "./sheets";
import { Choice, FileLink } from "./tables";

type Paper = components["schemas"]["ExpiringOut"];
type Score = components["schemas"]["EngineerScoreOut"];
const PERIODS = ["days_30", "days_90", "month", "quarter"] as const;
const DAY_S = 86_400;
/** Fewer cases than this say little about a person. */
const FEW = 10;

export default function TeamPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const search = useAddress().split("?")[1] ?? "";
  const said = useMemo(() => new URLSearchParams(search), [search]);
  const period = PERIODS.find((one) => one === said.get("period")) ?? "days_90";
  const here = useHere();
  const day = (back: number) => wallOf(here.now() / 1000 - back * DAY_S, spoken.zone).slice(0, 10);
  const days = period === "month" || period === "quarter" ? period : `${day(period === "days_30" ? 30 : 90)}..${day(1)}`;
  const within = AHEAD.find((one) => String(one) === said.get("within")) ?? 60;
  const change = (changed: Record<string, string>) => refine(`?${new URLSearchParams({ period, within: String(within), ...changed })}`);
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/reports/engineers", { params: { query: { period: days, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Score[]; next: string | null };
  }, [days]);
  const { page, read, more } = usePaged<Score>(ask);
  return (
    <div className="page">
      <header><h1>{say("manage_tab.team")}</h1></header>
      <section className="card" aria-label={say("team.scorecard")}>
        <div className="head"><h2>{say("team.scorecard")}</h2><FileLink path="/v1/reports/engineers" query={{ period: days }} name={say("team.scorecard")} /></div>
        <form className="filters" onSubmit={(event) => event.preventDefault()}>
          <Choice label={say("misses.period")} word={(one) => say(`period.${one}`)} values={PERIODS} value={period} onChange={(next) => change({ period: next })} />
        </form>
        <p className="quiet">{say("team.about", { n: FEW })}</p>
        <Waiting of={read} />
        {page && <Scorecard rows={page.rows} spoken={spoken} />}
        {page?.next && <p><button type="button" onClick={more}>{say("team.more")}</button></p>}
      </section>
      <Papers within={within} onWithin={(next) => change({ within: next })} />
    </div>
  );
}

function Scorecard({ rows, spoken }: { rows: readonly Score[]; spoken: Spoken }) {
  const { say } = spoken;
  const { may } = useHere();
  if (rows.length === 0) return <p>{say("reports.nothing")}</p>;
  const share = (value: number | null, cases: number) => {
    if (value === null) return "–";
    const text = say("reports.share_of", { share: percent(spoken.lang, value), n: cases });
    return cases < FEW ? <span className="quiet" title={say("team.few")}>{text}<span className="only-read"> {say("team.few")}</span></span> : text;
  };
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={say("chart.table_of", { title: say("team.scorecard") })}>
      <table className="plain">
        <thead><tr>
          <th scope="col">{say("team.engineer")}</th><th scope="col" className="number">{say("team.visits")}</th><th scope="col" className="number">{say("team.fixed")}</th><th scope="col" className="number">{say("team.interval")}</th>
          <th scope="col" className="number">{say("team.on_time")}</th><th scope="col" className="number">{say("team.came_back")}</th><th scope="col" className="number">{say("team.travel")}</th><th scope="col" className="number">{say("team.overtime")}</th>
        </tr></thead>
        <tbody>{rows.map((row) => (
          <tr key={row.engineer}>
            <th scope="row">{row.engineer === "" ? say("team.all") : may("crew_read") ? <Link to={{ name: "people", engineer: row.engineer }}>{row.engineer}</Link> : row.engineer}</th>
            <td className="number">{row.visits}</td>
            <td className="number">{share(row.first_time_share, row.decided)}</td>
            <td className="number">{row.first_time_low !== null && row.first_time_high !== null && `${percent(spoken.lang, row.first_time_low)} – ${percent(spoken.lang, row.first_time_high)}`}</td>
            <td className="number">{share(row.on_time_share, row.promised)}</td>
            <td className="number">{share(row.came_back_share, row.judged)}</td>
            <td className="number">{row.travel_share === null ? "–" : percent(spoken.lang, row.travel_share)}</td>
            <td className="number">{row.outside_s === null ? "–" : spoken.span(row.outside_s)}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}

function Papers({ within, onWithin }: { within: number; onWithin(next: string): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/reports/expiring", { params: { query: { within_days: within, limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Paper[]; next: string | null };
  }, [within]);
  const { page, read, more } = usePaged<Paper>(ask);
  const columns: Column<Paper>[] = [
    { key: "engineer", head: say("team.engineer"), cell: (row) => (may("crew_read") ? <Link to={{ name: "people", engineer: row.engineer }}>{row.engineer}</Link> : row.engineer) },
    { key: "paper", head: say("team.paper"), wide: 1.2, cell: (row) => say(`paper.${row.paper}`) },
    { key: "name", head: say("team.name"), wide: 2, cell: (row) => [row.name, row.serial].filter(Boolean).join(" ") },
    { key: "last", head: say("renewals.last_on"), wide: 1.2, cell: (row) => spoken.date(row.last_on) },
    { key: "left", head: say("renewals.left"), number: true, wide: 1.4, cell: (row) => <span className={row.days_left < 0 ? "late" : undefined}>{row.days_left < 0 ? say("team.ran_out", { n: -row.days_left }) : say("team.days_left", { n: row.days_left })}</span> },
  ];
  return (
    <section className="card papers" id="papers" aria-label={say("team.papers")}>
      <div className="head"><h2>{say("team.papers")}</h2><FileLink path="/v1/reports/expiring" query={{ within_days: String(within) }} name={say("team.papers")} /></div>
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        <label>{say("renewals.within")}<select value={within} onChange={(event) => onWithin(event.target.value)}>{AHEAD.map((one) => <option key={one} value={one}>{say("renewals.days", { n: one })}</option>)}</select></label>
      </form>
      <Waiting of={read} />
      {page && (page.rows.length === 0 ? <p>{say("team.no_papers", { n: within })}</p>
        : <Grid label={say("team.papers")} columns={columns} rows={page.rows} keyOf={(row) => `${row.engineer} ${row.paper} ${row.name} ${row.serial}`} more={page.next !== null} onMore={more} />)}
    </section>
  );
}
