// Files with a ticket or report: opened as downloads, sent one after another with their progress said.
import { useId, useState } from "react";
import { client, hrefOf, newKey } from "../api/client";
import { useHere } from "../shell/here";
import { useSpoken, type Say } from "../text";
import { misfitOf, secondsOf, type Limit, type Whole } from "./whole";
import { Who } from "../shell/Who";

/** "15 MB", "820 kB". */
export const sizeOf = (bytes: number, say: Say): string =>
  bytes >= 1_000_000 ? say("size.mb", { n: Math.round(bytes / 100_000) / 10 }) : say("size.kb", { n: Math.max(1, Math.round(bytes / 1000)) });

export function Files({ ticket, files, limits, mostFiles, onSent }: { ticket: string; files: Whole["attachments"]; limits: readonly Limit[]; mostFiles: number; onSent(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const field = useId();
  const [sending, setSending] = useState("");
  const [refused, setRefused] = useState<string[]>([]);
  const send = async (chosen: readonly File[]) => {
    const wrong: string[] = [];
    for (const file of chosen) {
      const misfit = limits.length ? misfitOf(file, limits) : null;
      if (misfit) {
        wrong.push(misfit.why === "type" ? say("ticket.file_type", { name: file.name, type: file.type || "?" }) : say("ticket.file_too_big", { name: file.name, size: sizeOf(file.size, say), most: sizeOf(misfit.most, say) }));
        continue;
      }
      setSending(file.name);
      try {
        await client.POST("/v1/tickets/{ticket}/attachments", {
          params: { path: { ticket }, query: { name: file.name.slice(0, 200) }, header: { "Idempotency-Key": newKey(), "content-type": file.type } },
          headers: { "Content-Type": file.type },
          body: file as unknown as string,
          bodySerializer: (body) => body,
        });
      } catch (error) {
        wrong.push(error instanceof Error ? error.message : String(error));
      }
    }
    setSending("");
    setRefused(wrong);
    onSent();
  };
  return (
    <section className="card">
      <h2>{say("ticket.files")}</h2>
      {files.length === 0 && <p className="quiet">{say("ticket.files_none")}</p>}
      <ul>
        {files.map((one) => (
          <li key={one.digest} className="line">
            <a href={hrefOf(`/v1/tickets/${encodeURIComponent(ticket)}/attachments/${one.digest}`)} download={one.name}>{one.name || one.digest.slice(0, 12)}</a>
            <small>{sizeOf(one.size, say)} · {spoken.moment(secondsOf(one.at))} · <Who id={one.by} /></small>
          </li>
        ))}
      </ul>
      {may("ticket_write") && (
        <>
          <label htmlFor={field}>{say("ticket.attach")}</label>
          <input id={field} type="file" multiple disabled={sending !== ""} accept={limits.flatMap((one) => one.types).join(",")}
            onChange={(event) => { const chosen = [...(event.target.files ?? [])]; event.target.value = ""; void send(chosen); }} />
          {limits.length > 0 && <p><small>{say("ticket.limits", { limits: limits.map((one) => say("ticket.limit", { kind: say(`evidence.${one.kind}` as "evidence.photo"), most: sizeOf(one.most_bytes, say) })).join(", "), n: mostFiles })}</small></p>}
          <p role="status" className="quiet">{sending && say("ticket.attaching", { name: sending })}</p>
          <p role="alert" className="refused">{refused.join("\n")}</p>
        </>
      )}
    </section>
  );
}
