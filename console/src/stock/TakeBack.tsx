// What was entered wrongly is taken back whole, where it was entered: what that does stands beside the button, and why is asked.
import { useState } from "react";
import { client } from "../api/client";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useSpoken } from "../text";

interface Props { what: "receipt" | "inspection" | "disposition"; named: string; /** In words what it is about; unsaid: as it is named. */ about?: string; onDone(): void }

export function TakeBack({ what, named, about, onDone }: Props) {
  const { say } = useSpoken();
  const { may } = useHere();
  const command = useCommand();
  const [reason, setReason] = useState("");
  if (!may("receipt_write")) return null;
  const undo = () => command.run(async (key) => {
    await client.POST("/v1/undoings", { params: { header: { "Idempotency-Key": key } }, body: { what, named, reason: reason.trim() } });
    onDone();
    return say("undo.done");
  });
  return (
    <details className="no-print">
      <summary>{say(`undo.${what}`, { named: about ?? named })}</summary>
      <p className="quiet">{say(`undo.${what}_means`)}</p>
      {!command.said && (
        <form className="basket" onSubmit={(event) => { event.preventDefault(); void undo(); }}>
          <label>{say("undo.reason")}<input required maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
          <button type="submit" disabled={command.busy || !reason.trim()}>{say("undo.take_back")}</button>
        </form>
      )}
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </details>
  );
}
