// A simulation: the first estimate as soon as it is there, then the longer run of the same; stopped, it keeps what is done.
import { useEffect, useState } from "react";
import { client } from "../../api/client";
import { useCommand } from "../../shell/command";
import { useHere } from "../../shell/here";
import { useRead } from "../../shell/read";
import { go, Link, refine, useAddress } from "../../shell/route";
import { Waiting } from "../../shell/Waiting";
import { useSpoken } from "../../text";
import type { LibraryRow } from "./Cards";
import { readLibrary } from "./choices";
import { cardsGiven, sentenceOf, type Given } from "./patches";
import { refusals } from "./AskPage";
import { Results } from "./Results";
import { StopRun } from "./StopRun";
import { ended, seconds, useRun, type Run } from "./useRun";

const library = readLibrary;

export function RunPage({ run: id }: { run: string }) {
  const { say } = useSpoken();
  const { may } = useHere();
  const address = useAddress();
  const whole = Number(new URLSearchParams(address.split("?")[1] ?? "").get("whole") ?? 0);
  const [longer, setLonger] = useState("");
  const first = useRun(id);
  const second = useRun(longer);
  const command = useCommand();
  const run = first.value;
  const quick = run?.state === "done" && whole > Number((run.asked as { replications: number }).replications) && may("scenario_run");
  useEffect(() => {
    // Refused once, it is not asked for again: the words stand under the estimate.
    if (!quick || longer || command.refused || !run) return;
    // The key is made of the first run's name: read again, the same longer run is followed, not begun anew.
    void command.run(async () => {
      const body = { ...(run.asked as object), replications: whole };
      const { data } = await client.POST("/v1/scenarios", { params: { header: { "Idempotency-Key": `whole-${whole}-${id}`.slice(-64) } }, body: body as never });
      setLonger(data!.run);
      return "";
    });
  }, [quick, longer, run, whole, id, command]);
  const better = second.value?.state === "done" ? second.value : null;
  const shown = better ?? (run?.state === "done" ? run : null);
  const working = second.value && !ended(second.value) ? second.value : run && !ended(run) ? run : null;
  return (
    <div className="page" tabIndex={0} role="region" aria-label={say("manage_tab.scenarios")}>
      <header>
        <h1>{say("study.results")}</h1>
        <Link className="button" to={{ name: "manage", tab: "scenarios", id: "" }}>{say("study.to_list")}</Link>
        {run && <Link className="button" to={{ name: "manage", tab: "scenarios", id: "" }} search={`?from=${encodeURIComponent(id)}`}>{say("study.change_these")}</Link>}
      </header>
      <Waiting of={first} />
      {run && <Asked run={run} />}
      {working && <Working run={working} first={shown === null} onStopped={() => { if (working === second.value) second.again(); else { if (whole) refine(""); first.again(); } }} />}
      <p role="alert" className="refused">{command.refused}</p>
      {second.value && second.value.errors.length > 0 && <p className="refused" role="alert">{second.value.errors.map((one) => one.detail).join("\n")}</p>}
      {run?.state === "stopped" && <p className="empty">{say("study.stopped_before")}</p>}
      {shown && <p role="status">{say(better === null && working ? "study.estimate_there" : "study.done_in", { n: String((shown.asked as { replications: number }).replications), seconds: seconds(shown) ?? "–" })}</p>}
      {shown && <Results key={shown.id} run={shown} />}
      {run && ended(run) && !working && <Removed run={better ?? run} />}
    </div>
  );
}

/** What was asked for, in sentences; why it failed, on the change it means. */
function Asked({ run }: { run: Run }) {
  const { say, lang } = useSpoken();
  const read = useRead<LibraryRow[]>(library as () => Promise<LibraryRow[]>);
  const asked = run.asked as { base: { library: string }; scenarios?: { id: string; patches: Given[] }[] };
  const wrong = refusals(run.errors.map((one) => ({ file: one.at?.file ?? "", detail: one.detail })));
  const named = (id: string) => read.value?.find((one) => one.id === id);
  return (
    <details className="card asked" open={run.state !== "done"}>
      <summary>{say("study.asked_for", { base: asked.base.library ? named(asked.base.library)?.name ?? asked.base.library : say("study.the_region") })}</summary>
      <div className="scenarios">
        {(asked.scenarios ?? []).map((one, at) => (
          <section key={one.id} aria-label={say("study.scenario", { n: at + 1 })}>
            <h3>{say("study.scenario", { n: at + 1 })}</h3>
            <ol className="bare-list">{one.patches.flatMap((given, number) => cardsGiven(given, named, lang).map((card) => <li key={number}>{sentenceOf(card, say)}{wrong[one.id]?.[number + 1] && <p className="refused" role="alert">{wrong[one.id]![number + 1]}</p>}</li>))}</ol>
          </section>
        ))}
      </div>
      {run.errors.length > 0 && <p className="refused" role="alert">{run.errors.map((one) => one.detail).join("\n")}</p>}
    </details>
  );
}

function Working({ run, first, onStopped }: { run: Run; first: boolean; onStopped(): void }) {
  const { say } = useSpoken();
  const { done = 0, of = 0 } = run.progress as { done?: number; of?: number };
  return (
    <section className="card working" aria-label={say("study.working")}>
      <p>{say(run.state === "waiting" ? "study.waits" : first && of === 0 ? "study.starting" : first ? "study.estimating" : "study.refining", { done, of })}</p>
      {of > 0 && <progress max={of} value={done} aria-label={say("study.working")} />}
      <StopRun run={run} onStopped={onStopped} />
    </section>
  );
}

export function Removed({ run }: { run: Run }) {
  const { say } = useSpoken();
  const { may } = useHere();
  const command = useCommand();
  const [sure, setSure] = useState(false);
  if (!may("scenario_run")) return null;
  const remove = () => command.run(async (key) => {
    await client.DELETE("/v1/scenarios/{run}", { params: { path: { run: run.id }, header: { "Idempotency-Key": key } } });
    go({ name: "manage", tab: run.kind, id: "" });
    return "";
  });
  return (
    <p className="send no-print">
      {sure ? <><span>{say("study.remove_sure")}</span><button type="button" disabled={command.busy} onClick={() => void remove()}>{say("study.remove_yes")}</button><button type="button" onClick={() => setSure(false)}>{say("study.remove_no")}</button></>
        : <button type="button" onClick={() => setSure(true)}>{say("study.remove_run")}</button>}
      <span role="alert" className="refused">{command.refused}</span>
    </p>
  );
}

