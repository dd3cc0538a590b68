// A simulation followed until it has ended, and its files when it has.
import { useCallback, useEffect } from "react";
import type { components } from "contract";
import { client } from "../../api/client";
import { useRead, type Read } from "../../shell/read";

export type Run = components["schemas"]["SimulationOut"];
export const ended = (run: Run): boolean => run.state !== "waiting" && run.state !== "running";
/** Often enough to see it move, seldom enough to be nothing among other requests. */
const EVERY_MS = 1000;
/** While the server is away. */
const AWAY_MS = 5000;

export function useRun(run: string): Read<Run> {
  const ask = useCallback(async () => (await client.GET("/v1/scenarios/{run}", { params: { path: { run } } })).data!, [run]);
  const read = useRead(run ? ask : null);
  const { value, failed, again } = read;
  useEffect(() => {
    if (!value || ended(value)) return;
    // A second failure with the same words changes nothing here: who failed goes on asking by himself.
    const timer = failed ? window.setInterval(again, AWAY_MS) : window.setTimeout(again, EVERY_MS);
    return () => { window.clearTimeout(timer); window.clearInterval(timer); };
  }, [value, failed, again]);
  return read;
}

/** The text of a file that came out; null: there is none of that name. */
export async function textOf(run: Run, name: string): Promise<string | null> {
  if (!run.files.some((one) => one.name === name)) return null;
  return (await client.GET("/v1/scenarios/{run}/files/{name}", { params: { path: { run: run.id, name } }, parseAs: "text" })).data as unknown as string;
}

/** Seconds it took; null: it has not ended. */
export const seconds = (run: Run): number | null => (run.started_at && run.ended_at ? Math.max(1, Math.round((Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000)) : null);
