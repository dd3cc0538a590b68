// The board as it is on the server: read, and read again soon after somebody changed something.
import { useCallback, useEffect, useState } from "react";
import { listen } from "../live";
import { wordsOf } from "./doing";
import { merged, type Board } from "./model";

const SOON_MS = 150;
const TICK_MS = 15_000;
const clock = () => Math.floor(Date.now() / 1000);

export interface BoardSource {
  load(): Promise<Board>;
}

export interface LiveBoard {
  board: Board | undefined;
  failed: string;
  /** Nothing is heard of others' changes at the moment. */
  lost: boolean;
  /** The board's moment, going on with this machine's clock. */
  now: number;
  load(): void;
}

export function useLiveBoard(source: BoardSource): LiveBoard {
  const [board, setBoard] = useState<Board>();
  const [failed, setFailed] = useState("");
  const [offset, setOffset] = useState(0);
  const [tick, setTick] = useState(clock);
  const [lost, setLost] = useState(false);

  const load = useCallback(() => {
    source.load().then(
      (fresh) => {
        setFailed("");
        setOffset(fresh.now - clock());
        setBoard((before) => merged(before, fresh));
      },
      (error: unknown) => setFailed(wordsOf(error)),
    );
  }, [source]);
  useEffect(load, [load]);

  // Another's change: read again soon, once for a burst of changes; while the stream is lost the page says so.
  const region = board?.region;
  useEffect(() => {
    if (region === undefined) return;
    let timer: number | undefined;
    const soon = () => { window.clearTimeout(timer); timer = window.setTimeout(load, SOON_MS); };
    const stop = listen(region, { onOpen: () => { setLost((was) => { if (was) soon(); return false; }); }, onLost: () => setLost(true), onChanged: soon, onReload: soon });
    return () => { window.clearTimeout(timer); stop(); };
  }, [region, load]);
  useEffect(() => {
    const timer = setInterval(() => setTick(clock()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return { board, failed, lost, now: tick + offset, load };
}
