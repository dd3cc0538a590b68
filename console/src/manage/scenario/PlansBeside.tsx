// The plans of two scenarios for one day under the same chance: who does what when, one below the other.
import { useState } from "react";
import { shortened } from "../../chart/BarChart";
import { Figure } from "../../chart/Figure";
import { placed } from "../../chart/scale";
import { useSpoken } from "../../text";
import { besides, type Outcome, type PlannedVisit, type Plans } from "./figures";
import { nameOf } from "./Results";

const WIDE = 1000, NAMES = 110, HALF = 11, ROW = 2 * HALF + 8, HEAD = 20, HOUR_S = 3600;
const at = (moment: string) => Date.parse(moment) / 1000;

export function PlansBeside({ plans, made }: { plans: Plans; made: Outcome }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const ids = plans.scenarios.map((one) => one.id);
  const days = [...new Set(plans.scenarios.flatMap((one) => one.days.map((day) => day.day)))].sort();
  const [day, setDay] = useState(days[0] ?? "");
  const [left, setLeft] = useState(ids[0] ?? "");
  const [right, setRight] = useState(ids[1] ?? ids[0] ?? "");
  if (ids.length < 2 || days.length === 0) return null;
  const name = (id: string) => { const one = made.scenarios.find((row) => row.id === id); return one ? nameOf(one, spoken) : id; };
  const rows = besides(plans, day, left, right);
  const all = rows.flatMap((row) => [...row.left, ...row.right]);
  const first = Math.floor(Math.min(...all.map((one) => at(one.start))) / HOUR_S) * HOUR_S;
  const last = Math.ceil(Math.max(...all.map((one) => at(one.end))) / HOUR_S) * HOUR_S;
  const x = (second: number) => placed(second, { low: first, high: Math.max(last, first + HOUR_S) }, NAMES, WIDE - 10);
  const step = (last - first) / HOUR_S > 12 ? 2 : 1;
  const hours = all.length === 0 ? [] : Array.from({ length: Math.floor((last - first) / HOUR_S / step) + 1 }, (_, number) => first + number * step * HOUR_S);
  const choose = (label: string, value: string, choices: string[], told: (one: string) => string, set: (value: string) => void) => (
    <label>{label}<select value={value} onChange={(event) => set(event.target.value)}>{choices.map((one) => <option key={one} value={one}>{told(one)}</option>)}</select></label>
  );
  const words = (visit: PlannedVisit) => `${visit.ticket} ${spoken.clock(at(visit.start))}–${spoken.clock(at(visit.end))}${visit.late_s > 0 ? ` ${say("study.late_by", { span: spoken.span(visit.late_s) })}` : ""}`;
  const bars = (visits: PlannedVisit[], top: number, tone: string) => visits.map((one) => (
    <g key={`${one.ticket} ${one.start}`}><rect className={one.late_s > 0 ? "part t2" : `part ${tone}`} x={x(at(one.start))} y={top} width={Math.max(3, x(at(one.end)) - x(at(one.start)))} height={HALF}><title>{words(one)}</title></rect>{one.late_s > 0 && <text className="light" x={x(at(one.start)) + 2} y={top + HALF - 1}>!</text>}</g>
  ));
  return (
    <section className="card" aria-label={say("study.plans")}>
      <div className="filters">
        {choose(say("study.day"), day, days, (one) => spoken.date(one), setDay)}
        {choose(say("study.above"), left, ids, name, setLeft)}
        {choose(say("study.below"), right, ids, name, setRight)}
      </div>
      {all.length === 0 ? <p className="quiet">{say("study.no_visits")}</p> : (
        <Figure title={say("study.plans")} about={say("study.plans_about", { n: plans.replication + 1 })} size={[WIDE, HEAD + rows.length * ROW]}
          told={{ heads: [say("study.engineer"), name(left), name(right)], rows: rows.map((row) => [row.engineer, row.left.map(words).join("; ") || "–", row.right.map(words).join("; ") || "–"]) }}>
          {hours.map((hour) => <g key={hour}><path className="thin" d={`M${x(hour)} ${HEAD}V${HEAD + rows.length * ROW}`} /><text className="mid" x={x(hour)} y={13}>{spoken.clock(hour)}</text></g>)}
          {rows.map((row, number) => (
            <g key={row.engineer}>
              <text className="end" x={NAMES - 8} y={HEAD + number * ROW + 18}>{shortened(row.engineer, 14)}</text>
              {bars(row.left, HEAD + number * ROW + 2, "t0")}
              {bars(row.right, HEAD + number * ROW + HALF + 4, "t3")}
            </g>
          ))}
        </Figure>
      )}
    </section>
  );
}
