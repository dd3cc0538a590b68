// Above the timeline: the moment, the connection, the plan's figures, search, what can be asked for, and its progress.
import { useState } from "react";
import { useSpoken } from "../text";
import type { DayKind } from "./DayDialog";
import type { Board } from "./model";
import type { Optimising } from "./optimise";

interface Props {
  board: Board;
  now: number;
  lost: boolean;
  turn: Optimising;
  undoable: boolean;
  whatIf: boolean;
  onChoose(visit: string): void;
  onOptimise(): void;
  onStop(): void;
  onClose(): void;
  onUndo(): void;
  onDay(kind: DayKind): void;
  onWhatIf(): void;
  onKeys(): void;
}

export const SEARCH_ID = "board-search";

export function Bar({ board, now, lost, turn, undoable, whatIf, onChoose, onOptimise, onStop, onClose, onUndo, onDay, onWhatIf, onKeys }: Props) {
  const spoken = useSpoken();
  const { say } = spoken;
  const progress = turn.step === "running" ? turn.progress as { work?: number; left_out?: number } : {};
  return (
    <div className="board-bar">
      <span className="moment"><strong>{spoken.clock(now)}</strong> {spoken.day(now)}</span>
      <span className={lost ? "link-state lost" : "link-state"}>{say(lost ? "live.lost" : "live.on")}</span>
      <span>{say("board.summary", { visits: board.figures.visits, left: board.figures.left_out, late: board.figures.late })}</span>
      <Search board={board} onChoose={onChoose} />
      <span className="right">
        <button type="button" disabled={!undoable} aria-keyshortcuts="Control+z" onClick={onUndo}>{say("doing.undo")}</button>
        <button type="button" disabled={whatIf} onClick={() => onDay("urgent")}>{say("action.urgent")}</button>
        <button type="button" onClick={() => onDay("ill")}>{say("action.ill")}</button>
        <button type="button" aria-pressed={whatIf} onClick={onWhatIf}>{say("what_if.start")}</button>
        {turn.step === "running" ? (
          <>
            <progress aria-label={say("optimise.running")} />
            <span>{progress.work === undefined ? say("optimise.running") : say("optimise.work", { work: progress.work, left: progress.left_out ?? 0 })}</span>
            <button type="button" disabled={turn.stopping || !turn.run} onClick={onStop}>{say(turn.stopping ? "optimise.stopping" : "optimise.stop")}</button>
          </>
        ) : <button type="button" className="main" disabled={turn.step === "proposed" || whatIf} aria-keyshortcuts="o" aria-haspopup="dialog" onClick={onOptimise}>{say("board.optimise")}</button>}
        <button type="button" aria-keyshortcuts="?" aria-haspopup="dialog" onClick={onKeys}>{say("keys.open")}</button>
      </span>
      {turn.step === "stopped" && <p role="status">{say("optimise.stopped")} <button type="button" onClick={onClose}>{say("doing.close")}</button></p>}
      {turn.step === "failed" && <p className="refused" role="alert">{say("optimise.failed", { reason: turn.reason })} <button type="button" onClick={onClose}>{say("doing.close")}</button></p>}
    </div>
  );
}

function Search({ board, onChoose }: { board: Board; onChoose(visit: string): void }) {
  const { say } = useSpoken();
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const words = wanted.trim().toLowerCase();
  const found = words ? board.visits.filter((one) => [one.id, one.ticket, one.customer, one.site, one.site_name].some((text) => text.toLowerCase().includes(words))) : [];
  return (
    <form className="search" role="search" onSubmit={(event) => {
      event.preventDefault();
      if (!found.length) return;
      // Enter again: the next that is found.
      onChoose(found[at % found.length]!.id);
      setAt(at + 1);
    }}>
      <input id={SEARCH_ID} type="search" maxLength={80} aria-label={say("search.label")} placeholder={say("search.label")} aria-keyshortcuts="/" value={wanted} onChange={(event) => { setWanted(event.currentTarget.value); setAt(0); }} onKeyDown={(event) => { if (event.key === "Escape") event.currentTarget.blur(); }} />
      <span role="status">{words && (found.length ? found.length : say("search.none"))}</span>
    </form>
  );
}
