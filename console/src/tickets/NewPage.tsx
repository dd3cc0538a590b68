// A new ticket while somebody is on the phone: what is known, missing and likely is shown with every word.
import { useCallback, useMemo, useRef, useState } from "react";
import { client, newKey } from "../api/client";
import { useRead, useSettled } from "../shell/read";
import { go } from "../shell/route";
import { useSpoken } from "../text";
import "../shell/pages.css";
import { Finding } from "./Finding";
import { Saying as SayingCard } from "./Saying";
import { Aside } from "./Aside";
import { isBlank, NOTHING, reportOf, tellingOf, type Saying } from "./taking";

const TYPED_MS = 250;

export default function NewPage() {
  const { say } = useSpoken();
  const [said, setSaid] = useState<Saying>(NOTHING);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  // One key for one report: pressed twice, or sent again when the answer was lost, it is one ticket.
  const key = useRef<{ of: string; key: string }>({ of: "", key: "" });
  const change = (changed: Partial<Saying>) => setSaid((before) => ({ ...before, ...changed }));

  const telling = useMemo(() => JSON.stringify(tellingOf(said)), [said]);
  const settled = useSettled(telling, TYPED_MS);
  const blank = isBlank(said);
  const askTold = useCallback(async () => {
    const { data } = await client.POST("/v1/intake", { body: JSON.parse(settled) as ReturnType<typeof tellingOf> });
    return data!;
  }, [settled]);
  const told = useRead(blank ? null : askTold);
  // Until the answer to the last word is there, the one before stands.
  const last = useRef(told.value);
  if (told.value) last.current = told.value;
  if (blank) last.current = undefined;
  const known = told.value ?? (told.failed ? undefined : last.current);

  const send = async () => {
    const body = reportOf(said, known);
    const content = JSON.stringify(body);
    if (key.current.of !== content) key.current = { of: content, key: newKey() };
    setBusy(true);
    setRefused("");
    try {
      const { data } = await client.POST("/v1/tickets", { body, params: { header: { "Idempotency-Key": key.current.key } } });
      go({ name: "ticket", ticket: data!.ticket });
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  const missing = known?.questions ?? [];
  const ready = known !== undefined && missing.length === 0 && settled === telling;
  return (
    <div className="page new-page">
      <header><h1>{say("new.title")}</h1></header>
      <form onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <div className="columns">
          <div>
            <Finding found={said.found} onFound={(found) => change({ found, contract: "", scheme: "", severity: "", parts: {}, offered: null })} />
            <SayingCard said={said} told={known} onChange={change} />
            <div className="card send">
              <button type="submit" className="main" disabled={busy || blank || settled !== telling}>{say(ready || blank ? "new.open" : "new.take")}</button>
              {!blank && known && (ready
                ? <span className="good">{say("new.nothing_missing")}</span>
                : <span><strong>{say("new.missing")}:</strong> {missing.map((one) => say(`new.${one.asked}` as "new.kind")).join(" · ")}</span>)}
              <p role="alert" className="refused">{refused || told.failed}</p>
            </div>
          </div>
          <Aside said={said} told={known} settled={settled} onChange={change} />
        </div>
      </form>
    </div>
  );
}
