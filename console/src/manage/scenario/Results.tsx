// What came out: the grid of figures, the charts, the plans side by side, the files, and asking for a change.
import { useCallback, useState } from "react";
import { hrefOf } from "../../api/client";
import { BarChart } from "../../chart/BarChart";
import { FrontChart } from "../../chart/FrontChart";
import { HeatMap } from "../../chart/HeatMap";
import { LineChart } from "../../chart/LineChart";
import { Tornado } from "../../chart/Tornado";
import { rowsOf } from "../../list/csv";
import { useHere } from "../../shell/here";
import { useRead } from "../../shell/read";
import { Waiting } from "../../shell/Waiting";
import { useSpoken, type Code, type Spoken } from "../../text";
import { localeOf } from "../../text/locale";
import { changeTold, clockOf, figuresShown, front, promisesBy, unitOf, written, type Outcome, type Plans, type ScenarioOf } from "./figures";
import { readLibrary, useChoices } from "./choices";
import { onlyPeople, type Given } from "./patches";
import { PlansBeside } from "./PlansBeside";
import { Promote } from "./Promote";
import { textOf, type Run } from "./useRun";
import "./scenario.css";

const MOST_TIERS = 12;
export const nameOf = (one: ScenarioOf, { lang, say }: Spoken): string => (one.name[lang] === "base" ? say("study.the_region") : one.name[lang]);

export function Results({ run }: { run: Run }) {
  const { say } = useSpoken();
  const ask = useCallback(async () => {
    const [made, promises, plans, library] = await Promise.all([textOf(run, "scenarios.json"), textOf(run, "promises.csv"), textOf(run, "plans.json"), readLibrary()]);
    const asked = (run.asked as { scenarios?: { id: string; patches: Given[] }[] }).scenarios;
    const joined = asked ? new Set(["base", ...asked.filter((one) => onlyPeople(one.patches, (id) => library.find((row) => row.id === id)?.table)).map((one) => one.id)]) : null;
    return { made: made === null ? null : (JSON.parse(made) as Outcome), promises: rowsOf(promises ?? ""), joined, plans: plans === null ? null : (JSON.parse(plans) as Plans) };
  }, [run]);
  const read = useRead(ask);
  const found = read.value;
  const { may } = useHere();
  return (
    <>
      <Waiting of={read} />
      {found?.made && (
        <>
          <Warnings made={found.made} wanted={Number((run.asked as { replications: number }).replications)} />
          <Compared made={found.made} />
          <div className="charts"><Charts made={found.made} promises={found.promises} joined={found.joined} /></div>
          {found.plans && <PlansBeside plans={found.plans} made={found.made} />}
          {run.kind === "scenarios" && may("approval_read") && <Promote run={run} made={found.made} />}
        </>
      )}
      <section className="card" aria-label={say("study.files")}>
        <h2>{say("study.files")}</h2>
        <div className="chips">{run.files.map((one) => <a key={one.name} className="button" href={hrefOf(`/v1/scenarios/${encodeURIComponent(run.id)}/files/${one.name}`)} {...(one.media_type.startsWith("text/html") ? { target: "_blank", rel: "noreferrer" } : { download: one.name })}>{one.name}</a>)}</div>
      </section>
    </>
  );
}

function Warnings({ made, wanted }: { made: Outcome; wanted: number }) {
  const { say } = useSpoken();
  const { given, mser5 } = made.warm_up_days;
  const told = [
    ...(made.replications.length < wanted ? [say("study.fewer", { done: made.replications.length, wanted })] : []),
    ...(made.replications.length < 2 ? [say("study.only_one")] : []),
    ...(mser5 === null ? [say("study.never_settles")] : mser5 > given ? [say("study.warm_up_short", { given, found: mser5 })] : []),
  ];
  return told.length === 0 ? null : <div className="stale-line" role="note">{told.map((one) => <p key={one}>{one}</p>)}</div>;
}

function Compared({ made }: { made: Outcome }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const told = written(spoken, made.currency);
  return (
    <section className="card" aria-label={say("study.grid")}>
      <h2>{say("study.grid")}</h2>
      <p className="quiet">{say("study.grid_about")}</p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={say("chart.table_of", { title: say("study.grid") })}>
        <table className="plain compared">
          <thead><tr><th scope="col">{say("study.figure")}</th>{made.scenarios.map((one) => <th key={one.id} scope="col" className="number">{nameOf(one, spoken)}</th>)}</tr></thead>
          <tbody>
            <tr><th scope="row">{say("study.engineers")}</th>{made.scenarios.map((one) => <td key={one.id} className="number">{one.engineers}</td>)}</tr>
            {figuresShown(made).map((figure) => (
              <tr key={figure}><th scope="row">{say(`figure.${figure}` as Code)}</th>
                {made.scenarios.map((one) => {
                  const row = one.figures[figure]!;
                  const change = changeTold(row, unitOf(figure), spoken, made.currency);
                  return <td key={one.id} className={`number ${row.change?.effect ?? ""}`}>{told.mean(row, unitOf(figure))}{row.at_least !== null && <small>{say("study.at_least", { share: told.whole(row.at_least, "share") })}</small>}{change && <small>{change}</small>}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** `joined`: scenarios that differ in people only; null: all do. */
function Charts({ made, promises, joined }: { made: Outcome; promises: Record<string, string>[]; joined: ReadonlySet<string> | null }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const told = written(spoken, made.currency);
  const clock = clockOf(made);
  const compact = (value: number) => new Intl.NumberFormat(localeOf(spoken.lang), { notation: "compact", maximumFractionDigits: 1 }).format(value);
  const percent = (value: number) => `${told.plain(value / 100, "share").replace(/[.,]0$/, "")} %`;
  const causes = Object.keys(made.scenarios[0]?.late_in_100_tickets ?? {}).filter((cause) => made.scenarios.some((one) => (one.late_in_100_tickets[cause] ?? 0) > 0));
  const sum = (one: ScenarioOf) => Object.values(one.late_in_100_tickets).reduce((all, value) => all + value, 0);
  const tenth = (value: number) => told.plain(value, "number");
  const changed = (figure: string) => made.scenarios.filter((one) => one.figures[figure]?.change && one.figures[figure]!.change!.mean !== null).map((one) => {
    const row = one.figures[figure]!;
    const scale = unitOf(figure) === "share" ? 100 : 1;
    const effect = row.change!.effect;
    return { name: nameOf(one, spoken), change: row.change!.mean! * scale, half: (told.half(row.change!) ?? 0) * scale, effect: effect === "better" || effect === "worse" ? effect : ("none" as const), text: changeTold(row, unitOf(figure), spoken, made.currency) };
  });
  const places = clock === null ? [] : made.scenarios.flatMap((one, at) => {
    const [share, cost] = [one.figures[clock]!, one.figures["cost_week"]!];
    return share.mean === null || cost.mean === null ? [] : [{ name: nameOf(one, spoken), x: cost.mean, y: share.mean * 100, half: (told.half(share) ?? 0) * 100, base: at === 0, of: one }];
  });
  const best = front(places);
  const onCurve = made.scenarios.filter((one) => joined === null || joined.has(one.id));
  const rows = (figure: string) => changed(figure).map((one) => [one.name, one.text]);
  return (
    <>
      {clock && new Set(onCurve.map((one) => one.engineers)).size > 1 && <section className="card"><Curve made={{ ...made, scenarios: onCurve }} clock={clock} level={null} /></section>}
      {clock && places.length > 1 && (
        <section className="card"><FrontChart title={say("study.front")} about={say("study.front_about")} points={places.map((one, at) => ({ ...one, best: best.has(at) }))} up={{ form: percent }} across={{ title: say("figure.cost_week"), form: compact }}
          told={{ heads: ["", say("figure.cost_week"), say(`figure.${clock}` as Code), say("study.on_front")], rows: places.map((one, at) => [one.name, told.mean(one.of.figures["cost_week"]!, "money"), told.mean(one.of.figures[clock]!, "share"), best.has(at) ? say("study.yes") : say("study.no")]) }} /></section>
      )}
      {(clock ? [clock, "cost_week"] : ["cost_week"]).map((figure) => changed(figure).length > 0 && (
        <section key={figure} className="card"><Tornado title={say("study.tornado", { figure: say(`figure.${figure}` as Code) })} about={say("study.tornado_about")} rows={changed(figure)} told={{ heads: ["", say("study.change")], rows: rows(figure) }} /></section>
      ))}
      {causes.length > 0 && (
        <section className="card"><BarChart title={say("study.late")} about={say("study.late_about")} parts={causes.map((one) => say(`late_cause.${one}` as Code))} bars={made.scenarios.map((one) => ({ name: nameOf(one, spoken), values: causes.map((cause) => one.late_in_100_tickets[cause] ?? 0), text: tenth(sum(one)) }))}
          told={{ heads: ["", ...causes.map((one) => say(`late_cause.${one}` as Code))], rows: made.scenarios.map((one) => [nameOf(one, spoken), ...causes.map((cause) => tenth(one.late_in_100_tickets[cause] ?? 0))]) }} /></section>
      )}
      {clock && promises.length > 0 && <Heat made={made} promises={promises} clock={clock} />}
    </>
  );
}

/** Promises kept against engineers, with the 95 % interval as a band. */
export function Curve({ made, clock, level }: { made: Outcome; clock: string; level: number | null }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const told = written(spoken, made.currency);
  const points = made.scenarios.filter((one) => one.figures[clock]?.mean != null).sort((one, other) => one.engineers - other.engineers);
  const y = (value: number | null) => (value === null ? null : value * 100);
  const percent = (value: number) => `${value.toFixed(0)} %`;
  return (
    <LineChart title={say("study.curve")} about={say("study.curve_about")} form={percent} across={{ title: say("study.engineers"), form: (value) => String(Math.round(value)) }} level={level === null ? undefined : { at: level * 100, name: say("study.target") }}
      lines={[{ name: say(`figure.${clock}` as Code), points: points.map((one) => { const row = one.figures[clock]!; return { x: one.engineers, y: y(row.mean), low: row.n > 1 ? y(row.low) : null, high: row.n > 1 ? y(row.high) : null, told: `${nameOf(one, spoken)}: ${told.mean(row, "share")}` }; }) }]}
      told={{ heads: ["", say("study.engineers"), say(`figure.${clock}` as Code), say("figure.cost_week")], rows: points.map((one) => [nameOf(one, spoken), String(one.engineers), told.mean(one.figures[clock]!, "share"), told.mean(one.figures["cost_week"]!, "money")]) }} />
  );
}

function Heat({ made, promises, clock }: { made: Outcome; promises: Record<string, string>[]; clock: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [chosen, setChosen] = useState(made.scenarios[0]!.id);
  const grid = promisesBy(promises, chosen, clock);
  const choices = useChoices();
  const known = (ask: "depot" | "scheme", id: string) => choices[ask]?.find((one) => one.id === id)?.name || id;
  const regions = grid.regions.map((id) => known("depot", id));
  const tiers = grid.tiers.slice(0, MOST_TIERS);
  const share = (tier: string, region: string) => { const { kept, promised } = grid.cell(tier, region); return promised ? kept / promised : null; };
  const text = (value: number | null) => (value === null ? "–" : `${Math.round(value * 100)} %`);
  return (
    <section className="card">
      <label>{say("study.of_scenario")}<select value={chosen} onChange={(event) => setChosen(event.target.value)}>{made.scenarios.map((one) => <option key={one.id} value={one.id}>{nameOf(one, spoken)}</option>)}</select></label>
      <HeatMap title={say("study.heat", { figure: say(`figure.${clock}` as Code) })} about={say("study.heat_about")} columns={regions} rows={tiers.map((tier) => ({ name: known("scheme", tier), cells: grid.regions.map((region) => ({ share: share(tier, region), text: text(share(tier, region)), about: say("study.kept_of", { ...grid.cell(tier, region) }) })) }))}
        told={{ heads: ["", ...regions], rows: tiers.map((tier) => [known("scheme", tier), ...grid.regions.map((region) => { const { kept, promised } = grid.cell(tier, region); return promised ? `${text(kept / promised)} (${kept}/${promised})` : "–"; })]) }} />
    </section>
  );
}
