// The clocks of a ticket, each open one with how its due time comes about.
import { useSpoken } from "../text";
import { secondsOf, type Whole } from "./whole";

export function Clocks({ ticket }: { ticket: Whole }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const shown = ticket.clocks.filter((one) => one.state !== "not_promised");
  return (
    <section className="card">
      <h2>{say("ticket.clocks")}</h2>
      {shown.length === 0 && <p className="quiet">{say("visit.no_promise")}</p>}
      {shown.map((one) => {
        const left = one.remaining_s;
        const open = one.met_at === null && left !== null && one.state !== "cancelled";
        return (
          <div key={one.milestone}>
            <p className="line">
              <strong>{say(`milestone.${one.milestone}` as "milestone.arrive")}</strong>
              <span className={`state ${one.state}`}>{say(`clock.${one.state}` as "clock.met")}</span>
              {one.due_at && <span>{say("ticket.due", { at: spoken.moment(secondsOf(one.due_at)) })}</span>}
              {one.met_at && <span className="quiet">{say("ticket.met", { at: spoken.moment(secondsOf(one.met_at)) })}</span>}
              {open && <span className={left < 0 ? "late" : "quiet"}>{left >= 0 ? say("visit.left", { span: spoken.span(left) }) : say("visit.over", { span: spoken.span(left) })}</span>}
            </p>
            {one.arithmetic.length > 0 && <details><summary>{say("ticket.how")}</summary><ol className="arithmetic">{one.arithmetic.map((line, index) => <li key={index}>{line}</li>)}</ol></details>}
          </div>
        );
      })}
    </section>
  );
}
