// What stands beside a ticket: parts, loaner, charges, complaint, survey; what the caller may not read is not shown.
import { useSpoken } from "../text";
import { secondsOf, type Beside } from "./whole";

export function BesideCards({ beside }: { beside: Beside }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const at = (moment: string) => spoken.moment(secondsOf(moment));
  const money = (cents: number) => spoken.money(cents, beside.currency);
  const { survey } = beside;
  const asked = survey && [
    survey.survey_due_at && !survey.sent_at && !survey.answered_at && say("ticket.survey_due", { at: at(survey.survey_due_at) }),
    survey.sent_at && say("ticket.survey_sent", { at: at(survey.sent_at) }),
    survey.score !== null && say("ticket.survey_score", { score: survey.score }),
    survey.declined_at && say("ticket.survey_declined", { at: at(survey.declined_at) }),
    survey.followed_up_at && say("ticket.follow_up", { at: at(survey.followed_up_at) }),
    survey.came_back && say("ticket.came_back"),
  ].filter((one): one is string => Boolean(one));
  return (
    <>
      <section className="card">
        <h2>{say("ticket.parts")}</h2>
        {beside.needs.length + beside.fitted.length === 0 && <p className="quiet">{say("ticket.parts_none")}</p>}
        <ul>
          {beside.needs.map((one) => <li key={one.visit + one.part} className="line"><span>{one.quantity} × {one.name || one.part}</span><small>{one.part} · {one.visit}</small><span className="quiet">{say("ticket.needed")}{one.likely !== null && ` ${Math.round(one.likely * 100)} %`}</span></li>)}
          {beside.fitted.map((one) => <li key={one.part} className="line"><span>{one.quantity} × {one.name || one.part}</span><small>{one.part}</small><span className="good">{say("ticket.fitted")}</span></li>)}
        </ul>
      </section>
      {beside.loans && (
        <section className="card">
          <h2>{say("ticket.loaner")}</h2>
          {beside.loans.length === 0 && <p className="quiet">{say("ticket.loaner_none")}</p>}
          <ul>{beside.loans.map((one) => <li key={one.loan} className="line"><span>{one.unit}</span><span>{say(`loan.${one.state}` as "loan.out")}</span>{one.due_back_at && !one.back_at && <small>{say("ticket.back_due", { at: at(one.due_back_at) })}</small>}</li>)}</ul>
        </section>
      )}
      {beside.charges && (
        <section className="card">
          <h2>{say("ticket.charges")}</h2>
          {beside.charges.length === 0 && <p className="quiet">{say("ticket.charges_none")}</p>}
          {beside.charges.map((one) => (
            <div key={one.charge}>
              <p className="line"><span>{one.charge}</span><span>{say(`charge_stage.${one.stage}` as "charge_stage.done")}</span></p>
              <ul>{one.lines.map((line, index) => <li key={index}>{say(`charge_item.${line.item.replaceAll("-", "_")}` as "charge_item.part")} {line.part && `${line.quantity} × ${line.part}`} <strong>{money(line.cents)}</strong></li>)}</ul>
              <p className="quiet">{say("ticket.total", { money: money(one.total), received: money(one.received), balance: money(one.balance) })}</p>
            </div>
          ))}
        </section>
      )}
      {beside.complaints && (
        <section className="card">
          <h2>{say("ticket.complaint")}</h2>
          {beside.complaints.length === 0 && <p className="quiet">{say("ticket.complaint_none")}</p>}
          {beside.complaints.map((one) => (
            <div key={one.complaint}>
              <p className="line"><span>{one.complaint}</span><span>{say(`complaint.${one.state}` as "complaint.made")}</span><small>{at(one.made_at)}</small>{one.answer_due_at && <small>{say("ticket.answer_due", { at: at(one.answer_due_at) })}</small>}</p>
              <p className="words-said">{one.text}</p>
            </div>
          ))}
        </section>
      )}
      {asked && (
        <section className="card">
          <h2>{say("ticket.survey")}</h2>
          {asked.length === 0 ? <p className="quiet">{say("ticket.survey_none")}</p> : <ul>{asked.map((one) => <li key={one}>{one}</li>)}</ul>}
        </section>
      )}
    </>
  );
}
