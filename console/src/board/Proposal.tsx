// A proposed difference: what would move, be added or be left out, whom to call, what it saves; taken whole, in part, or not.
import { useMemo } from "react";
import { useSpoken } from "../text";
import type { Board } from "./model";
import type { Conflict, Difference } from "./optimise";

interface Props {
  board: Board;
  difference: Difference;
  conflicts: readonly Conflict[];
  /** Why nothing of it could be taken at the last try. */
  refused: string;
  busy: boolean;
  /** Parts that are not to be taken. */
  out: ReadonlySet<number>;
  onOut(out: ReadonlySet<number>): void;
  onTake(parts: readonly number[] | "all"): void;
  onDiscard(): void;
  onChoose(visit: string): void;
}

type Kind = "added" | "moved" | "left_out" | "supplied";
type Change = Difference["parts"][number]["visits"][number];
type Place = Change["before"];
const sameTime = (one: Change) => one.before.who === one.after.who && one.before.starts_at === one.after.starts_at;

export function Proposal({ board, difference, conflicts, refused: notTaken, busy, out, onOut, onTake, onDiscard, onChoose }: Props) {
  const spoken = useSpoken();
  const { say } = spoken;
  const told = useMemo(() => new Set(board.visits.filter((one) => one.told).map((one) => one.id)), [board]);
  const chosen = difference.parts.filter((part) => !out.has(part.number));
  const counts: Record<Kind, number> = { added: 0, moved: 0, left_out: 0, supplied: 0 };
  let calls = 0;
  for (const part of chosen) for (const one of part.visits) {
    const kind: Kind = !one.before.who ? "added" : !one.after.who ? "left_out" : sameTime(one) ? "supplied" : "moved";
    counts[kind] += 1;
    if (told.has(one.visit) && !sameTime(one)) calls += 1;
  }
  const engineers = useMemo(() => new Map(board.engineers.flatMap((one) => one.shifts.map((shift) => [shift.id, one.id]))), [board.engineers]);
  const refused = new Map(conflicts.map((one) => [one.part, one.detail]));
  const at = (moment: string | null) => (moment === null ? "" : spoken.moment(Date.parse(moment) / 1000));
  const place = (one: Place) => (one.who ? `${engineers.get(one.who) ?? one.who} ${at(one.starts_at)}` : say("state.unassigned"));
  const part = (one: Place["parts"][number]) => `${one.quantity} × ${one.part} (${say(`part.${one.source}` as "part.offer", { from: one.place })})`;
  /** What else is another: with which parts, with which loaner; of who goes at the same time it is all there is. */
  const others = (one: Change) => {
    const [gone, come] = [one.before.parts.map(part), one.after.parts.map(part)];
    const words = [
      ...come.filter((line) => !gone.includes(line)).map((line) => say("proposal.with", { what: line })),
      ...gone.filter((line) => !come.includes(line)).map((line) => say("proposal.without", { what: line })),
      ...(one.after.loaner && one.after.loaner !== one.before.loaner ? [say("proposal.loaner", { unit: one.after.loaner })] : []),
      ...(one.before.loaner && one.after.loaner !== one.before.loaner ? [say("proposal.no_loaner", { unit: one.before.loaner })] : []),
    ];
    return one.before.who && words.length > 0 && <small className="quiet"> · {words.join("; ")}</small>;
  };
  return (
    <section className="proposal" aria-label={say("proposal.title")}>
      <header>
        <h2>{say("proposal.title")}</h2>
        <p>{say("proposal.counts", { added: counts.added, moved: counts.moved, left: counts.left_out, calls })}</p>
        {counts.supplied > 0 && <p>{say("proposal.supplied", { n: counts.supplied })}</p>}
        {difference.parts.length === 0 ? <p>{say("proposal.same")}</p> : <p className="quiet">{say("proposal.outlines")}</p>}
        <p>{say("proposal.saves", { money: spoken.money(difference.saves_cents, board.currency) })}</p>
        {notTaken && <p className="refused" role="alert">{notTaken}</p>}
        <div className="actions">
          <button type="button" className="main" disabled={busy || chosen.length === 0} onClick={() => onTake(out.size ? chosen.map((part) => part.number) : "all")}>
            {out.size ? say("proposal.apply_part", { parts: chosen.length }) : say("proposal.apply")}
          </button>
          {[...refused.keys()].some((part) => !out.has(part)) && <button type="button" disabled={busy} onClick={() => onOut(new Set([...out, ...refused.keys()]))}>{say("proposal.without_refused")}</button>}
          <button type="button" disabled={busy} onClick={onDiscard}>{say("proposal.discard")}</button>
        </div>
      </header>
      <ul className="parts">
        {difference.parts.map((part) => (
          <li key={part.number}>
            <label>
              <input type="checkbox" checked={!out.has(part.number)} disabled={busy} onChange={(event) => {
                const next = new Set(out);
                if (event.currentTarget.checked) next.delete(part.number); else next.add(part.number);
                onOut(next);
              }} />
              {say("proposal.part", { number: part.number, visits: part.visits.length })}
            </label>
            {refused.has(part.number) && <p className="refused" role="alert">{refused.get(part.number)}</p>}
            <ul>
              {part.visits.slice(0, 40).map((one) => (
                <li key={one.visit}>
                  <button type="button" className="link" onClick={() => onChoose(one.visit)}>{one.visit}</button>{" "}
                  {sameTime(one) ? place(one.after) : <>{place(one.before)} → {place(one.after)}</>}
                  {others(one)}
                  {told.has(one.visit) && !sameTime(one) && <strong> · {say("proposal.call")}</strong>}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}
