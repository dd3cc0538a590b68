// One ticket with everything about it; a report that is no ticket yet asks what is missing.
import { useCallback, useEffect, useState } from "react";
import { client, hrefOf } from "../api/client";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import "../shell/pages.css";
import { BesideCards } from "./BesideCards";
import { Clocks } from "./Clocks";
import { Files } from "./Files";
import { Moves } from "./Moves";
import { Questions } from "./Questions";
import { isReport, secondsOf, type Beside, type Whole } from "./whole";
import { Who } from "../shell/Who";

const EVERY_MS = 60_000;

export default function TicketPage({ ticket }: { ticket: string }) {
  const { say, lang } = useSpoken();
  const ask = useCallback(async () => {
    void lang; // the arithmetic comes in the language asked for
    const { data } = await client.GET("/v1/tickets/{ticket}", { params: { path: { ticket } } });
    return data!;
  }, [ticket, lang]);
  const hears = (action: string, about: string) => (action === "ticket" || action.startsWith("ticket.")) ? !about || about === ticket : action.startsWith("plan");
  const found = useRead(ask, hears);
  const whole = found.value && !isReport(found.value) ? found.value : undefined;
  const isTicket = whole !== undefined;
  const askBeside = useCallback(async () => {
    const { data } = await client.GET("/v1/tickets/{ticket}/beside", { params: { path: { ticket } } });
    return data!;
  }, [ticket]);
  const beside = useRead(isTicket ? askBeside : null, hears);
  // Clocks run: what is late a minute from now is said a minute from now.
  const { again } = found;
  useEffect(() => { const timer = window.setInterval(again, EVERY_MS); return () => window.clearInterval(timer); }, [again]);
  const [said, setSaid] = useState("");
  const refresh = () => { found.again(); beside.again(); };
  return (
    <div className="page ticket-page">
      <p className="only-read" role="status">{said}</p>
      {said === say("ticket.moved_on") && <p className="stale-line">{said}</p>}
      <Waiting of={found} />
      {found.value && isReport(found.value) && <Questions report={found.value} onAnswered={refresh} />}
      {whole && (
        <>
          <Head ticket={whole} beside={beside.value} />
          <div className="columns">
            <div>
              <Moves ticket={whole} onWritten={(what) => { setSaid(what); refresh(); }} onMovedOn={() => { setSaid(say("ticket.moved_on")); refresh(); }} />
              <Clocks ticket={whole} />
              <Visits ticket={whole} />
              <History ticket={whole} />
            </div>
            <div>
              <Files ticket={ticket} files={whole.attachments} limits={beside.value?.limits ?? []} mostFiles={beside.value?.most_files ?? 0} onSent={refresh} />
              <Knowledge ticket={whole} />
              <Waiting of={beside} />
              {beside.value && <BesideCards ticket={whole} beside={beside.value} onWritten={refresh} />}
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function Head({ ticket, beside }: { ticket: Whole; beside: Beside | undefined }) {
  const spoken = useSpoken();
  const { say } = spoken;
  return (
    <>
      <header>
        <h1>{ticket.id} <span className="severity">{ticket.severity}</span></h1>
        <a className="button" href={hrefOf(`/v1/tickets/${encodeURIComponent(ticket.id)}/form?lang=${spoken.lang}`)} target="_blank" rel="noreferrer">{say("ticket.form")}</a>
      </header>
      <section className="card" style={{ marginBottom: 14 }}>
        <p className="line">
          <strong>{say(`stage.${ticket.stage}` as "stage.reported")}</strong>
          <span className="quiet">{say("ticket.since", { at: spoken.moment(secondsOf(ticket.since)) })}</span>
          {ticket.waiting && <span className="late">{say("ticket.waits", { wait: say(`wait.${ticket.waiting}` as "wait.part") })}{ticket.waiting_since && ` (${say("ticket.since", { at: spoken.moment(secondsOf(ticket.waiting_since)) })})`}</span>}
          <span className="quiet">{say("ticket.reported", { at: spoken.moment(secondsOf(ticket.reported_at)) })}</span>
        </p>
        <dl className="facts">
          <dt>{say("new.kind")}</dt><dd>{say(`kind.${ticket.kind}` as "kind.fault")}</dd>
          <dt>{say("visit.customer")}</dt><dd>{beside?.customer_name || ticket.customer}</dd>
          <dt>{say("visit.site")}</dt><dd>{beside?.site_name} <small>{ticket.site}</small></dd>
          <dt>{say("ticket.asset")}</dt><dd>{ticket.asset || say("page.none")} {beside?.model} <small>{beside?.serial}</small></dd>
          <dt>{say("ticket.contract")}</dt><dd>{ticket.contract || say("page.none")}</dd>
          <dt>{say("ticket.scheme")}</dt><dd>{ticket.scheme} {ticket.scheme_version}</dd>
          {beside?.contact && <><dt>{say("ticket.contact")}</dt><dd>{beside.contact}</dd></>}
          {(ticket.text || ticket.symptom) && <><dt>{say("ticket.said")}</dt><dd className="words-said">{[ticket.symptom, ticket.text].filter(Boolean).join(" · ")}</dd></>}
        </dl>
      </section>
    </>
  );
}

function Visits({ ticket }: { ticket: Whole }) {
  const spoken = useSpoken();
  const { say } = spoken;
  return (
    <section className="card">
      <h2>{say("ticket.visit")}</h2>
      {ticket.visits.length === 0 && <p className="quiet">{say("ticket.no_visit")}</p>}
      <ul>
        {ticket.visits.map((one) => (
          <li key={one.visit} className="line">
            <span>{one.visit}</span><span>{say("ticket.minutes", { min: one.minutes })}</span>
            {one.starts_at ? <span>{spoken.moment(secondsOf(one.starts_at))} · {one.shift || one.partner}</span> : <span className="quiet">{say("ticket.not_planned")}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function History({ ticket }: { ticket: Whole }) {
  const spoken = useSpoken();
  const { say } = spoken;
  return (
    <section className="card history">
      <h2>{say("ticket.history")}</h2>
      <ol reversed className="bare-list">
        {[...ticket.events].reverse().map((one, index) => (
          <li key={ticket.events.length - index}>
            <time dateTime={one.at} className="quiet">{spoken.moment(secondsOf(one.at))}</time>
            <span><strong>{say(`event.${one.kind}` as "event.closed")}</strong> {one.value} {one.reason && <span>{one.reason}</span>} <small><Who id={one.by} />{one.visit && ` · ${one.visit}`}</small></span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Knowledge({ ticket }: { ticket: Whole }) {
  const { say } = useSpoken();
  return (
    <section className="card">
      <h2>{say("ticket.knowledge")}</h2>
      {ticket.offers.length === 0 && <p className="quiet">{say("ticket.knowledge_none")}</p>}
      <ul>{ticket.offers.map((one) => <li key={one.cause + one.solution}>{say("ticket.helped", { solution: one.solution, cause: one.cause, n: one.n, m: one.m })}</li>)}</ul>
    </section>
  );
}
