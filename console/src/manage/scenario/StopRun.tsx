// A run is stopped in one way, whatever it searches for.
import { client } from "../../api/client";
import { useCommand } from "../../shell/command";
import { useHere } from "../../shell/here";
import { useSpoken } from "../../text";
import type { Run } from "./useRun";

export function StopRun({ run, onStopped }: { run: Run; onStopped(): void }) {
  const { say } = useSpoken();
  const { may } = useHere();
  const command = useCommand();
  if (!may("scenario_run")) return null;
  const stop = () => command.run(async (key) => {
    await client.POST("/v1/scenarios/{run}/stop", { params: { path: { run: run.id }, header: { "Idempotency-Key": key } } });
    onStopped();
    return "";
  });
  return (
    <>
      <button type="button" disabled={command.busy || run.stop_requested} onClick={() => void stop()}>{say(run.stop_requested ? "study.stopping" : "study.stop")}</button>
      <p role="alert" className="refused">{command.refused}</p>
    </>
  );
}
