// How many engineers keep a promise: what is to be kept, how sure, under which changes; the answer in words, then in figures.
import { useCallback, useId, useState } from "react";
import { client, Problem } from "../api/client";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { go, Link } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { sayIn, useSpoken, type Code } from "../text";
import { baseOf, BaseFields, USUAL } from "./scenario/BaseFields";
import { Cards, type LibraryRow, type Refused } from "./scenario/Cards";
import { readLibrary, useChoices } from "./scenario/choices";
import { refusals } from "./scenario/AskPage";
import { written, type Answered, type Outcome, type Roster } from "./scenario/figures";
import { givenOf, type Card } from "./scenario/patches";
import { PastRuns } from "./scenario/PastRuns";
import { Curve, Results } from "./scenario/Results";
import { Removed } from "./scenario/RunPage";
import { StopRun } from "./scenario/StopRun";
import { ended, seconds, textOf, useRun, type Run } from "./scenario/useRun";
import "./scenario/scenario.css";

const CHANGED = "changed", WHAT_IF = "what-if";
const TARGETS = ["arrive", "restore", "cost"] as const;

export default function StaffingPage({ id }: { id: string }) {
  return id ? <Search key={id} id={id} /> : <AskStaffing />;
}

function AskStaffing() {
  const { say } = useSpoken();
  const here = useHere();
  const ask = useCallback(async () => (await readLibrary()) as LibraryRow[], []);
  const read = useRead(ask);
  const [base, setBase] = useState(USUAL);
  const [target, setTarget] = useState<(typeof TARGETS)[number]>("arrive");
  const [share, setShare] = useState("95");
  const [confidence, setConfidence] = useState("95");
  const [runs, setRuns] = useState("12");
  const [cards, setCards] = useState<Card[]>([]);
  const [beside, setBeside] = useState<Card[]>([]);
  const [refused, setRefused] = useState<Record<string, Refused>>({});
  const command = useCommand();
  const form = useId();
  const start = () => command.run(async (key) => {
    const [en, zh] = [sayIn("en"), sayIn("zh")];
    setRefused({});
    try {
      const body = { base: baseOf(base), patches: cards.map((card) => givenOf(card, en, zh)), what_if: beside.map((card) => givenOf(card, en, zh)), target: target === "cost" ? "cost" : `${target}=${Number(share) / 100}`, confidence: Number(confidence) / 100, runs: Number(runs) };
      const { data } = await client.POST("/v1/scenarios/staffing", { params: { header: { "Idempotency-Key": key } }, body: body as never });
      go({ name: "manage", tab: "staffing", id: data!.run });
    } catch (error) {
      if (error instanceof Problem && error.file) setRefused(refusals([{ file: error.file, detail: error.message }]));
      throw error;
    }
    return "";
  });
  return (
    <div className="page" tabIndex={0} role="region" aria-label={say("manage_tab.staffing")}>
      <header><h1>{say("staffing.title")}</h1></header>
      <Waiting of={read} />
      {read.value && (
        <>
          <form id={form} onSubmit={(event) => { event.preventDefault(); void start(); }}>
            <section className="card" aria-label={say("staffing.wanted")}>
              <h2>{say("staffing.wanted")}</h2>
              <div className="fields">
                <label>{say("staffing.promise")}<select value={target} onChange={(event) => setTarget(event.target.value as typeof target)}>{TARGETS.map((one) => <option key={one} value={one}>{say(`staffing_target.${one}`)}</option>)}</select></label>
                {target !== "cost" && <label>{say("staffing.share")}<input type="number" min={1} max={99.9} step="any" required value={share} onChange={(event) => setShare(event.target.value)} /></label>}
                <label>{say("staffing.confidence")}<input type="number" min={50} max={99.9} step="any" required value={confidence} onChange={(event) => setConfidence(event.target.value)} /></label>
                <label>{say("staffing.runs")}<input type="number" min={0} max={2000} step={1} required value={runs} onChange={(event) => setRuns(event.target.value)} /></label>
                <BaseFields base={base} library={read.value} region={here.region.name} onChange={setBase} />
              </div>
            </section>
          </form>
            <div className="scenarios">
              <Cards title={say("staffing.under")} cards={cards} library={read.value} refused={refused[CHANGED] ?? {}} onChange={(made) => { setCards(made); setRefused({}); }} />
              <Cards title={say("staffing.what_if")} cards={beside} library={read.value} refused={refused[WHAT_IF] ?? {}} onChange={(made) => { setBeside(made); setRefused({}); }} />
            </div>
            <div className="send"><button type="submit" form={form} className="main" disabled={command.busy}>{say("staffing.search")}</button><span className="quiet">{say("staffing.takes")}</span></div>
            <p role="alert" className="refused">{command.refused}</p>
          <PastRuns />
        </>
      )}
    </div>
  );
}

function Search({ id }: { id: string }) {
  const { say } = useSpoken();
  const read = useRun(id);
  const run = read.value;
  return (
    <div className="page" tabIndex={0} role="region" aria-label={say("manage_tab.staffing")}>
      <header><h1>{say("staffing.answer")}</h1><Link className="button" to={{ name: "manage", tab: "staffing", id: "" }}>{say("staffing.again")}</Link></header>
      <Waiting of={read} />
      {run && !ended(run) && <Searching run={run} onStopped={read.again} />}
      {run && run.errors.length > 0 && <p className="refused" role="alert">{run.errors.map((one) => one.detail).join("\n")}</p>}
      {run?.state === "stopped" && <p className="empty">{say("study.stopped_before")}</p>}
      {run?.state === "done" && <Answer run={run} />}
      {run && ended(run) && <Removed run={run} />}
    </div>
  );
}

function Searching({ run, onStopped }: { run: Run; onStopped(): void }) {
  const { say } = useSpoken();
  const { tasks = 0, engineers } = run.progress as { tasks?: number; engineers?: number };
  return (
    <section className="card working" aria-label={say("study.working")}>
      <p role="status">{engineers === undefined ? say(run.state === "waiting" ? "study.waits" : "staffing.estimating", { done: tasks, of: "" }) : say("staffing.estimate", { n: engineers, tasks })}</p>
      <progress aria-label={say("study.working")} />
      <StopRun run={run} onStopped={onStopped} />
    </section>
  );
}

function Answer({ run }: { run: Run }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const ask = useCallback(async () => {
    const [answer, made] = await Promise.all([textOf(run, "staffing.json"), textOf(run, "scenarios.json")]);
    return { answer: JSON.parse(answer!) as Roster, made: made === null ? null : (JSON.parse(made) as Outcome) };
  }, [run]);
  const read = useRead(ask);
  const { region } = useHere();
  const depots = useChoices().depot;
  if (!read.value) return <Waiting of={read} />;
  const { answer, made } = read.value;
  const told = written(spoken, made?.currency ?? region.currency);
  const [sentence, values] = inWords(answer, told, say);
  const lost = Object.entries(answer.lost).filter(([, value]) => value >= 0.001).sort((one, other) => other[1] - one[1]).map(([cause, value]) => `${say(`late_cause.${cause}` as Code)} ${told.whole(value, "share")}`);
  const levers = (names: string[]) => (names.length === 0 ? say("staffing.nothing") : names.map((one) => say(`staffing_lever.${one}` as Code)).join(" + "));
  const took = seconds(run);
  return (
    <>
      <section className="card" aria-label={say("staffing.answer")}>
        <p className="answer">{say(sentence, values)}</p>
        {answer.beside.length > 0 && <p>{say("staffing.with", { levers: levers(answer.beside), stock: told.whole(answer.stock_week, "money") })}</p>}
        {lost.length > 0 && <p>{say("staffing.lost", { causes: lost.join(say("patch_said.comma")) })}</p>}
        {answer.most && <p>{say("staffing.most", { n: answer.most.engineers, share: answer.most.kept ? told.mean(answer.most.kept, "share") : "" })}</p>}
        <p className="quiet">{say("staffing.effort", { runs: answer.runs, seconds: took ?? "–" })}</p>
      </section>
      {answer.what_if && <WhatIf asked={answer.what_if} told={told} />}
      <div className="charts">
        {made && answer.target && <section className="card"><Curve made={made} clock={answer.target.figure} level={answer.target.share} /></section>}
        <section className="card" aria-label={say("staffing.roster")}>
          <h2>{say("staffing.roster")}</h2>
          <table className="plain">
            <thead><tr><th scope="col">{say("staffing.depot")}</th><th scope="col">{say("staffing.shift")}</th><th scope="col" className="number">{say("study.engineers")}</th><th scope="col">{say("staffing.skills")}</th></tr></thead>
            <tbody>{answer.roster.map((one) => <tr key={`${one.depot} ${one.shift}`}><th scope="row">{depots?.find((row) => row.id === one.depot)?.name || one.depot || "–"}</th><td>{say(`shift_kind.${one.shift.replaceAll("-", "_")}` as Code)}</td><td className="number">{one.engineers}</td><td>{Object.entries(one.skills).map(([skill, n]) => `${skill} ${n}`).join(say("patch_said.comma"))}</td></tr>)}</tbody>
          </table>
        </section>
        {answer.options.length > 0 && (
          <section className="card" aria-label={say("staffing.levers")}>
            <h2>{say("staffing.levers")}</h2>
            <table className="plain">
              <thead><tr><th scope="col">{say("staffing.beside")}</th><th scope="col" className="number">{say("study.engineers")}</th><th scope="col" className="number">{say("figure.cost_week")}</th></tr></thead>
              <tbody>{answer.options.map((one) => <tr key={one.beside.join("+")}><th scope="row">{levers(one.beside)}</th><td className="number">{one.engineers ?? say("staffing.not_reached")}</td><td className="number">{told.whole(one.cost_week, "money")}</td></tr>)}</tbody>
            </table>
          </section>
        )}
      </div>
      <details className="card"><summary>{say("staffing.all_figures")}</summary><Results run={run} /></details>
    </>
  );
}

type Told = ReturnType<typeof written>;
type Spoken = ReturnType<typeof useSpoken>;

/** What one question came to: the sentence and its values. */
function inWords(answer: Answered, told: Told, say: Spoken["say"]): [Code, Record<string, string | number>] {
  const { sure, asked, reached } = answer.confidence;
  const values = { n: answer.engineers, cost: told.mean(answer.cost_week, "money"), share: answer.kept ? told.mean(answer.kept, "share") : "", wanted: answer.target ? told.whole(answer.target.share, "share") : "", percent: reached === null ? "–" : told.whole(reached, "share"), asked: told.whole(asked, "share"), figure: answer.target ? say(`figure.${answer.target.figure}` as Code) : "" };
  const found = answer.roster.length > 0 || sure;
  return [!answer.whole ? "staffing.only_estimate" : !answer.target ? (sure ? "staffing.cheapest" : "staffing.perhaps_cheapest") : sure ? "staffing.sure" : found ? "staffing.unsure" : "staffing.beyond", values];
}

/** The same question under more changes, and what it needs more. */
function WhatIf({ asked, told }: { asked: NonNullable<Roster["what_if"]>; told: Told }) {
  const { say, lang } = useSpoken();
  if (asked.stopped) return <section className="card" aria-label={say("staffing.what_if")}><p className="quiet">{say("staffing.what_if_stopped")}</p></section>;
  const { more } = asked;
  return (
    <section className="card" aria-label={asked.name[lang]}>
      <h2>{asked.name[lang]}</h2>
      <p>{say(...inWords(asked, told, say))}</p>
      {more && <p>{say(more.effect === "not_detected" ? "staffing.more_undetected" : "staffing.more", { people: told.plain(more.engineers, "money", true), cost: told.change(more.cost_week, "money"), stock: told.plain(more.stock_week, "money", true) })}</p>}
    </section>
  );
}
