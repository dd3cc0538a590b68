// What a dispatcher does to visits: each press one command with a key of its own, which is also what undoes it.
import { useCallback, useRef, useState } from "react";
import type { components } from "contract";
import { client, newKey, Problem } from "../api/client";
import type { Say } from "../text";
import type { Target } from "./walk";

export type Lock = "none" | "engineer" | "time" | "both";

interface Done { key: string; what: string }

export interface Doing {
  busy: boolean;
  /** Why the last command was refused; empty: it was not. */
  refused: string;
  undoable: boolean;
  move(visit: string, engineer: string, notBefore?: number): Promise<boolean>;
  off(visit: string): Promise<boolean>;
  lock(visit: string, lock: Lock): Promise<boolean>;
  best(visit: string): Promise<boolean>;
  undo(): Promise<boolean>;
  forgive(): void;
  /** Who could take a visit on the board that is shown, the cheapest first. */
  candidates(visit: string, most: number): Promise<components["schemas"]["CandidatesOut"]>;
  /** What a move on the board that is shown would do. */
  preview(visit: string, to: Target): Promise<components["schemas"]["PreviewOut"]>;
}

const candidates = async (visit: string, most: number) =>
  (await client.GET("/v1/visits/{visit}/candidates", { params: { path: { visit }, query: { most } } })).data!;
const preview = async (visit: string, to: Target) =>
  (await client.POST("/v1/visits/{visit}/preview", { params: { path: { visit } }, body: { engineer: to.engineer, not_before: isoOf(to.start) } })).data!;

export const isoOf = (at: number): string => new Date(at * 1000).toISOString();
export const wordsOf = (error: unknown): string => (error instanceof Problem || error instanceof Error ? error.message : String(error));

/** Commands on visits; `onDone` hears in words what became of each, `load` fetches the board anew. */
export function useDoing(say: Say, onDone: (words: string) => void, load: () => void): Doing {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const [done, setDone] = useState<readonly Done[]>([]);
  const working = useRef(false);

  const act = useCallback(async (send: (key: string) => Promise<string>, undoes?: number): Promise<boolean> => {
    // One after another: a second press while the first is on its way would be judged on an older board.
    if (working.current) return false;
    working.current = true;
    setBusy(true);
    setRefused("");
    const key = newKey();
    try {
      const what = await send(key);
      setDone((before) => (undoes === undefined ? [...before.slice(-49), { key, what }] : before.slice(0, undoes)));
      onDone(what);
      return true;
    } catch (error) {
      // It stays where it was: the board is read again, and the reason is said.
      setRefused(wordsOf(error));
      onDone(wordsOf(error));
      if (undoes !== undefined && error instanceof Problem && error.status !== 503) setDone((before) => before.slice(0, undoes));
      return false;
    } finally {
      working.current = false;
      setBusy(false);
      load();
    }
  }, [onDone, load]);

  const move = useCallback((visit: string, engineer: string, notBefore?: number) => act(async (key) => {
    const { data } = await client.POST("/v1/visits/{visit}/move", {
      params: { path: { visit }, header: { "Idempotency-Key": key } },
      body: { engineer, not_before: notBefore === undefined ? null : isoOf(notBefore) },
    });
    const others = new Set([...data!.before, ...data!.after].map((stop) => stop.visit).filter((one) => one !== visit)).size;
    const words = say("doing.moved", { visit, engineer });
    return others ? `${words} ${say("doing.others", { count: others })}` : words;
  }), [act, say]);

  return {
    busy,
    refused,
    undoable: done.length > 0,
    move,
    off: (visit) => act(async (key) => {
      await client.POST("/v1/visits/{visit}/unassign", { params: { path: { visit }, header: { "Idempotency-Key": key } } });
      return say("doing.off", { visit });
    }),
    lock: (visit, lock) => act(async (key) => {
      await client.POST("/v1/visits/{visit}/lock", { params: { path: { visit }, header: { "Idempotency-Key": key } }, body: { lock } });
      return lock === "none" ? say("doing.open", { visit }) : say("doing.locked", { visit, lock: say(`visit.lock.${lock}`) });
    }),
    best: async (visit) => {
      setRefused("");
      try {
        const first = (await candidates(visit, 1)).candidates[0];
        if (first) return await move(visit, first.engineer);
        setRefused(say("doing.no_candidate", { visit }));
        onDone(say("doing.no_candidate", { visit }));
      } catch (error) {
        setRefused(wordsOf(error));
        onDone(wordsOf(error));
      }
      return false;
    },
    undo: async () => {
      const last = done.at(-1);
      if (!last) {
        onDone(say("doing.nothing"));
        return false;
      }
      return act(async (key) => {
        await client.POST("/v1/board/undo", { params: { header: { "Idempotency-Key": key } }, body: { key: last.key } });
        return say("doing.undone", { what: last.what });
      }, done.length - 1);
    },
    forgive: () => setRefused(""),
    candidates,
    preview,
  };
}
