// A visit in the hand: under the pointer or carried with the keys; what a drop would do is asked for while it rests.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Row, Visit } from "./model";
import type { Target } from "./walk";

export interface Dragged {
  visit: Visit;
  target: Target | undefined;
  words: readonly string[];
  /** Where the ghost is drawn, in the window; null: beside the target's row, it is carried with the keys. */
  at: { x: number; y: number } | null;
}

const REST_MS = 140;
const LEAST_PX = 5;
const SAME_S = 300;

interface Wants {
  rows: readonly Row[];
  targetAt(x: number, y: number, grip: number): Target | undefined;
  preview(visit: string, to: Target): Promise<readonly string[]>;
  onDrop(visit: string, to: Target): void;
  /** Somebody else moved it meanwhile. */
  onPutBack(visit: string): void;
}

export function useDrag(wants: Wants) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const held = useRef<Dragged | null>(null);
  const wanted = useRef(wants);
  wanted.current = wants;
  const asked = useRef("");
  const timer = useRef(0);
  const stop = useRef<() => void>(() => undefined);

  const hold = useCallback((next: Dragged | null) => {
    held.current = next;
    setDragged(next);
  }, []);

  const release = useCallback(() => {
    window.clearTimeout(timer.current);
    asked.current = "";
    stop.current();
    stop.current = () => undefined;
    hold(null);
  }, [hold]);

  /** The visit is over `target` now; its words follow when it has rested there. */
  const over = useCallback((visit: Visit, target: Target | undefined, at: Dragged["at"]) => {
    const key = target ? `${visit.id} ${target.engineer} ${target.start}` : "";
    const same = key === asked.current;
    hold({ visit, target, at, words: same ? held.current?.words ?? [] : [] });
    if (same) return;
    asked.current = key;
    window.clearTimeout(timer.current);
    if (!target) return;
    timer.current = window.setTimeout(() => {
      const say = (words: readonly string[]) => { if (asked.current === key && held.current) hold({ ...held.current, words }); };
      wanted.current.preview(visit.id, target).then(say, (error: unknown) => say([error instanceof Error ? error.message : String(error)]));
    }, REST_MS);
  }, [hold]);

  const lift = useCallback((visit: Visit, event: React.PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const element = event.currentTarget;
    const grip = event.clientX - element.getBoundingClientRect().left;
    const from = { x: event.clientX, y: event.clientY };
    let moving = false;
    const move = (next: PointerEvent) => {
      if (!moving && Math.hypot(next.clientX - from.x, next.clientY - from.y) < LEAST_PX) return;
      moving = true;
      over(visit, wanted.current.targetAt(next.clientX, next.clientY, grip), { x: next.clientX, y: next.clientY });
    };
    const up = (next: PointerEvent) => {
      const to = moving ? wanted.current.targetAt(next.clientX, next.clientY, grip) : undefined;
      release();
      // Let go where it was taken up: nothing is moved.
      const back = to?.engineer === visit.engineer && Math.abs(to.start - (visit.start ?? 0)) < SAME_S;
      if (to && !back) wanted.current.onDrop(visit.id, to);
    };
    const escape = (key: KeyboardEvent) => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      release();
    };
    // On the window: the row under the pointer may be taken out of the page while the view scrolls.
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", release);
    window.addEventListener("keydown", escape, true);
    stop.current = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", release);
      window.removeEventListener("keydown", escape, true);
    };
  }, [over, release]);
  useEffect(() => release, [release]);

  // Another's change: it is put back, whoever holds it.
  useEffect(() => {
    const now = held.current;
    if (!now) return;
    const there = wants.rows.flatMap((row) => row.visits).find((one) => one.id === now.visit.id);
    if (there && there.engineer === now.visit.engineer && there.start === now.visit.start && there.lock === now.visit.lock) return;
    const visit = now.visit.id;
    release();
    wanted.current.onPutBack(visit);
  }, [wants.rows, release]);

  return { dragged, lift, over, release };
}
