// The clocks of a visit: how each promise stands, and, asked for, the sum its due time comes from.
import { useEffect, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { deadlineState } from "../deadline";
import { useSpoken } from "../text";
import { StateMark } from "./marks";
import type { Visit } from "./model";

type Ticket = components["schemas"]["WholeTicketOut"];

export function Clocks({ visit, version, now }: { visit: Visit; version: string; now: number }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [ticket, setTicket] = useState<Ticket>();
  useEffect(() => {
    let gone = false;
    setTicket((known) => (known?.id === visit.ticket ? known : undefined));
    const timer = window.setTimeout(() => {
      client.GET("/v1/tickets/{ticket}", { params: { path: { ticket: visit.ticket } } }).then(
        ({ data }) => { if (!gone && data && "clocks" in data) setTicket(data); },
        () => undefined, // the promises stand on the board without it
      );
    }, 250);
    return () => { gone = true; window.clearTimeout(timer); };
  }, [visit.ticket, version]);
  return (
    <>
      <h3>{say("visit.clocks")}</h3>
      {visit.promises.length === 0 && <p className="quiet">{say("visit.no_promise")}</p>}
      {visit.promises.map((one) => {
        const state = deadlineState({ due: one.due, forecast: one.forecast, now, done: one.done });
        const spare = one.forecast === null ? null : one.due - one.forecast;
        const sum = ticket?.clocks.find((clock) => clock.milestone === one.milestone)?.arithmetic ?? [];
        return (
          <div key={one.milestone} className="promise">
            <strong>{say(`milestone.${one.milestone}` as "milestone.arrive")}</strong>
            <span><StateMark state={state} /> {say(`state.${state}`)}</span>
            <span className="quiet">{say("visit.due", { at: spoken.moment(one.due) })}</span>
            <span className="quiet">{one.due >= now ? say("visit.left", { span: spoken.span(one.due - now) }) : say("visit.over", { span: spoken.span(now - one.due) })}</span>
            {one.forecast !== null && <span className="quiet">{say("visit.planned", { at: spoken.moment(one.forecast) })}</span>}
            {spare !== null && <span className="quiet">{spare >= 0 ? say("visit.spare", { span: spoken.span(spare) }) : say("visit.late", { span: spoken.span(spare) })}</span>}
            {sum.length > 0 && <details className="sum"><summary>{say("clock.how")}</summary><ol>{sum.map((line, index) => <li key={index}>{line}</li>)}</ol></details>}
          </div>
        );
      })}
    </>
  );
}
