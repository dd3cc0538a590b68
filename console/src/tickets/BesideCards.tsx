// What stands beside a ticket: parts, loaner, charges, complaint, survey, each with what may follow; what the caller may not
// read is not shown, what he may not write has no buttons.
import type { components } from "contract";
import { client, newKey } from "../api/client";
import { useHere } from "../shell/here";
import { useSpoken } from "../text";
import { Complain, Lend, Quote } from "./Begin";
import { Steps } from "./Steps";
import type { Said } from "./steps";
import { secondsOf, type Beside, type Whole } from "./whole";

type Schemas = components["schemas"];

export function BesideCards({ ticket, beside, onWritten }: { ticket: Whole; beside: Beside; onWritten(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const header = () => ({ "Idempotency-Key": newKey() });
  const lend = (loan: string) => (step: string, said: Said) => client.POST("/v1/loans/{loan}/steps", {
    params: { path: { loan }, header: header() }, body: { step: step as Schemas["LoanStep"], reason: said.reason, due_back_at: said.moment },
  });
  const charge = (charge: string) => (step: string, said: Said) => client.POST("/v1/charges/{charge}/steps", {
    params: { path: { charge }, header: header() }, body: { ticket: ticket.id, step: step as Schemas["ChargeStep"], cents: said.cents, part: "", quantity: 0, reason: said.reason },
  });
  const complaint = (complaint: string) => (step: string, said: Said) => client.POST("/v1/complaints/{complaint}/steps", {
    params: { path: { complaint }, header: header() }, body: { step: step as Schemas["ComplaintStep"], reason: said.reason, remedy: said.remedy as Schemas["Remedy"] | null },
  });
  const survey_ = (step: string, said: Said) => client.POST("/v1/surveys/{ticket}/steps", {
    params: { path: { ticket: ticket.id }, header: header() }, body: { step: step as Schemas["SurveyStep"], score: said.score, remark: said.reason },
  });
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
          <ul>{beside.loans.map((one) => (
            <li key={one.loan}>
              <p className="line"><span>{one.unit}</span><span>{say(`loan.${one.state}` as "loan.out")}</span>{one.due_back_at && !one.back_at && <small>{say("ticket.back_due", { at: at(one.due_back_at) })}</small>}</p>
              {may("loan_write") && one.may_follow.length > 0 && <Steps of="loan" steps={one.may_follow} about={one.loan} write={lend(one.loan)} onWritten={onWritten} />}
            </li>
          ))}</ul>
          {may("loan_write") && <Lend ticket={ticket} beside={beside} onWritten={onWritten} />}
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
              {may("charge_write") && <Steps of="charge" steps={one.may_follow.filter((step) => step !== "quoted")} about={one.charge} write={charge(one.charge)} onWritten={onWritten} />}
            </div>
          ))}
          {may("charge_write") && <Quote ticket={ticket} beside={beside} onWritten={onWritten} />}
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
              {may("feedback_write") && one.may_follow.length > 0 && <Steps of="complaint" steps={one.may_follow} about={one.complaint} write={complaint(one.complaint)} onWritten={onWritten} />}
            </div>
          ))}
          {may("feedback_write") && <Complain ticket={ticket} beside={beside} onWritten={onWritten} />}
        </section>
      )}
      {asked && (
        <section className="card">
          <h2>{say("ticket.survey")}</h2>
          {asked.length === 0 ? <p className="quiet">{say("ticket.survey_none")}</p> : <ul>{asked.map((one) => <li key={one}>{one}</li>)}</ul>}
          {may("feedback_write") && survey && survey.may_follow.length > 0 && <Steps of="survey" steps={survey.may_follow} about={say("ticket.survey")} highest={survey.highest} write={survey_} onWritten={onWritten} />}
        </section>
      )}
    </>
  );
}
