// What if: moves and absences are collected and shown on a board of their own; nothing of it is sent to anybody.
import { useCallback, useState } from "react";
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
  const now = steps?.at(-1) ?? NOTHING;

  const show = useCallback(async (wanted: readonly Supposed[], words: string) => {
    setBusy(true);
    setRefused("");
    const last = wanted.at(-1) ?? NOTHING;
    try {
      const { data } = await client.POST("/v1/board/what-if", { body: { away: [...last.away], moves: [...last.moves] } });
      setSteps(wanted);
      setBoard(data!);
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

  const move = (visit: string, engineer: string, notBefore?: number) => {
    const moves = [...now.moves, { visit, engineer, not_before: notBefore === undefined ? null : isoOf(notBefore) }];
    return show([...(steps ?? []), { ...now, moves }], engineer ? say("doing.moved", { visit, engineer }) : say("doing.off", { visit }));
  };
  return {
    on: steps !== undefined,
    board,
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
        // Candidates are asked of the plan in force; in the frame the move is judged on what is supposed.
        try {
          const { data } = await client.GET("/v1/visits/{visit}/candidates", { params: { path: { visit }, query: { most: 1 } } });
          const first = data!.candidates[0];
          if (first) return await move(visit, first.engineer);
          setRefused(say("doing.no_candidate", { visit }));
        } catch (error) {
          setRefused(wordsOf(error));
        }
        return false;
      },
      undo: async () => (steps?.length ? show(steps.slice(0, -1), say("doing.undone", { what: "" })) : false),
      forgive: () => setRefused(""),
    },
  };
}
