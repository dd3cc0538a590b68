// What happens in a day, written down in one small form each: the board then shows what it does to the plan.
import { useMemo, useState } from "react";
import type { components } from "contract";
import { client, newKey, Problem } from "../api/client";
import { useSpoken } from "../text";
import { momentOf, wallOf } from "../shell/wall";
import { Bring } from "./Bring";
import { Dialog } from "./Dialog";
import { isoOf, wordsOf } from "./doing";
import type { Board, Visit } from "./model";

export type DayKind = "ill" | "overrun" | "part" | "customer" | "urgent";

interface Props {
  kind: DayKind;
  board: Board;
  visit: Visit | undefined;
  now: number;
  onClose(): void;
  /** What was written, in words, and the visit to look at next. */
  onDone(words: string, visit?: string): void;
  /** What was written while the dialog goes on. */
  onWritten(words: string): void;
}

const OTHER = "+";

export function DayDialog({ kind, board, visit, now, onClose, onDone, onWritten }: Props) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const [contracts, setContracts] = useState<readonly components["schemas"]["ToldOut"]["contracts"][number][]>([]);
  const [part, setPart] = useState(visit?.parts[0]?.part ?? OTHER);
  const [short, setShort] = useState<{ part: string; quantity: number }>();
  // One form, one command: pressed twice it is sent with the same key and has its effect once.
  const key = useMemo(newKey, [kind, visit?.id]);
  const header = { "Idempotency-Key": key };
  const wall = (at: number) => wallOf(at, board.zone);
  const shiftEnd = (engineer: string) => {
    const shifts = board.engineers.find((one) => one.id === engineer)?.shifts ?? [];
    return shifts.filter((one) => !one.on_call && one.end > now).sort((a, b) => a.start - b.start)[0]?.end ?? now + 8 * 3600;
  };
  const [away, setAway] = useState(visit?.engineer || (board.engineers[0]?.id ?? ""));
  const read = (form: FormData, name: string): number => {
    const at = momentOf(String(form.get(name)), board.zone);
    if (Number.isNaN(at)) throw new Error(say("day.until"));
    return at;
  };
  const send = async (form: FormData): Promise<[string, string?] | undefined> => {
    switch (kind) {
      case "ill": {
        const engineer = String(form.get("engineer"));
        const until = read(form, "until");
        await client.POST("/v1/engineers/{engineer}/absences", { params: { path: { engineer }, header }, body: { starts_at: isoOf(now), ends_at: isoOf(until), reason: "illness" } });
        return [say("day.ill_done", { engineer, at: spoken.moment(until) })];
      }
      case "overrun": {
        const finish = read(form, "finish");
        await client.POST("/v1/visits/{visit}/overrun", { params: { path: { visit: visit!.id }, header }, body: { finishes_at: isoOf(finish) } });
        return [say("day.overrun_done", { visit: visit!.id, at: spoken.moment(finish) })];
      }
      case "part": {
        const wanted = part === OTHER ? String(form.get("part_id")) : part;
        const quantity = Number(form.get("quantity"));
        await client.POST("/v1/tickets/{ticket}/work", { params: { path: { ticket: visit!.ticket }, header }, body: { kind: "part_needed", value: `${wanted} ${quantity}`, visit: visit!.id, reason: "" } });
        onWritten(say("day.part_done", { visit: visit!.id, quantity, part: wanted }));
        setShort({ part: wanted, quantity });
        return undefined;
      }
      case "customer": {
        const from = read(form, "from");
        const until = read(form, "until");
        await client.POST("/v1/visits/{visit}/appointments", { params: { path: { visit: visit!.id }, header }, body: { windows: [{ start: isoOf(from), end: isoOf(until) }] } });
        return [say("day.customer_done", { visit: visit!.id, from: spoken.moment(from), until: spoken.clock(until) }), visit!.id];
      }
      case "urgent": {
        const { data } = await client.POST("/v1/tickets", {
          params: { header },
          body: {
            channel: "phone", serial: String(form.get("serial")), kind: "fault", severity: String(form.get("severity")), text: String(form.get("words")),
            contact: String(form.get("contact")), contract: String(form.get("contract") ?? ""), trip: { minutes: Number(form.get("minutes")) },
          },
        });
        const taken = data!;
        if (!taken.opened) return [say("day.urgent_asks", { ticket: taken.ticket, asked: taken.questions.map((one) => one.asked).join(", ") })];
        return [say("day.urgent_done", { ticket: taken.ticket, visit: taken.visit }), taken.visit];
      }
    }
  };
  /** What a call about this equipment still has to say; where several contracts are in force, they are offered. */
  const missing = async (form: FormData): Promise<string> => {
    const { data } = await client.POST("/v1/intake", {
      body: {
        channel: "phone", serial: String(form.get("serial")), kind: "fault", severity: String(form.get("severity")), text: String(form.get("words")),
        contact: String(form.get("contact")), contract: String(form.get("contract") ?? ""),
      },
    });
    setContracts(data!.contracts);
    return say("day.urgent_missing", { asked: data!.questions.map((one) => say(`ask.${one.asked}` as "ask.contract")).join(" ") });
  };
  const submit = async (form: FormData) => {
    setBusy(true);
    setRefused("");
    try {
      const done = await send(form);
      if (done) onDone(...done);
    } catch (error) {
      const asks = error instanceof Problem && error.code === "desk.trip_too_early";
      setRefused(asks ? await missing(form).catch(wordsOf) : wordsOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={kind === "ill" || kind === "urgent" || !visit ? say(`action.${kind}`) : `${say(`action.${kind}`)}: ${visit.id}`} onClose={onClose}>
      {short && visit ? <Bring visit={visit.id} part={short.part} quantity={short.quantity} zone={board.zone} onDone={(words) => onDone(words, visit.id)} /> : <form className="day" onSubmit={(event) => { event.preventDefault(); void submit(new FormData(event.currentTarget)); }}>
        {kind === "ill" && (
          <>
            <label>{say("visit.engineer")}<select name="engineer" value={away} onChange={(event) => setAway(event.currentTarget.value)}>{board.engineers.map((one) => <option key={one.id}>{one.id}</option>)}</select></label>
            <label>{say("day.until")}<input key={away} name="until" type="datetime-local" required min={wall(now)} defaultValue={wall(shiftEnd(away))} /></label>
          </>
        )}
        {kind === "overrun" && <label>{say("day.finish")}<input name="finish" type="datetime-local" required min={wall(now)} defaultValue={wall(Math.max(visit?.end ?? now, now) + 3600)} /></label>}
        {kind === "part" && (
          <>
            <label>{say("day.part")}
              <select value={part} onChange={(event) => setPart(event.currentTarget.value)}>
                {visit?.parts.map((line) => <option key={line.part} value={line.part}>{line.name} ({line.part})</option>)}
                <option value={OTHER}>{say("day.other_part")}</option>
              </select>
            </label>
            {part === OTHER && <label>{say("day.part_id")}<input name="part_id" required maxLength={64} /></label>}
            <label>{say("day.quantity")}<input name="quantity" type="number" min={1} max={1000} required defaultValue={1} /></label>
          </>
        )}
        {kind === "customer" && (
          <>
            <label>{say("day.from")}<input name="from" type="datetime-local" required min={wall(now)} defaultValue={wall(Math.ceil(now / 3600) * 3600 + 3600)} /></label>
            <label>{say("day.until")}<input name="until" type="datetime-local" required min={wall(now)} defaultValue={wall(Math.ceil(now / 3600) * 3600 + 4 * 3600)} /></label>
          </>
        )}
        {kind === "urgent" && (
          <>
            <label>{say("day.serial")}<input name="serial" required maxLength={200} /></label>
            <label>{say("day.severity")}<select name="severity" defaultValue="P1">{["P1", "P2", "P3", "P4"].map((one) => <option key={one}>{one}</option>)}</select></label>
            <label>{say("day.minutes")}<input name="minutes" type="number" min={5} max={1440} required defaultValue={90} /></label>
            <label>{say("day.contact")}<input name="contact" required maxLength={500} /></label>
            {contracts.length > 0 && (
              <label>{say("new.contract")}<select name="contract" required>{contracts.map((one) => <option key={one.contract} value={one.contract}>{one.contract} · {one.scheme_name}</option>)}</select></label>
            )}
            <label>{say("day.words")}<textarea name="words" rows={3} maxLength={4000} /></label>
          </>
        )}
        {refused && <p className="refused" role="alert">{refused}</p>}
        <p><button type="submit" className="main" disabled={busy}>{say("day.write")}</button></p>
      </form>}
    </Dialog>
  );
}
