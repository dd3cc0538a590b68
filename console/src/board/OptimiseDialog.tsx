// How to optimise: the whole plan, today, one engineer, a gap, an emergency. It proposes; nothing moves by itself.
import { useEffect, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { useSpoken } from "../text";
import { Dialog } from "./Dialog";
import { wordsOf } from "./doing";
import type { Wish } from "./optimise";
import type { Board, Visit } from "./model";

interface Props {
  board: Board;
  visit: Visit | undefined;
  busy: boolean;
  onClose(): void;
  onStart(wish: Wish): void;
  onEmergency(): void;
  onAssign(visit: string, engineer: string): void;
}

const BATCH_S = 60;
const IN_DAY_S = 10;
const ONE_S = 5;

export function OptimiseDialog({ board, visit, busy, onClose, onStart, onEmergency, onAssign }: Props) {
  const { say } = useSpoken();
  const [engineer, setEngineer] = useState(visit?.engineer || (board.engineers[0]?.id ?? ""));
  const [gap, setGap] = useState("");
  return (
    <Dialog title={say("optimise.title")} onClose={onClose}>
      <ul className="choices">
        <li><button type="button" className="main" onClick={() => onStart({ seconds: BATCH_S })}>{say("optimise.batch")}</button><p>{say("optimise.batch_why")}</p></li>
        <li><button type="button" className="main" onClick={() => onStart({ seconds: IN_DAY_S })}>{say("optimise.in_day")}</button><p>{say("optimise.in_day_why")}</p></li>
        <li><label>{say("optimise.engineer")} <select value={engineer} onChange={(event) => { setEngineer(event.currentTarget.value); setGap(""); }}>{board.engineers.map((one) => <option key={one.id}>{one.id}</option>)}</select></label></li>
        <li><button type="button" disabled={!engineer} onClick={() => onStart({ seconds: ONE_S, engineer })}>{say("optimise.one")}</button><p>{say("optimise.one_why")}</p></li>
        <li><button type="button" disabled={!engineer} aria-expanded={gap !== ""} onClick={() => setGap(engineer)}>{say("optimise.gap")}</button><p>{say("optimise.gap_why")}</p></li>
        {gap && <li><Gap engineer={gap} version={board.version} busy={busy} onAssign={(one) => onAssign(one, gap)} /></li>}
        <li><button type="button" disabled={!visit} onClick={onEmergency}>{say("optimise.emergency")}</button><p>{visit ? `${say("optimise.emergency_why")} (${visit.id})` : say("doing.choose_first")}</p></li>
      </ul>
    </Dialog>
  );
}

function Gap({ engineer, version, busy, onAssign }: { engineer: string; version: string; busy: boolean; onAssign(visit: string): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [found, setFound] = useState<components["schemas"]["FillersOut"]>();
  const [refused, setRefused] = useState("");
  useEffect(() => {
    let gone = false;
    setFound(undefined);
    client.GET("/v1/engineers/{engineer}/fillers", { params: { path: { engineer } } }).then(
      ({ data }) => { if (!gone) setFound(data!); },
      (error: unknown) => { if (!gone) setRefused(wordsOf(error)); },
    );
    return () => { gone = true; };
  }, [engineer, version]);
  return (
    <section aria-label={say("gap.title", { engineer })}>
      <h3>{say("gap.title", { engineer })}</h3>
      {refused && <p className="refused" role="alert">{refused}</p>}
      {!found && !refused && <p className="quiet">{say("candidates.asking")}</p>}
      {found?.fillers.length === 0 && <p>{say("gap.none")}</p>}
      <ul className="ways">
        {found?.fillers.map((one) => (
          <li key={one.visit}>
            <strong>{one.visit}</strong> {say("gap.saves", { money: spoken.money(Number(one.saves) * 100, found.currency), at: spoken.moment(Date.parse(one.starts_at) / 1000) })}{" "}
            {one.now && <span className="quiet">{say("gap.now", { engineer: one.now })} </span>}
            <button type="button" disabled={busy} aria-label={`${say("candidates.assign")}: ${one.visit}`} onClick={() => onAssign(one.visit)}>{say("candidates.assign")}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}
