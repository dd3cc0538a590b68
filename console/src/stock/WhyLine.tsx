// Why a line is proposed, worked out step by step; here it is left alone until a day, or looked at again.
import { useState } from "react";
import { client } from "../api/client";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { Link } from "../shell/route";
import { wallOf } from "../shell/wall";
import { useSpoken } from "../text";
import type { Line } from "./reorder";

const WEEK_S = 7 * 86_400;

export function WhyLine({ line, onClose, onChanged }: { line: Line; onClose(): void; onChanged(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may, region, now } = useHere();
  const command = useCommand();
  const [until, setUntil] = useState(() => wallOf(now() / 1000 + WEEK_S, region.zone).slice(0, 10));
  const [reason, setReason] = useState("");
  const { part, place } = line;
  const snooze = () => command.run(async (key) => {
    await client.POST("/v1/reorder/snoozes", { params: { header: { "Idempotency-Key": key } }, body: { part, place, until_on: until, reason: reason.trim() } });
    onChanged();
    return say("reorder.snoozed", { day: spoken.date(until) });
  });
  const wake = () => command.run(async (key) => {
    await client.POST("/v1/reorder/snoozes/end", { params: { header: { "Idempotency-Key": key } }, body: { part, place, reason: "" } });
    onChanged();
    return say("reorder.woken");
  });
  const { stood } = line;
  return (
    <aside className="card drawer" aria-label={say("reorder.why", { part, place })}>
      <header className="dialog-head"><h2>{say("reorder.why", { part, place })}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      <p><Link to={{ name: "stock", tab: "positions", id: part }}>{say("reorder.see_part", { part })}</Link></p>
      <dl className="facts">
        <dt>{say("stock.on_hand")}</dt><dd>{stood.on_hand}</dd><dt>{say("stock.reserved")}</dt><dd>{stood.reserved}</dd><dt>{say("stock.available")}</dt><dd>{stood.available}</dd>
        <dt>{say("stock.in_transit")}</dt><dd>{stood.in_transit}</dd><dt>{say("stock.on_order")}</dt><dd>{stood.on_order}</dd><dt>{say("reorder.planned")}</dt><dd>{stood.planned}</dd>
        {stood.given > 0 && <><dt>{say("reorder.given")}</dt><dd>{stood.given}</dd></>}
        <dt>{say("reorder.projected_long")}</dt><dd>{stood.projected}</dd><dt>{say("reorder.point")}</dt><dd>{stood.reorder_point < 0 ? say("reorder.not_kept") : stood.reorder_point}</dd><dt>{say("reorder.up_to")}</dt><dd>{stood.order_up_to}</dd>
      </dl>
      <h3>{say("reorder.worked")}</h3>
      <ol className="worked">{line.why.map((step, at) => <li key={step.code + at}>{step.text}</li>)}</ol>
      {may("order_write") && (line.source === "snoozed"
        ? <p><button type="button" disabled={command.busy} onClick={() => void wake()}>{say("reorder.wake")}</button></p>
        : (
          <form onSubmit={(event) => { event.preventDefault(); void snooze(); }}>
            <h3>{say("reorder.snooze")}</h3>
            <div className="fields">
              <label>{say("reorder.until")}<input type="date" required value={until} onChange={(event) => setUntil(event.target.value)} /></label>
              <label className="wide">{say("reorder.reason")}<input required maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
            </div>
            <p><button type="submit" disabled={command.busy || !reason.trim() || !until}>{say("reorder.snooze")}</button></p>
          </form>
        ))}
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}
