// Optimising: a run is asked for, followed, and ends in a proposal; the board moves only when somebody takes it.
import { useCallback, useEffect, useRef, useState } from "react";
import type { components } from "contract";
import { client, newKey } from "../api/client";
import { wordsOf } from "./doing";

export type Difference = components["schemas"]["DifferenceOut"];
export type Conflict = components["schemas"]["ConflictOut"];

export type Optimising =
  | { step: "idle" }
  | { step: "running"; run: string; progress: Record<string, unknown>; stopping: boolean }
  | { step: "proposed"; difference: Difference; conflicts: readonly Conflict[]; busy: boolean; refused?: string }
  | { step: "failed"; reason: string }
  | { step: "stopped" };

const ASK_MS = 1000;
const ENDED = new Set(["done", "failed", "stopped", "gave_up"]);

/** How long to search, and for whom; no engineer: for everybody. It begins now, by the server's clock: the board's minute has passed by then. */
/** So long a proposal is looked at: it sends nobody off before. */
const REVIEW_S = 120;

export interface Wish { seconds: number; engineer?: string }

export interface Optimiser {
  now: Optimising;
  start(wish: Wish): void;
  stop(): void;
  take(parts: readonly number[] | "all"): Promise<number>;
  discard(): void;
  close(): void;
}

/** Follow one run at a time; `onTaken` is called when something of a proposal was published. */
export function useOptimiser(onTaken: (stops: number) => void): Optimiser {
  const [now, setNow] = useState<Optimising>({ step: "idle" });
  const run = now.step === "running" ? now.run : "";
  const failed = useCallback((error: unknown) => setNow({ step: "failed", reason: error instanceof Error ? error.message : String(error) }), []);

  // A page opened anew goes on following the search that is under way.
  useEffect(() => {
    let gone = false;
    client.GET("/v1/runs").then(({ data }) => {
      const open = (data as components["schemas"]["RunsOut"]).runs.find((one) => one.kind === "plan" && !ENDED.has(one.state));
      if (open && !gone) setNow((was) => (was.step === "idle" ? { step: "running", run: open.id, progress: open.progress, stopping: open.stop_requested } : was));
    }, () => undefined); // nothing is lost: who asked sees the plan in the list of plans
    return () => { gone = true; };
  }, []);

  const timer = useRef(0);
  useEffect(() => {
    if (!run) return;
    let gone = false;
    const look = async () => {
      try {
        const { data } = await client.GET("/v1/runs/{run}", { params: { path: { run } } });
        if (gone || !data) return;
        if (!ENDED.has(data.state)) {
          setNow((was) => (was.step === "running" ? { ...was, progress: data.progress, stopping: was.stopping || data.stop_requested } : was));
          timer.current = window.setTimeout(look, ASK_MS);
          return;
        }
        const wrong = data.errors[0];
        if (data.state !== "done") return setNow(wrong ? { step: "failed", reason: wrong.detail } : { step: "stopped" });
        const { data: difference } = await client.GET("/v1/plans/{plan}/difference", { params: { path: { plan: run } } });
        if (!gone && difference) setNow({ step: "proposed", difference, conflicts: [], busy: false });
      } catch (error) {
        if (!gone) failed(error);
      }
    };
    void look();
    return () => { gone = true; window.clearTimeout(timer.current); };
  }, [run, failed]);

  return {
    now,
    start: ({ seconds, engineer }) => {
      setNow({ step: "running", run: "", progress: {}, stopping: false });
      client.POST("/v1/plans", { params: { header: { "Idempotency-Key": newKey() } }, body: { seconds, seed: 1, engineer: engineer ?? "", review_s: REVIEW_S } }).then(
        ({ data }) => setNow({ step: "running", run: data!.run, progress: {}, stopping: false }), failed);
    },
    stop: () => {
      if (!run) return;
      setNow((was) => (was.step === "running" ? { ...was, stopping: true } : was));
      client.POST("/v1/runs/{run}/stop", { params: { path: { run }, header: { "Idempotency-Key": newKey() } } }).catch(failed);
    },
    take: async (parts) => {
      if (now.step !== "proposed") return 0;
      const { difference } = now;
      setNow({ ...now, busy: true });
      const params = { path: { plan: difference.plan }, header: { "Idempotency-Key": newKey() } };
      try {
        const { data } = parts === "all"
          ? await client.POST("/v1/plans/{plan}/publish", { params })
          : await client.POST("/v1/plans/{plan}/apply", { params, body: { parts: [...parts] } });
        onTaken(data!.stops_changed);
        const left = difference.parts.filter((part) => !data!.taken.includes(part.number));
        setNow(left.length && data!.conflicts.length ? { step: "proposed", difference: { ...difference, parts: left }, conflicts: data!.conflicts, busy: false } : { step: "idle" });
        return data!.stops_changed;
      } catch (error) {
        // Nothing was taken; the proposal stays, so that the rest of it can be.
        setNow({ step: "proposed", difference, conflicts: [], busy: false, refused: wordsOf(error) });
        return 0;
      }
    },
    discard: () => {
      if (now.step !== "proposed") return;
      const params = { path: { plan: now.difference.plan }, header: { "Idempotency-Key": newKey() } };
      setNow({ step: "idle" });
      client.POST("/v1/plans/{plan}/discard", { params }).catch(failed);
    },
    close: () => setNow({ step: "idle" }),
  };
}
