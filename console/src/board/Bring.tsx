// From where a missing part can be brought to a visit, the earliest first; one press asks for it.
import { useEffect, useMemo, useState } from "react";
import type { components } from "contract";
import { client, newKey } from "../api/client";
import { useSpoken } from "../text";
import { momentOf, wallOf } from "../text/zoned";
import { isoOf, wordsOf } from "./doing";

type Source = components["schemas"]["SourceOut"];

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
  const [found, setFound] = useState<components["schemas"]["SourcesOut"]>();
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
  const ask = async (source: Source, at: number | null) => {
    if (at === null) return;
    setBusy(true);
    setRefused("");
    try {
      await client.POST("/v1/visits/{visit}/deliveries", {
        params: { path: { visit }, header: { "Idempotency-Key": `${key}-${source.place}-${at}` } },
        body: { part, quantity, place: source.place, arrives_at: isoOf(at), price_cents: source.price_cents },
      });
      onDone(say("bring.done", { quantity, part, from: source.name || source.place, visit, at: spoken.moment(at) }));
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
      {found?.sources.length === 0 && <p>{say("bring.none", { part })}</p>}
      <ul className="ways">
        {found?.sources.slice(0, 8).map((one) => (
          <li key={one.place}>
            <form className="day" onSubmit={(event) => { event.preventDefault(); void ask(one, momentOf(String(new FormData(event.currentTarget).get("at")), zone)); }}>
              <p><strong>{one.name || one.place}</strong> {say("bring.free", { free: one.free })} <span className="quiet">{say("bring.price", { money: spoken.money(one.price_cents, found.currency) })}</span></p>
              <label>{say("bring.at")}<input name="at" type="datetime-local" required defaultValue={wallOf(Math.ceil(Date.parse(one.arrives_at) / 300_000) * 300, zone)} /></label>
              <button type="submit" disabled={busy} aria-label={`${say("bring.ask")}: ${one.name || one.place}`}>{say("bring.ask")}</button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
