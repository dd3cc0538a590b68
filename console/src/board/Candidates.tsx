// Who could take a visit, the cheapest first, in words; one press assigns.
import { useEffect, useRef, useState } from "react";
import type { components } from "contract";
import { useSpoken, type Spoken } from "../text";
import { wordsOf, type Doing } from "./doing";

type Candidate = components["schemas"]["CandidateOut"];
type Preview = components["schemas"]["PreviewOut"];
type Others = components["schemas"]["OthersOut"];

const SHOWN = 5;

export function Candidates({ visit, version, doing, onAssign }: { visit: string; version: string; doing: Doing; onAssign(engineer: string): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [found, setFound] = useState<components["schemas"]["CandidatesOut"]>();
  const [refused, setRefused] = useState("");
  const { busy } = doing;
  const asked = useRef(doing);
  asked.current = doing;
  useEffect(() => {
    let gone = false;
    setFound(undefined);
    setRefused("");
    // A walk with the arrow keys does not ask about every visit it passes.
    const timer = window.setTimeout(() => {
      asked.current.candidates(visit, SHOWN).then(
        (answer) => { if (!gone) setFound(answer); },
        (error: unknown) => { if (!gone) setRefused(wordsOf(error)); },
      );
    }, 250);
    return () => { gone = true; window.clearTimeout(timer); };
  }, [visit, version]);
  return (
    <section aria-label={say("candidates.title")}>
      <h3>{say("candidates.title")}</h3>
      {refused && <p className="refused" role="alert">{refused}</p>}
      {!found && !refused && <p className="quiet">{say("candidates.asking")}</p>}
      {found?.candidates.length === 0 && <p>{say("candidates.none")}</p>}
      <ol className="ways">
        {found?.candidates.map((one) => (
          <li key={one.engineer}>
            <p><strong>{one.engineer}</strong> {say("preview.starts", { at: spoken.moment(Date.parse(one.starts_at) / 1000) })} <span className="quiet">{say("candidates.price", { money: spoken.money(Number(one.money) * 100, found.currency) })}</span></p>
            <ul>{[...promisesOf(one, spoken), ...suppliesOf(one, spoken), ...othersOf(one.others, spoken)].map((words) => <li key={words}>{words}</li>)}</ul>
            <button type="button" disabled={busy} aria-label={`${say("candidates.assign")}: ${one.engineer}`} onClick={() => onAssign(one.engineer)}>{say("candidates.assign")}</button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function promisesOf(one: Candidate, spoken: Spoken): string[] {
  return Object.entries(one.promises).flatMap(([name, spare]) => (spare === null ? [] : [spareWords(name, spare, spoken)]));
}

function spareWords(name: string, spare: number, { say, span }: Spoken): string {
  const milestone = say(`milestone.${name}` as "milestone.arrive");
  return say(spare < 0 ? "preview.late" : "preview.spare", { milestone, span: span(spare) });
}

function suppliesOf({ parts, loaner }: { parts: readonly components["schemas"]["SupplyOut"][]; loaner: components["schemas"]["LoanerOut"] | null }, spoken: Spoken): string[] {
  const { say } = spoken;
  const words = parts.map((line) => say("preview.part", { quantity: line.quantity, part: line.part, from: say(`part.${line.source}` as "part.offer", { from: line.place }) }));
  return loaner ? [...words, say("preview.loaner", { unit: loaner.unit, at: spoken.moment(Date.parse(loaner.stands_at) / 1000) })] : words;
}

export function othersOf(others: Others | null, { say }: Spoken): string[] {
  if (!others) return [];
  const told: [readonly string[], "preview.moves" | "preview.others_late" | "preview.pushes"][] = [[others.moved, "preview.moves"], [others.late, "preview.others_late"], [others.displaced, "preview.pushes"]];
  return told.flatMap(([visits, code]) => (visits.length ? [say(code, { visits: visits.slice(0, 5).join(", ") + (visits.length > 5 ? " …" : "") })] : []));
}

/** What a move would do, line by line: for the ghost under the pointer and for the live region. */
export function previewWords(seen: Preview, spoken: Spoken): string[] {
  const { say } = spoken;
  if (!seen.possible) {
    const broken = [...new Set(seen.broken.map((one) => one.answer.text))];
    return broken.length ? broken.slice(0, 4) : [say("preview.no_room")];
  }
  const cents = Math.round(Number(seen.money) * 100);
  return [
    ...(seen.starts_at ? [say("preview.starts", { at: spoken.moment(Date.parse(seen.starts_at) / 1000) })] : []),
    say(cents < 0 ? "preview.saves" : "preview.costs", { money: spoken.money(Math.abs(cents), seen.currency) }),
    ...seen.promises.flatMap((one) => (one.spare_s === null ? [] : [spareWords(one.milestone, one.spare_s, spoken)])),
    ...suppliesOf(seen, spoken),
    ...othersOf(seen.others, spoken),
  ];
}
