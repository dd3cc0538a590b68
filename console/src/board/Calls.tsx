// The call list: who believes a time that no longer holds comes first; a tick says that the customer was told.
import { useCallback, useEffect, useMemo, useState } from "react";
import type { components } from "contract";
import { client, newKey, Problem } from "../api/client";
import { useSpoken } from "../text";
import type { Board } from "./model";

type Call = components["schemas"]["CallOut"];

export function Calls({ board, onChoose }: { board: Board; onChoose(visit: string): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [calls, setCalls] = useState<readonly Call[]>();
  const [refused, setRefused] = useState("");
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const load = useCallback(() => {
    client.GET("/v1/calls").then(({ data }) => setCalls((data as components["schemas"]["CallsOut"]).calls), (error: unknown) => setRefused(String(error)));
  }, []);
  useEffect(load, [load, board.version]);
  const customers = useMemo(() => new Map(board.visits.map((one) => [one.id, one.customer])), [board.visits]);
  const tell = async (call: Call) => {
    setRefused("");
    try {
      await client.POST("/v1/visits/{visit}/told", {
        params: { path: { visit: call.visit }, header: { "Idempotency-Key": newKey() } },
        body: { starts_at: call.starts_at, whom: customers.get(call.visit) || call.visit, at: null },
      });
      setTicked((before) => new Set(before).add(call.visit));
      load();
    } catch (error) {
      setRefused(error instanceof Problem ? error.message : String(error));
    }
  };
  const at = (moment: string) => spoken.moment(Date.parse(moment) / 1000);
  return (
    <section className="proposal" aria-label={say("calls.title")}>
      <header><h2>{say("calls.title")}</h2></header>
      {refused && <p className="refused" role="alert">{refused}</p>}
      {calls?.length === 0 && <p className="empty">{say("calls.none")}</p>}
      <ul className="parts">
        {calls?.map((call) => (
          <li key={call.visit}>
            <label><input type="checkbox" checked={ticked.has(call.visit)} disabled={ticked.has(call.visit)} onChange={() => void tell(call)} />{say("calls.told")}</label>{" "}
            <button type="button" className="link" onClick={() => onChoose(call.visit)}>{call.visit}</button> {customers.get(call.visit)}
            <p>{say("calls.now", { at: at(call.starts_at) })}{call.believed_at && <strong> · {say("calls.believes", { at: at(call.believed_at) })}</strong>}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
