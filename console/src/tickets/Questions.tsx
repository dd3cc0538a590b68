// A report that is no ticket yet: each missing fact is asked; the last answer opens the ticket.
import { useState } from "react";
import { client, newKey } from "../api/client";
import { useHere } from "../shell/here";
import { useSpoken } from "../text";
import { Files } from "./Files";
import { secondsOf, type Report } from "./whole";

type Question = Report["questions"][number];

export function Questions({ report, onAnswered }: { report: Report; onAnswered(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  return (
    <>
      <header><h1>{report.id}</h1></header>
      <div className="columns">
        <section className="card">
          <h2>{say("ticket.report")}</h2>
          <p className="quiet">{say("ticket.reported", { at: spoken.moment(secondsOf(report.at)) })} · {say(`channel.${report.channel}` as "channel.phone")}</p>
          {report.text && <p className="words-said">{report.text}</p>}
          {report.contact && <p>{report.contact}</p>}
          <h3>{say("new.missing")}</h3>
          {report.questions.map((one) => <Answer key={one.asked} report={report.id} question={one} onAnswered={onAnswered} />)}
          {report.evidence.length > 0 && <p className="quiet">{say("ticket.wanted_evidence", { kinds: report.evidence.map((one) => say(`evidence.${one}` as "evidence.photo")).join(", ") })}</p>}
        </section>
        <Files ticket={report.id} files={report.attachments} limits={[]} mostFiles={0} onSent={onAnswered} />
      </div>
    </>
  );
}

function Answer({ report, question, onAnswered }: { report: string; question: Question; onAnswered(): void }) {
  const { say } = useSpoken();
  const { may } = useHere();
  const [value, setValue] = useState(question.proposed || (question.choices.length === 1 ? question.choices[0]! : ""));
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    setRefused("");
    try {
      await client.POST("/v1/tickets/{ticket}/answers", { params: { path: { ticket: report }, header: { "Idempotency-Key": newKey() } }, body: { asked: question.asked as never, value } });
      onAnswered();
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const label = say(`ask.${question.asked}` as "ask.site");
  const shown = (one: string) => (question.asked === "kind" ? say(`kind.${one}` as "kind.fault") : one);
  return (
    <form className="next-move" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <label>{label}
        {question.choices.length > 0 && question.choices.length <= 50
          ? <select value={value} onChange={(event) => setValue(event.target.value)}><option value="" />{question.choices.map((one) => <option key={one} value={one}>{shown(one)}</option>)}</select>
          : <input value={value} maxLength={4000} onChange={(event) => setValue(event.target.value)} />}
      </label>
      {question.given && <p className="quiet">{say("new.unknown", { given: question.given })}</p>}
      {may("ticket_write") && <div><button type="submit" disabled={busy || !value.trim()}>{say("ticket.answer")}</button></div>}
      <p role="alert" className="refused">{refused}</p>
    </form>
  );
}
