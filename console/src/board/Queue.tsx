// The queue: what needs a decision, the next promise to run out first. Only the lines in view are in the page.
import { useMemo, useRef, useState } from "react";
import { useSpoken } from "../text";
import { StateMark } from "./marks";
import { nextPromise, TABS, visitState, type Tab, type Visit } from "./model";

const LINE_PX = 62;

export function Queue({ queues, now, chosen, onChoose }: { queues: Record<Tab, Visit[]>; now: number; chosen: string; onChoose(visit: string): void }) {
  const { say, moment, span } = useSpoken();
  const [asked, setTab] = useState<Tab | null>(null);
  const tab = asked ?? TABS.find((one) => queues[one].length > 0) ?? "unassigned";
  const [top, setTop] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const lines = queues[tab];
  const first = Math.max(0, Math.floor(top / LINE_PX) - 4);
  const shown = useMemo(() => lines.slice(first, first + 30), [lines, first]);
  const walk = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]!;
    setTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  const walkLines = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const at = lines.findIndex((one) => one.id === chosen);
    const next = lines[Math.min(lines.length - 1, Math.max(0, at + step))];
    if (next) {
      onChoose(next.id);
      const y = lines.indexOf(next) * LINE_PX;
      if (box.current && (y < box.current.scrollTop || y + LINE_PX > box.current.scrollTop + box.current.clientHeight)) box.current.scrollTop = y - LINE_PX;
    }
  };
  return (
    <section className="queue" aria-label={say("board.queue")}>
      <div className="tabs" role="tablist" aria-label={say("board.queue")} onKeyDown={walk}>
        {TABS.map((one) => (
          <button key={one} id={`tab-${one}`} role="tab" type="button" aria-selected={one === tab} aria-controls="queue-lines" tabIndex={one === tab ? 0 : -1} onClick={() => { setTab(one); if (box.current) box.current.scrollTop = 0; }}>
            {say(`tab.${one}`)}<span className="count">{queues[one].length}</span>
          </button>
        ))}
      </div>
      <div className="scroll" id="queue-lines" role="tabpanel" aria-labelledby={`tab-${tab}`} ref={box} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
        {lines.length === 0 ? <p className="empty">{say(`empty.${tab}`)}</p> : (
          <ul role="listbox" aria-label={say(`tab.${tab}`)} tabIndex={0} onKeyDown={walkLines} style={{ height: lines.length * LINE_PX, position: "relative" }}>
            {shown.map((visit, index) => {
              const state = visitState(visit, now);
              const next = nextPromise(visit);
              return (
                <li key={visit.id} role="option" aria-selected={visit.id === chosen} style={{ top: (first + index) * LINE_PX }} onClick={() => onChoose(visit.id)} data-visit={visit.id}>
                  <p className="first">
                    <span className="severity">{visit.severity || "–"}</span>
                    <span>{visit.id}</span>
                    <StateMark state={state} />
                    <span className="due">{next ? (next.due >= now ? say("visit.left", { span: span(next.due - now) }) : say("visit.over", { span: span(now - next.due) })) : ""}</span>
                  </p>
                  <p className="second">{visit.customer} · {visit.site_name}</p>
                  <p className="second">{next ? `${say(`milestone.${next.milestone}` as "milestone.arrive")} ${say("visit.due", { at: moment(next.due) })}` : visit.reason}</p>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </section>
  );
}
