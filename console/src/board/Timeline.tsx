// The timeline: engineers by depot as rows, visits as bars. Only rows and hours in view are in the page.
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useSpoken } from "../text";
import type { Row, Visit } from "./model";
import type { Outlined } from "./outlines";
import { scaleOf, type Scale } from "./scale";
import { LABEL_PX, ROW_PX, TimelineRow } from "./TimelineRow";
import { useDrag } from "./useDrag";
import { carried, isArrow, walked, type Target } from "./walk";

const HEAD_PX = 26;
const SPARE_ROWS = 6;
const SPARE_PX = 400;
const STEP_S = 300;
const NOBODY: ReadonlySet<string> = new Set();

export interface TimelineProps {
  rows: readonly Row[];
  depotNames: ReadonlyMap<string, string>;
  from: number;
  until: number;
  now: number;
  chosen: string;
  outlined: Outlined;
  onChoose(visit: string): void;
  onMove(visit: string, to: Target): void;
  /** What a drop here would break and cost, in words. */
  preview(visit: string, to: Target): Promise<readonly string[]>;
  onPutBack(visit: string): void;
  onSay(words: string): void;
}

interface Window_ { top: number; height: number; left: number; width: number }

export function Timeline({ rows, depotNames, from, until, now, chosen, outlined, onChoose, onMove, preview, onPutBack, onSay }: TimelineProps) {
  const spoken = useSpoken();
  const scale = useMemo(() => scaleOf(from, until), [from, until]);
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState<Window_>({ top: 0, height: 800, left: 0, width: 1200 });

  const look = useCallback(() => {
    const at = box.current;
    if (at) setSeen({ top: at.scrollTop, height: at.clientHeight, left: at.scrollLeft, width: at.clientWidth });
  }, []);
  useLayoutEffect(() => {
    const at = box.current;
    if (!at) return;
    at.scrollLeft = Math.max(0, scale.x(now - 3600));
    look();
    const watch = new ResizeObserver(look);
    watch.observe(at);
    return () => watch.disconnect();
    // Only on the first page and when the axis changes: the present must not drag the view along.
    // eslint-disable-next-line
  }, [scale, look]);

  const show = useCallback((row: number, start: number) => {
    const at = box.current;
    if (!at || row < 0) return;
    const top = row * ROW_PX;
    if (top < at.scrollTop || top + ROW_PX > at.scrollTop + at.clientHeight - HEAD_PX) at.scrollTop = Math.max(0, top - at.clientHeight / 2);
    const x = scale.x(start);
    if (x < at.scrollLeft || x > at.scrollLeft + at.clientWidth - LABEL_PX - 60) at.scrollLeft = Math.max(0, x - 120);
  }, [scale]);
  const find = useCallback((id: string): [row: number, visit: Visit | undefined] => {
    const row = rows.findIndex((one) => one.visits.some((visit) => visit.id === id));
    return [row, rows[row]?.visits.find((visit) => visit.id === id)];
  }, [rows]);
  const place = chosen ? find(chosen)[1] : undefined;
  const stands = place ? `${place.engineer} ${place.shift}` : "";
  // The chosen visit is brought into view, wherever it was chosen, and again when it has gone to another row or day.
  useEffect(() => {
    const [row, visit] = chosen ? find(chosen) : [-1, undefined];
    if (visit && visit.start !== null) show(row, visit.start);
    // Where it stands counts, not that another row changed.
    // eslint-disable-next-line
  }, [chosen, stands, show]);

  const targetAt = useCallback((x: number, y: number, grip: number): Target | undefined => {
    const at = box.current;
    if (!at) return undefined;
    const edge = at.getBoundingClientRect();
    const row = rows[Math.floor((y - edge.top - HEAD_PX + at.scrollTop) / ROW_PX)];
    if (!row || row.kind !== "engineer" || x < edge.left + LABEL_PX) return undefined;
    const start = scale.at(x - edge.left - LABEL_PX + at.scrollLeft - grip);
    return { engineer: row.id, start: Math.round(start / STEP_S) * STEP_S };
  }, [rows, scale]);
  const { dragged, lift, over, release } = useDrag({ rows, targetAt, preview, onDrop: onMove, onPutBack });
  const carrying = dragged !== null && dragged.at === null;
  const told = carrying ? dragged.words.join(". ") : "";
  useEffect(() => { if (told) onSay(told); }, [told, onSay]);

  const press = (event: React.KeyboardEvent) => {
    if (event.key === "Escape" && carrying) {
      release();
    } else if (event.key === "Enter" && carrying && dragged.target) {
      const { visit, target } = dragged;
      release();
      onMove(visit.id, target!);
    } else if (isArrow(event.key) && event.altKey) {
      const visit = carrying ? dragged.visit : find(chosen)[1];
      if (!visit || visit.start === null) return;
      const target = carried(rows, (carrying && dragged.target) || { engineer: visit.engineer, start: visit.start }, event.key);
      over(visit, target, null);
      show(rows.findIndex((row) => row.kind === "engineer" && row.id === target.engineer), target.start);
      onSay(`${visit.id} → ${target.engineer} ${spoken.moment(target.start)}. ${spoken.say("preview.carry")}`);
    } else if (isArrow(event.key) && !carrying && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      onChoose(walked(rows, chosen, event.key));
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const first = Math.max(0, Math.floor(seen.top / ROW_PX) - SPARE_ROWS);
  const last = Math.min(rows.length, Math.ceil((seen.top + seen.height) / ROW_PX) + SPARE_ROWS);
  // In steps, so that scrolling sideways does not repaint every row at every pixel.
  const near = useMemo(() => {
    const step = 500;
    const left = Math.floor((seen.left - SPARE_PX) / step) * step;
    const right = Math.ceil((seen.left + seen.width + SPARE_PX) / step) * step;
    return { from: scale.at(left), until: scale.at(right) };
  }, [scale, Math.floor((seen.left - SPARE_PX) / 500), Math.ceil((seen.left + seen.width + SPARE_PX) / 500)]);
  const minute = Math.floor(now / 60) * 60;
  const inPage = rows.slice(first, last).some((row) => row.visits.some((one) => one.id === chosen));

  return (
    <div className="timeline" ref={box} onScroll={look} onKeyDown={press} role="grid" aria-label={spoken.say("board.timeline", { engineers: rows.filter((row) => row.kind === "engineer").length })} aria-rowcount={rows.length} aria-describedby="timeline-help" aria-activedescendant={inPage ? `cell-${chosen}` : undefined} tabIndex={0}>
      <p id="timeline-help" className="only-read">{spoken.say("timeline.help")}</p>
      <Hours scale={scale} near={near} day={spoken.day(scale.at(Math.max(0, seen.left)))} />
      <div role="presentation" style={{ position: "relative", height: rows.length * ROW_PX, width: LABEL_PX + scale.width }}>
        {rows.slice(first, last).map((row, index) => (
          <TimelineRow
            key={row.kind + row.id}
            row={row}
            index={first + index}
            scale={scale}
            near={near}
            now={minute}
            name={row.kind === "depot" ? depotNames.get(row.id) ?? row.id : row.id}
            chosen={row.visits.some((one) => one.id === chosen) ? chosen : ""}
            lifted={dragged && row.visits.includes(dragged.visit) ? dragged.visit.id : ""}
            drop={dragged?.target?.engineer === row.id && row.kind === "engineer"}
            outlines={row.kind === "engineer" ? outlined.rows.get(row.id) : undefined}
            leaving={row.visits.some((one) => outlined.leaving.has(one.id)) ? outlined.leaving : NOBODY}
            onChoose={onChoose}
            onLift={lift}
          />
        ))}
        {now >= scale.from && now <= scale.until && <div className="now" style={{ left: LABEL_PX + scale.x(now), height: "100%" }} aria-hidden="true" />}
      </div>
      {dragged && (
        <div className="ghost" style={dragged.at ? ghostAt(dragged.at) : carriedAt(box.current, rows, dragged.target, scale)}>
          <strong>{dragged.visit.id}</strong>{dragged.target && ` → ${dragged.target.engineer} ${spoken.moment(dragged.target.start)}`}
          {dragged.target && (dragged.words.length > 0 ? <ul>{dragged.words.map((words) => <li key={words}>{words}</li>)}</ul> : <p>{spoken.say("preview.asking")}</p>)}
          {carrying && <p>{spoken.say("preview.carry")}</p>}
        </div>
      )}
    </div>
  );
}

/** Beside the pointer, on the side that has room. */
function ghostAt({ x, y }: { x: number; y: number }): React.CSSProperties {
  const right = x > window.innerWidth - 380 ? { right: window.innerWidth - x + 14 } : { left: x + 14 };
  return y > window.innerHeight - 220 ? { ...right, bottom: window.innerHeight - y + 14 } : { ...right, top: y + 14 };
}

function carriedAt(at: HTMLDivElement | null, rows: readonly Row[], target: Target | undefined, scale: Scale): React.CSSProperties {
  if (!at || !target) return {};
  const edge = at.getBoundingClientRect();
  const row = rows.findIndex((one) => one.kind === "engineer" && one.id === target.engineer);
  const x = edge.left + LABEL_PX + scale.x(target.start) - at.scrollLeft;
  return ghostAt({ x: Math.max(edge.left + LABEL_PX, x), y: edge.top + HEAD_PX + (row + 1) * ROW_PX - at.scrollTop - 10 });
}

const Hours = memo(function Hours({ scale, near, day: shown }: { scale: Scale; near: { from: number; until: number }; day: string }) {
  const spoken = useSpoken();
  const marks = [];
  let day = spoken.day(scale.from);
  for (let at = scale.from; at < scale.until; at += 3600) {
    const on = spoken.day(at);
    const begins = on !== day;
    day = on;
    if (at < near.from - 3600 || at > near.until) continue;
    marks.push(<span key={at} className={begins ? "day" : undefined} style={{ left: LABEL_PX + scale.x(at) }}>{begins ? on : spoken.clock(at)}</span>);
  }
  return (
    <div className="hours" style={{ width: LABEL_PX + scale.width }} aria-hidden="true">
      {marks}
      <div className="corner">{shown}</div>
    </div>
  );
});
