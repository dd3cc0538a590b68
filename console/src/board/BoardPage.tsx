// The dispatch board: queue on the left, timeline in the middle, on the right the map above details, a proposal, the calls.
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { SpokenContext, spokenIn, useSpoken, type Lang } from "../text";
import { AwayDialog } from "./AwayDialog";
import { Bar, SEARCH_ID } from "./Bar";
import { previewWords } from "./Candidates";
import { Calls } from "./Calls";
import { DayDialog, type DayKind } from "./DayDialog";
import { Details, type Asked } from "./Details";
import { useDoing } from "./doing";
import { KeysDialog, useKeys, type KeyName } from "./keys";
import { useLiveBoard, type BoardSource } from "./live";
import { StateMark } from "./marks";
import { queuesOf, rowsOf, type Row } from "./model";
import { NO_OUTLINES, outlined } from "./outlines";
import { useOptimiser } from "./optimise";
import { OptimiseDialog } from "./OptimiseDialog";
import { Panel, type PanelTab } from "./Panel";
import { Proposal } from "./Proposal";
import { Queue } from "./Queue";
import { Timeline } from "./Timeline";
import { Transfers } from "./Transfers";
import { transfersOf } from "./transfers";
import type { Target } from "./walk";
import { useDeliveries } from "./useDeliveries";
import { useWhatIf } from "./whatIf";

export type { BoardSource } from "./live";

const MapView = lazy(() => import("./MapView"));

const NO_PARTS: ReadonlySet<number> = new Set();

export function BoardPage({ source, lang }: { source: BoardSource; lang: Lang }) {
  const live = useLiveBoard(source);
  const { failed, lost, now, load } = live;
  const [chosen, setChosen] = useState("");
  const [asked, setAsked] = useState<Asked>("");
  const [panel, setPanel] = useState<PanelTab>("details");
  const [dialog, setDialog] = useState<"" | "keys" | "optimise" | DayKind>("");
  const [out, setOut] = useState<ReadonlySet<number>>(NO_PARTS);
  const [said, setSaid] = useState("");
  const zone = live.board?.zone ?? "UTC";
  const spoken = useMemo(() => spokenIn(lang, zone), [lang, zone]);
  const { say } = spoken;

  const optimiser = useOptimiser((stops) => { setSaid(say("optimise.taken", { stops })); setPanel("calls"); load(); });
  const turn = optimiser.now;
  const real = useDoing(say, setSaid, load);
  const whatIf = useWhatIf(say, setSaid);
  const doing = whatIf.on ? whatIf.doing : real;
  const board = (whatIf.on ? whatIf.board : undefined) ?? live.board;

  const choose = useCallback((visit: string) => { setChosen(visit); setAsked(""); }, []);
  // From the queue, the timeline or the search one wants to know more; from a list in the panel one goes on through the list.
  const look = useCallback((visit: string) => { choose(visit); setPanel("details"); }, [choose]);
  const proposed = turn.step === "proposed" ? turn.difference : undefined;
  useEffect(() => {
    setOut(NO_PARTS);
    if (proposed) setPanel("proposal");
    else setPanel((was) => (was === "proposal" ? "details" : was));
  }, [proposed?.plan]);

  const before = useRef<readonly Row[]>([]);
  const rows = useMemo(() => (before.current = board ? rowsOf(board, before.current) : []), [board]);
  const minute = Math.floor(now / 60) * 60;
  const queues = useMemo(() => board && queuesOf(board, minute), [board, minute]);
  const depots = useMemo(() => new Map(board?.depots.map((one) => [one.id, one.name])), [board]);
  const visit = useMemo(() => board?.visits.find((one) => one.id === chosen), [board, chosen]);
  const shown = useMemo(() => (board && proposed && !whatIf.on ? outlined(board, proposed, out) : NO_OUTLINES), [board, proposed, out, whatIf.on]);
  const deliveries = useDeliveries(live.board?.version);
  const transfers = useMemo(() => (board && deliveries ? transfersOf(board, deliveries, minute) : []), [board, deliveries, minute]);
  const axis = useMemo(() => {
    if (!board) return { from: 0, until: 0 };
    const shifts = board.engineers.flatMap((one) => one.shifts.filter((shift) => !shift.on_call || shift.depart !== null));
    return {
      from: Math.min(board.now - 3600, ...shifts.map((one) => one.start)),
      until: Math.max(board.now + 3600, ...shifts.map((one) => Math.max(one.end, one.back ?? 0))),
    };
  }, [board?.engineers]);

  const doingNow = useRef(doing);
  doingNow.current = doing;
  const preview = useCallback(async (id: string, to: Target) => {
    return previewWords(await doingNow.current.preview(id, to), spoken);
  }, [spoken]);
  const drop = useCallback((id: string, to: Target) => { setChosen(id); void doingNow.current.move(id, to.engineer, to.start); }, []);
  const putBack = useCallback((id: string) => setSaid(say("drag.changed", { visit: id })), [say]);
  const take = () => {
    if (turn.step !== "proposed") return;
    const parts = turn.difference.parts.filter((part) => !out.has(part.number)).map((part) => part.number);
    if (parts.length) void optimiser.take(out.size ? parts : "all");
  };

  useKeys((key: KeyName) => {
    if (key === "?") return setDialog("keys");
    if (key === "/") return document.getElementById(SEARCH_ID)?.focus();
    if (key === "undo") return void doing.undo();
    if (key === "o") return turn.step === "idle" && !whatIf.on ? setDialog("optimise") : undefined;
    if (key === "p") return take();
    if (!visit) return setSaid(say("doing.choose_first"));
    if (key === "a") return void doing.best(visit.id);
    if (key === "u") return void doing.off(visit.id);
    if (key === "l") return void doing.lock(visit.id, visit.lock ? "none" : "both");
    setPanel("details");
    setAsked("why");
  });

  if (failed && !board) {
    return <div className="empty" role="alert"><p>{say("board.error", { reason: failed })}</p><p><button type="button" onClick={load}>{say("board.again")}</button></p></div>;
  }
  if (!board || !queues) return <p className="empty" role="status">{say("board.loading")}</p>;
  const tabs: PanelTab[] = proposed ? ["details", "proposal", "transfers", "calls"] : ["details", "transfers", "calls"];
  const closeDialog = () => setDialog("");
  const written = (words: string, next?: string) => { closeDialog(); setSaid(words); setPanel("details"); if (next) choose(next); load(); };
  return (
    <SpokenContext value={spoken}>
      <div className={whatIf.on ? "board what-if" : "board"}>
        <h1 className="only-read">{say("nav.board")}</h1>
        <Queue queues={queues} now={now} chosen={chosen} onChoose={look} />
        <section aria-label={say("board.timeline", { engineers: board.engineers.length })}>
          <Bar
            board={board} now={now} lost={lost} turn={turn} undoable={doing.undoable} whatIf={whatIf.on} onChoose={look}
            onOptimise={() => setDialog("optimise")} onStop={optimiser.stop} onClose={optimiser.close} onUndo={() => void doing.undo()}
            onDay={setDialog} onWhatIf={() => (whatIf.on ? whatIf.end() : whatIf.start())} onKeys={() => setDialog("keys")}
          />
          {whatIf.on && (
            <p className="what-if-bar" role="status">
              <strong>{say("what_if.on", { moves: whatIf.changes })}</strong> {say("what_if.figures", { left: board.figures.left_out, late: board.figures.late, money: spoken.money(board.figures.cost_cents, board.currency) })}{" "}
              <button type="button" onClick={whatIf.end}>{say("what_if.end")}</button>
            </p>
          )}
          {doing.refused && <p className="refused banner" role="alert">{doing.refused} <button type="button" onClick={doing.forgive}>{say("doing.close")}</button></p>}
          <Timeline rows={rows} depotNames={depots} from={axis.from} until={axis.until} now={now} chosen={chosen} outlined={shown} onChoose={look} onMove={drop} preview={preview} onPutBack={putBack} onSay={setSaid} />
          <p className="said" role="status" aria-live="polite">{said}</p>
          <Legend />
        </section>
        <section aria-label={say("board.details")} className="side">
          <Panel tabs={tabs} tab={panel} onTab={setPanel} />
          {panel === "proposal" && turn.step === "proposed" && (
            <Proposal board={board} difference={turn.difference} conflicts={turn.conflicts} refused={turn.refused ?? ""} busy={turn.busy} out={out} onOut={setOut} onTake={(parts) => void optimiser.take(parts)} onDiscard={optimiser.discard} onChoose={choose} />
          )}
          {panel === "transfers" && <Transfers transfers={transfers} onChoose={choose} />}
          {panel === "calls" && <Calls board={board} onChoose={choose} />}
          {panel === "details" && (
            <>
              <Suspense fallback={<div className="map" />}><MapView board={board} now={minute} chosen={chosen} onChoose={choose} /></Suspense>
              <Details visit={visit} transfers={transfers.filter((one) => one.visit === chosen)} now={now} version={whatIf.on ? whatIf.version : board.version} doing={doing} whatIf={whatIf.on} asked={asked} onAsk={setAsked} onDay={setDialog} onDone={(words) => { setSaid(words); setAsked(""); load(); }} />
            </>
          )}
        </section>
        {dialog === "keys" && <KeysDialog onClose={closeDialog} />}
        {dialog === "optimise" && (
          <OptimiseDialog
            board={board} visit={visit} busy={doing.busy} onClose={closeDialog} onAssign={(one, engineer) => void doing.move(one, engineer)}
            onStart={(wish) => { closeDialog(); optimiser.start(wish); }} onEmergency={() => { closeDialog(); setPanel("details"); setAsked("rescue"); }}
          />
        )}
        {dialog === "ill" && whatIf.on ? (
          <AwayDialog board={board} chosen={visit?.engineer ?? ""} onClose={closeDialog} onAway={(engineer) => { closeDialog(); void whatIf.away(engineer); }} />
        ) : dialog !== "" && dialog !== "keys" && dialog !== "optimise" && (
          <DayDialog key={dialog} kind={dialog} board={board} visit={visit} now={now} onClose={closeDialog} onDone={written} onWritten={(words) => { setSaid(words); load(); }} />
        )}
        {(failed || lost) && <p className="stale" role="status">{say("live.off")}</p>}
      </div>
    </SpokenContext>
  );
}

function Legend() {
  const { say } = useSpoken();
  const states = ["on_track", "at_risk", "will_miss", "breached"] as const;
  return (
    <ul className="legend">
      {states.map((one) => <li key={one}><span className={`swatch state-${one}`} aria-hidden="true" /><StateMark state={one} />{say(`state.${one}`)}</li>)}
    </ul>
  );
}
