// What if: moves and absences are collected and shown on a board of their own; nothing of it is sent to anybody.
import { useCallback, useRef, useState } from "react";
import { client } from "../api/client";
import { isoOf, wordsOf, type Doing } from "./doing";
import type { Board } from "./model";
import type { Say } from "../text";

interface Supposed { moves: readonly { visit: string; engineer: string; not_before: string | null }[]; away: readonly string[] }
const NOTHING: Supposed = { moves: [], away: [] };

export interface WhatIf {
  on: boolean;
  board: Board | undefined;
  changes: number;
  /** Another one after every change of what is supposed. */
  version: string;
  start(): void;
  end(): void;
  away(engineer: string): Promise<boolean>;
  doing: Doing;
}

export function useWhatIf(say: Say, onDone: (words: string) => void): WhatIf {
  const [steps, setSteps] = useState<readonly Supposed[]>();
  const [board, setBoard] = useState<Board>();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const [shown, setShown] = useState(0);
  const now = steps?.at(-1) ?? NOTHING;

  const show = useCallback(async (wanted: readonly Supposed[], words: string) => {
    setBusy(true);
    setRefused("");
    const last = wanted.at(-1) ?? NOTHING;
    try {
      const { data } = await client.POST("/v1/board/what-if", { body: { away: [...last.away], moves: [...last.moves] } });
      setSteps(wanted);
      setBoard(data!);
      setShown((before) => before + 1);
      onDone(words);
      return true;
    } catch (error) {
      setRefused(wordsOf(error));
      onDone(wordsOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  }, [onDone]);

  const supposed = useRef(NOTHING);
  supposed.current = now;
  const wish = () => ({ away: [...supposed.current.away], moves: [...supposed.current.moves] });
  const candidates = async (visit: string, most: number) => (await client.POST("/v1/board/what-if/candidates", { body: { ...wish(), visit, most } })).data!;
  const move = (visit: string, engineer: string, notBefore?: number) => {
    const moves = [...now.moves, { visit, engineer, not_before: notBefore === undefined ? null : isoOf(notBefore) }];
    return show([...(steps ?? []), { ...now, moves }], engineer ? say("doing.moved", { visit, engineer }) : say("doing.off", { visit }));
  };
  return {
    on: steps !== undefined,
    board,
    version: `what-if ${shown}`,
    changes: now.moves.length + now.away.length,
    start: () => void show([], say("what_if.on", { moves: 0 })),
    end: () => { setSteps(undefined); setBoard(undefined); setRefused(""); },
    away: (engineer) => show([...(steps ?? []), { ...now, away: [...now.away, engineer] }], engineer),
    doing: {
      busy,
      refused,
      undoable: (steps?.length ?? 0) > 0,
      move,
      off: (visit) => move(visit, ""),
      lock: async () => { setRefused(say("what_if.no_lock")); return false; },
      best: async (visit) => {
        try {
          const first = (await candidates(visit, 1)).candidates[0];
          if (first) return await move(visit, first.engineer);
          setRefused(say("doing.no_candidate", { visit }));
        } catch (error) {
          setRefused(wordsOf(error));
        }
        return false;
      },
      undo: async () => (steps?.length ? show(steps.slice(0, -1), say("doing.undone", { what: "" })) : false),
      forgive: () => setRefused(""),
      candidates,
      preview: async (visit, to) => (await client.POST("/v1/board/what-if/preview", { body: { ...wish(), visit, engineer: to.engineer, not_before: isoOf(to.start) } })).data!,
    },
  };
}
