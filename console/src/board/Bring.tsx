// The ways a missing part can be brought to a visit, the cheapest first; one press asks a store for it.
import { useEffect, useMemo, useState } from "react";
import type { components } from "contract";
import { client, newKey } from "../api/client";
import { useSpoken } from "../text";
import { momentOf, wallOf } from "../shell/wall";
import { isoOf, wordsOf } from "./doing";

type Way = components["schemas"]["BringingWayOut"];
type Ways = components["schemas"]["WaysOut"];

/** What a store can be asked for here; the other ways are shown, and gone by elsewhere. */
const ASKED: Record<string, "courier" | "transfer"> = { courier: "courier", pick_up: "transfer" };

interface Props {
  visit: string;
  part: string;
  quantity: number;
  zone: string;
  /** What was asked for, in words. */
  onDone(words: string): void;
}

export function Bring({ visit, part, quantity, zone, onDone }: Props) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [found, setFound] = useState<Ways>();
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const key = useMemo(newKey, [visit, part, quantity]);
  useEffect(() => {
    let gone = false;
    client.GET("/v1/visits/{visit}/sources", { params: { path: { visit }, query: { part, quantity } } }).then(
      ({ data }) => { if (!gone) setFound(data!); },
      (error: unknown) => { if (!gone) setRefused(wordsOf(error)); },
    );
    return () => { gone = true; };
  }, [visit, part, quantity]);
  const ask = async (source: Way, at: number) => {
    if (Number.isNaN(at)) return;
    setBusy(true);
    setRefused("");
    try {
      await client.POST("/v1/visits/{visit}/deliveries", {
        params: { path: { visit }, header: { "Idempotency-Key": `${key}-${source.kind}-${source.source}-${at}` } },
        body: { part, quantity, place: source.source, arrives_at: isoOf(at), price_cents: source.price_cents, kind: ASKED[source.kind]! },
      });
      onDone(say("bring.done", { quantity, part, from: source.name || source.source, visit, at: spoken.moment(at) }));
    } catch (error) {
      setRefused(wordsOf(error));
      setBusy(false);
    }
  };
  return (
    <section aria-label={say("bring.title")}>
      <h3>{say("bring.title")}</h3>
      <p>{say("bring.what", { quantity, part, visit })}</p>
      {refused && <p className="refused" role="alert">{refused}</p>}
      {!found && !refused && <p className="quiet" role="status">{say("candidates.asking")}</p>}
      {found?.ways.length === 0 && <p>{say("bring.none", { part })}</p>}
      <ul className="ways">
        {found?.ways.slice(0, 8).map((one) => (
          <li key={`${one.kind} ${one.source}`}>
            <form className="day" onSubmit={(event) => { event.preventDefault(); void ask(one, momentOf(String(new FormData(event.currentTarget).get("at")), zone)); }}>
              <p><strong>{one.name || one.source}</strong> {say(`bring.kind.${one.kind}`)} · {say("bring.free", { free: one.free })} <span className="quiet">{say("bring.price", { money: spoken.money(one.price_cents, found.currency) })}</span></p>
              <p className="quiet">{one.why.text}</p>
              {ASKED[one.kind]
                ? <>
                    <label>{say("bring.at")}<input name="at" type="datetime-local" required defaultValue={wallOf(Math.ceil(Date.parse(one.arrives_at) / 300_000) * 300, zone)} /></label>
                    <button type="submit" disabled={busy} aria-label={`${say("bring.ask")}: ${one.name || one.source} ${say(`bring.kind.${one.kind}`)}`}>{say("bring.ask")}</button>
                  </>
                : <p>{say("bring.at")}: {spoken.moment(Date.parse(one.arrives_at) / 1000)}</p>}
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
