// The ways out of a promise in danger, each with its last safe moment; one press publishes one.
import { useEffect, useState } from "react";
import type { components } from "contract";
import { client, newKey, Problem } from "../api/client";
import { useSpoken } from "../text";
import { othersOf } from "./Candidates";
import { wordsOf } from "./doing";

type Ways = components["schemas"]["RescueOut"];

export function Rescue({ visit, version, busy, onDone }: { visit: string; version: string; busy: boolean; onDone(words: string): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [found, setFound] = useState<Ways>();
  const [refused, setRefused] = useState("");
  const [chosen, setChosen] = useState(false);
  useEffect(() => {
    let gone = false;
    setFound(undefined);
    setRefused("");
    client.GET("/v1/tickets/{ticket}/rescue", { params: { path: { ticket: visit } } }).then(
      ({ data }) => { if (!gone) setFound(data!); },
      (error: unknown) => { if (!gone) setRefused(error instanceof Problem && error.code === "rescue.nothing_open" ? say("rescue.none") : wordsOf(error)); },
    );
    return () => { gone = true; };
  }, [visit, version, say]);
  const take = async (choice: string, words: string) => {
    setRefused("");
    setChosen(true);
    try {
      await client.POST("/v1/tickets/{ticket}/rescue", { params: { path: { ticket: visit }, header: { "Idempotency-Key": newKey() } }, body: { choice } });
      onDone(say("rescue.done", { way: words }));
    } catch (error) {
      setRefused(wordsOf(error));
    } finally {
      setChosen(false);
    }
  };
  const at = (moment: string) => spoken.moment(Date.parse(moment) / 1000);
  const money = (amount: string) => spoken.money(Number(amount) * 100, found!.currency);
  return (
    <section className="rescue" aria-label={say("rescue.title")}>
      <h3>{say("rescue.title")}</h3>
      {refused && <p className="refused" role="alert">{refused}</p>}
      {!found && !refused && <p className="quiet">{say("candidates.asking")}</p>}
      <ol className="ways">
        {found?.ways.filter((way) => !way.closed).map((way) => (
          <li key={way.choice}>
            <p><strong>{way.way.text}</strong> {way.money && <span>{money(way.money)}</span>}</p>
            {way.safe_until && <p><strong>{say("rescue.safe", { at: at(way.safe_until) })}</strong></p>}
            <ul>
              {way.finishes_at && <li>{say("rescue.finish", { at: at(way.finishes_at) })}</li>}
              {way.promises?.map((one) => one.spare_s !== null && <li key={one.milestone}>{say(one.spare_s < 0 ? "preview.late" : "preview.spare", { milestone: say(`milestone.${one.milestone}` as "milestone.arrive"), span: spoken.span(one.spare_s) })}</li>)}
              {way.loaner && <li>{say("rescue.loaner", { unit: way.loaner.unit, cost: money(way.loaner.cost), bill: money(way.loaner.bill_without) })}</li>}
              {othersOf(way.others ?? null, spoken).map((words) => <li key={words}>{words}</li>)}
            </ul>
            <button type="button" disabled={busy || chosen} aria-label={`${say("rescue.do")}: ${way.way.text}`} onClick={() => void take(way.choice, way.way.text)}>{say("rescue.do")}</button>
          </li>
        ))}
      </ol>
      <ul className="quiet">{found?.ways.map((way) => way.closed && <li key={way.choice}>{way.way.text}: {way.closed.text}</li>)}</ul>
    </section>
  );
}
