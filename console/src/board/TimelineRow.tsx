// One row of the timeline: an engineer's shifts, breaks, ways and visits. It is painted again only when it changed.
import { memo } from "react";
import { useSpoken } from "../text";
import type { DeadlineState } from "../deadline";
import { Loaner, Padlock, Parcel, Shelf, StateMark } from "./marks";
import { visitState, type Row, type Visit } from "./model";
import type { Outline } from "./outlines";
import type { Scale } from "./scale";

export const ROW_PX = 30;
export const LABEL_PX = 132;

interface RowProps {
  row: Row;
  index: number;
  scale: Scale;
  near: { from: number; until: number };
  now: number;
  name: string;
  chosen: string;
  lifted: string;
  drop: boolean;
  /** Bars a proposal would put here. */
  outlines: readonly Outline[] | undefined;
  /** Visits a proposal would take away from where they are. */
  leaving: ReadonlySet<string>;
  onChoose(visit: string): void;
  onLift(visit: Visit, event: React.PointerEvent<HTMLElement>): void;
}

export const TimelineRow = memo(function TimelineRow({ row, index, scale, near, now, name, chosen, lifted, drop, outlines, leaving, onChoose, onLift }: RowProps) {
  const spoken = useSpoken();
  const style = { top: index * ROW_PX, width: LABEL_PX + scale.width };
  if (row.kind === "depot" || !row.engineer) {
    return <div className="row depot" role="row" aria-rowindex={index + 1} style={style}><span className="who" role="rowheader">{name}</span></div>;
  }
  const inView = (from: number, until: number) => until >= near.from && from <= near.until;
  const place = (from: number, until: number) => ({ left: LABEL_PX + scale.x(from), width: Math.max(2, scale.x(until) - scale.x(from)) });
  const shifts = row.engineer.shifts.filter((one) => inView(one.start, one.end));
  const paid = row.engineer.shifts.filter((one) => !one.on_call).reduce((sum, one) => sum + one.end - one.start, 0);
  const worked = row.visits.reduce((sum, one) => sum + ((one.end ?? 0) - (one.leave_before ?? one.start ?? 0)), 0);
  const load = paid ? worked / paid : 0;
  const hours = (seconds: number) => (seconds / 3600).toFixed(1);
  return (
    <div className={drop ? "row drop" : "row"} role="row" aria-rowindex={index + 1} style={style} data-engineer={row.id}>
      <span className="who" role="rowheader" title={spoken.say("board.load", { hours: hours(worked), paid: hours(paid) })}>
        {name}
        <span className="load"><i className={load > 1 ? "over" : undefined} style={{ width: `${Math.min(100, Math.round(load * 100))}%` }} /></span>
      </span>
      {shifts.map((one) => (
        <span key={one.id} aria-hidden="true">
          <span className={one.on_call ? "shift on-call" : "shift"} style={place(one.start, one.end)} />
          {one.breaks.map((rest) => <span key={rest.start} className="rest" style={place(rest.start, rest.end)} />)}
          {one.pick_ups.map((stop) => <span key={stop.start} className="pick" style={place(stop.start, stop.end)} title={stop.store} />)}
        </span>
      ))}
      {row.visits.map((visit) =>
        visit.start !== null && visit.end !== null && inView(visit.leave_before ?? visit.start, visit.end) ? (
          <span key={visit.id} id={`cell-${visit.id}`} role="gridcell" aria-selected={visit.id === chosen}>
            {visit.leave_before !== null && visit.arrive !== null && <span className="road" aria-hidden="true" style={place(visit.leave_before, visit.arrive)} />}
            <Bar visit={visit} state={visitState(visit, now)} left={LABEL_PX + scale.x(visit.start)} width={scale.x(visit.end) - scale.x(visit.start)} chosen={visit.id === chosen} lifted={visit.id === lifted} leaves={leaving.has(visit.id)} onChoose={onChoose} onLift={onLift} />
          </span>
        ) : null,
      )}
      {outlines?.map((one) => inView(one.start, one.end) && <span key={one.visit} className="outline" aria-hidden="true" data-proposed={one.visit} style={place(one.start, one.end)}>{one.visit}</span>)}
    </div>
  );
});

interface BarProps {
  visit: Visit;
  state: DeadlineState;
  left: number;
  width: number;
  chosen: boolean;
  lifted: boolean;
  leaves: boolean;
  onChoose(visit: string): void;
  onLift(visit: Visit, event: React.PointerEvent<HTMLElement>): void;
}

const Bar = memo(function Bar({ visit, state, left, width, chosen, lifted, leaves, onChoose, onLift }: BarProps) {
  const spoken = useSpoken();
  const words = spoken.say("bar.label", {
    visit: visit.id, severity: visit.severity, customer: visit.customer,
    from: spoken.clock(visit.start ?? 0), until: spoken.clock(visit.end ?? 0), state: spoken.say(`state.${state}`),
  });
  const classes = ["visit", `state-${state}`, visit.lock && "locked", chosen && "chosen", lifted && "lifted", leaves && "leaving"].filter(Boolean).join(" ");
  const brought = visit.parts.some((line) => line.source === "offer");
  const fetched = visit.parts.some((line) => line.source === "pick_up");
  return (
    <button type="button" tabIndex={-1} className={classes} style={{ left, width: Math.max(14, width) }} title={words} aria-label={words} data-visit={visit.id} onClick={() => onChoose(visit.id)} onPointerDown={(event) => onLift(visit, event)}>
      <StateMark state={state} />
      {visit.lock && <Padlock />}
      {brought && <Parcel />}
      {fetched && <Shelf />}
      {visit.loaner && <Loaner />}
      <span className="words">{visit.severity} {visit.customer}</span>
    </button>
  );
});
