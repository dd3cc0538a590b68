// What a page reads: asked for again when somebody else changed it; the last answer stays while the server is away.
import { useCallback, useEffect, useRef, useState } from "react";
import { listen } from "../live";
import { useHere } from "./here";

export interface Read<Value> {
  value: Value | undefined;
  /** Why the last question failed; empty: it did not. */
  failed: string;
  again(): void;
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Read with `ask`, which has to keep its identity as long as it asks the same. A late answer to an old question is dropped. */
export function useRead<Value>(ask: (() => Promise<Value>) | null, hears?: (action: string, about: string) => boolean): Read<Value> {
  const { region, may } = useHere();
  const [state, setState] = useState<{ of: unknown; value?: Value | undefined; failed: string }>({ of: ask, failed: "" });
  const asked = useRef(0);
  const again = useCallback(() => {
    const number = ++asked.current;
    if (!ask) return;
    ask().then(
      (value) => { if (number === asked.current) setState({ of: ask, value, failed: "" }); },
      (error: unknown) => {
        if (number === asked.current) setState((before) => ({ of: ask, value: before.of === ask ? before.value : undefined, failed: reason(error) }));
      },
    );
  }, [ask]);
  useEffect(again, [again]);
  const wanted = useRef(hears);
  useEffect(() => { wanted.current = hears; });
  const live = hears !== undefined && may("live_read") && ask !== null;
  useEffect(() => {
    if (!live) return;
    let timer: number | undefined;
    let lost = false;
    const soon = () => { window.clearTimeout(timer); timer = window.setTimeout(again, 200); };
    const stop = listen(region.region, {
      onOpen: () => { if (lost) soon(); lost = false; },
      onLost: () => { lost = true; },
      onChanged: (action, about) => { if (wanted.current?.(action, about)) soon(); },
      onReload: soon,
    });
    return () => { window.clearTimeout(timer); stop(); };
  }, [live, region.region, again]);
  const fresh = state.of === ask;
  return { value: fresh ? state.value : undefined, failed: fresh ? state.failed : "", again };
}

/** A value some milliseconds after it stopped changing: what is typed. */
export function useSettled<Value>(value: Value, ms: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), ms);
    return () => window.clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
