// From what came out to what is asked for: a scenario's changes become requests that somebody else decides. Nothing is edited.
import { useCallback, useState } from "react";
import type { components } from "contract";
import { client } from "../../api/client";
import { useCommand } from "../../shell/command";
import { useHere } from "../../shell/here";
import { useRead } from "../../shell/read";
import { Link } from "../../shell/route";
import { Waiting } from "../../shell/Waiting";
import { useSpoken, type Code } from "../../text";
import type { Outcome } from "./figures";
import { pageFor } from "./patches";
import { nameOf } from "./Results";
import type { Run } from "./useRun";

export type ChangeRequest = components["schemas"]["ChangeRequestOut"];
const touches = (action: string) => action.startsWith("change.");

export function Promote({ run, made }: { run: Run; made: Outcome }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const command = useCommand();
  // What was simulated under a second policy, too, changes nothing more.
  const scenarios = made.scenarios.slice(1).filter((one) => !one.id.includes("@"));
  const [chosen, setChosen] = useState(scenarios[0]?.id ?? "");
  const [reason, setReason] = useState("");
  const ask = useCallback(async () => (await client.GET("/v1/change-requests", { params: { query: { run: run.id, decided: true, limit: 200 } } })).data as unknown as { rows: ChangeRequest[] }, [run.id]);
  const read = useRead(ask, touches);
  if (scenarios.length === 0) return null;
  const promote = () => command.run(async (key) => {
    const { data } = await client.POST("/v1/change-requests", { params: { header: { "Idempotency-Key": key } }, body: { run: run.id, scenario: chosen, patches: [], reason: reason.trim() } });
    setReason("");
    read.again();
    return say("study.promoted", { n: data!.requests.length, ids: data!.requests.join(", ") });
  });
  return (
    <section className="card" aria-label={say("study.promote")}>
      <h2>{say("study.promote")}</h2>
      <p className="quiet">{say("study.promote_about")}</p>
      {may("scenario_run") && (
        <form className="basket" onSubmit={(event) => { event.preventDefault(); void promote(); }}>
          <label>{say("study.of_scenario")}<select value={chosen} onChange={(event) => setChosen(event.target.value)}>{scenarios.map((one) => <option key={one.id} value={one.id}>{nameOf(one, spoken)}</option>)}</select></label>
          <label>{say("study.why")}<input maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
          <button type="submit" className="main" disabled={command.busy}>{say("study.ask_for_it")}</button>
        </form>
      )}
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
      <Waiting of={read} />
      {read.value && read.value.rows.length > 0 && <ul>{read.value.rows.map((one) => <Requested key={one.request} request={one} onChanged={read.again} />)}</ul>}
    </section>
  );
}

/** A request as it stands, with what its reader may do about it. */
export function Requested({ request, onChanged }: { request: ChangeRequest; onChanged(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const command = useCommand();
  const [reason, setReason] = useState("");
  const step = (word: "accepted" | "declined" | "withdrawn" | "done") => command.run(async (key) => {
    await client.POST("/v1/change-requests/{request}/steps", { params: { path: { request: request.request }, header: { "Idempotency-Key": key } }, body: { step: word, reason: reason.trim() } });
    setReason("");
    onChanged();
    return say("study.now", { request: request.request, state: say(`change_state.${word}`) });
  });
  const open = request.step === "requested";
  const withdraws = open && request.is_own && may("scenario_run");
  const accepted = request.step === "accepted" && may("scenario_run");
  const page = pageFor(request.lists[0] ?? "");
  const moment = (at: string) => spoken.moment(Date.parse(at) / 1000);
  return (
    <li className="request">
      <p><strong>{request.request}</strong> {request.name} <span className="chip">{say(`change_state.${request.step}` as Code)}</span></p>
      <p className="quiet">{say("study.asked_by", { by: request.asked_by_name, at: moment(request.asked_at) })}{request.reason && ` · ${request.reason}`}</p>
      {request.steps.map((one) => <p key={one.at + one.step} className="quiet">{say(`change_state.${one.step}` as Code)}: {one.by_name}, {moment(one.at)}{one.reason && ` · ${one.reason}`}</p>)}
      {request.step === "accepted" && <p>{page ? <Link to={page}>{say("study.enter_here")}</Link> : say("study.enter_elsewhere")}</p>}
      {(request.is_mine || withdraws || accepted) && (
        <div className="basket">
          <label>{say("study.why")}<input maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
          {request.is_mine && <button type="button" disabled={command.busy} onClick={() => void step("accepted")}>{say("study.accept")}<span className="only-read"> {request.request}</span></button>}
          {request.is_mine && <button type="button" disabled={command.busy || !reason.trim()} onClick={() => void step("declined")}>{say("study.decline")}<span className="only-read"> {request.request}</span></button>}
          {withdraws && <button type="button" disabled={command.busy || !reason.trim()} onClick={() => void step("withdrawn")}>{say("study.withdraw")}<span className="only-read"> {request.request}</span></button>}
          {accepted && <button type="button" disabled={command.busy} onClick={() => void step("done")}>{say("study.is_done")}<span className="only-read"> {request.request}</span></button>}
        </div>
      )}
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </li>
  );
}
