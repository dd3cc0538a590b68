// One visit in words: its clocks, who goes when, with which part, who else could, why; and what can be done about it.
import { useSpoken } from "../text";
import { Candidates } from "./Candidates";
import { Clocks } from "./Clocks";
import type { DayKind } from "./DayDialog";
import type { Doing } from "./doing";
import { visitState, type Visit } from "./model";
import { Rescue } from "./Rescue";
import { TransferList } from "./Transfers";
import type { Transfer } from "./transfers";
import { Why } from "./Why";

export type Asked = "" | "candidates" | "why" | "rescue";

interface Props {
  visit: Visit | undefined;
  /** Of this visit. */
  transfers: readonly Transfer[];
  now: number;
  version: string;
  doing: Doing;
  whatIf: boolean;
  asked: Asked;
  onAsk(asked: Asked): void;
  onDay(kind: DayKind): void;
  onDone(words: string): void;
}

export function Details({ visit, transfers, now, version, doing, whatIf, asked, onAsk, onDay, onDone }: Props) {
  const spoken = useSpoken();
  const { say } = spoken;
  if (!visit) return <div className="details"><p className="quiet">{say("board.none_chosen")}</p></div>;
  const planned = visit.start !== null && visit.end !== null;
  const state = visitState(visit, now);
  // Who needs a decision is shown the choices at once; of the others they are a press away.
  const shown: Asked = asked || (!planned ? "candidates" : "");
  const press = (what: Asked) => onAsk(shown === what ? "" : what);
  return (
    <div className="details" tabIndex={0} role="region" aria-label={say("board.details")}>
      <h2>{visit.id} <span className="severity">{visit.severity}</span></h2>
      <p>{visit.customer}</p>
      <p className="quiet">{visit.site_name}</p>
      <div className="actions">
        {!planned && <button type="button" className="main" disabled={doing.busy} aria-keyshortcuts="a" onClick={() => void doing.best(visit.id)}>{say("action.best")}</button>}
        {planned && <button type="button" aria-pressed={shown === "candidates"} onClick={() => press("candidates")}>{say("candidates.ask")}</button>}
        <button type="button" aria-pressed={shown === "why"} aria-keyshortcuts="w" disabled={whatIf} onClick={() => press("why")}>{say("action.why")}</button>
        {(state === "at_risk" || state === "will_miss" || state === "breached" || !planned) && <button type="button" aria-pressed={shown === "rescue"} disabled={whatIf} onClick={() => press("rescue")}>{say("action.rescue")}</button>}
        {(planned || visit.lock) && <button type="button" disabled={doing.busy || whatIf} aria-keyshortcuts="l" onClick={() => void doing.lock(visit.id, visit.lock ? "none" : "both")}>{say(visit.lock ? "action.unlock" : "action.lock")}</button>}
        {planned && <button type="button" disabled={doing.busy} aria-keyshortcuts="u" onClick={() => void doing.off(visit.id)}>{say("action.off")}</button>}
        <button type="button" disabled={whatIf} onClick={() => onDay("overrun")}>{say("action.overrun")}</button>
        <button type="button" disabled={whatIf} onClick={() => onDay("part")}>{say("action.part")}</button>
        <button type="button" disabled={whatIf} onClick={() => onDay("customer")}>{say("action.customer")}</button>
      </div>
      {doing.refused && <p className="refused" role="alert">{doing.refused}</p>}
      <h3>{say("visit.when")}</h3>
      {visit.start !== null && visit.end !== null ? (
        <dl>
          <dt>{say("visit.engineer")}</dt><dd>{visit.engineer || visit.partner}</dd>
          <dt>{say("visit.when")}</dt><dd>{spoken.moment(visit.start)} – {spoken.clock(visit.end)}</dd>
          {visit.lock && <><dt>{say("visit.locked")}</dt><dd>{say(`visit.lock.${visit.lock}` as "visit.lock.both")}</dd></>}
          {visit.told && <><dt /><dd>{say("visit.told")}</dd></>}
        </dl>
      ) : (
        <>
          <p>{say("visit.nobody")}{visit.lock && ` ${say("visit.held_still", { lock: say(`visit.lock.${visit.lock}` as "visit.lock.both") })}`}</p>
          {visit.reason && <><h3>{say("visit.why_not")}</h3><p>{visit.reason}</p><p className="quiet">{say(visit.known === "proved" ? "visit.proved" : "visit.not_found")}</p></>}
        </>
      )}
      {shown === "candidates" && <Candidates visit={visit.id} version={version} doing={doing} onAssign={(engineer) => void doing.move(visit.id, engineer)} />}
      {shown === "why" && <Why visit={visit.id} version={version} />}
      {shown === "rescue" && <Rescue visit={visit.id} version={version} busy={doing.busy} onDone={onDone} />}
      <Clocks visit={visit} version={version} now={now} />
      {visit.short.length > 0 && <p className="refused">{say("visit.short", { parts: visit.short.map((one) => one.replace(/^(\S+) (\d+)$/, "$2 × $1")).join(", ") })}</p>}
      {visit.fell_out && <p className="refused">{say("visit.fell_out")}</p>}
      {visit.parts.length > 0 && (
        <>
          <h3>{say("visit.parts")}</h3>
          <ul>{visit.parts.map((line) => <li key={`${line.part} ${line.source_id} ${line.reserved}`}>{line.quantity > 0 ? `${line.quantity} × ` : ""}{line.name}: {say(`part.${line.source}` as "part.offer", { from: line.source_id })}{line.reserved && say("part.reserved")}</li>)}</ul>
        </>
      )}
      {transfers.length > 0 && (
        <>
          <h3>{say("panel.transfers")}</h3>
          <TransferList transfers={transfers} />
        </>
      )}
      {visit.loaner && (
        <>
          <h3>{say("visit.loaner")}</h3>
          <p>{say(`loaner.${visit.loaner.by}` as "loaner.visit", { unit: visit.loaner.unit, class: visit.loaner.loaner_class, at: spoken.moment(visit.loaner.stands) })}</p>
        </>
      )}
    </div>
  );
}
