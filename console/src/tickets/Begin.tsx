// What begins beside a ticket: a complaint is taken down, a loaner is kept, a price is quoted.
import { useCallback, useState } from "react";
import type { components } from "contract";
import { client, newKey, Problem } from "../api/client";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { centsOf, nextNumber } from "./steps";
import type { Beside, Whole } from "./whole";

type Quoted = components["schemas"]["QuoteOut"];

interface Props { ticket: Whole; beside: Beside; onWritten(): void }

/** One thing done at a time, and why it was refused. */
function useDone(onWritten: () => void) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const run = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setRefused("");
    try {
      await act();
      onWritten();
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, refused, run };
}

export function Complain({ ticket, beside, onWritten }: Props) {
  const { say } = useSpoken();
  const [text, setText] = useState("");
  const { busy, refused, run } = useDone(() => { setText(""); onWritten(); });
  const send = () => run(() => client.POST("/v1/complaints", {
    params: { header: { "Idempotency-Key": newKey() } },
    body: { complaint: nextNumber(ticket.id, "B", (beside.complaints ?? []).map((one) => one.complaint)), customer: ticket.customer, ticket: ticket.id, text: text.trim() },
  }));
  return (
    <details>
      <summary>{say("begin.complaint")}</summary>
      <form className="next-move" onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <label>{say("begin.complaint_words")}<textarea required maxLength={4000} value={text} onChange={(event) => setText(event.target.value)} /></label>
        <div><button type="submit" disabled={busy || !text.trim()}>{say("begin.complaint_take")}</button></div>
        <p role="alert" className="refused">{refused}</p>
      </form>
    </details>
  );
}

export function Lend({ ticket, beside, onWritten }: Props) {
  const { say } = useSpoken();
  const [open, setOpen] = useState(false);
  const [unit, setUnit] = useState("");
  const ask = useCallback(async () => (await client.GET("/v1/loaner-pool", {})).data!, []);
  const pool = useRead(open ? ask : null);
  const { busy, refused, run } = useDone(() => { setUnit(""); pool.again(); onWritten(); });
  const free = (pool.value?.classes ?? []).flatMap((one) => one.units.filter((each) => each.state === "available").map((each) => ({ unit: each.unit, of: one.loaner_class })));
  const send = () => run(() => client.POST("/v1/loans", {
    params: { header: { "Idempotency-Key": newKey() } },
    body: { loan: nextNumber(ticket.id, "L", (beside.loans ?? []).map((one) => one.loan)), ticket: ticket.id, unit },
  }));
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("begin.loan")}</summary>
      {open && <Waiting of={pool} />}
      {pool.value && free.length === 0 && <p className="quiet">{say("begin.loan_none")}</p>}
      {free.length > 0 && (
        <form className="next-move" onSubmit={(event) => { event.preventDefault(); void send(); }}>
          <label>{say("begin.loan_unit")}
            <select required value={unit} onChange={(event) => setUnit(event.target.value)}><option value="" />{free.map((one) => <option key={one.unit} value={one.unit}>{one.unit} ({one.of})</option>)}</select>
          </label>
          <div><button type="submit" disabled={busy || !unit}>{say("begin.loan_keep")}</button></div>
        </form>
      )}
      <p role="alert" className="refused">{refused}</p>
    </details>
  );
}

export function Quote({ ticket, beside, onWritten }: Props) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [open, setOpen] = useState(false);
  const [quote, setQuote] = useState<Quoted>();
  /** What the scheme leaves open, and what was typed for it. */
  const [asked, setAsked] = useState<{ fee: string; bound: string; price: string } | null>(null);
  const [amounts, setAmounts] = useState<Record<string, string>>({});
  const { busy, refused, run } = useDone(() => { setOpen(false); onWritten(); });
  const [failed, setFailed] = useState("");
  const look = async (typed: Record<string, string>) => {
    const cents = Object.entries(typed).flatMap(([fee, text]) => { const found = centsOf(text); return found === null ? [] : [[fee, found] as const]; });
    const parts = Object.fromEntries(beside.fitted.map((one) => [one.part, { quantity: one.quantity }]));
    setQuote(undefined);
    setFailed("");
    try {
      setQuote((await client.POST("/v1/quotes", { body: { ticket: ticket.id, parts, asked_for: [], amounts_cents: Object.fromEntries(cents) } })).data!);
      setAsked(null);
    } catch (error) {
      if (error instanceof Problem && error.code === "charge.amount_missing") setAsked(error.params as { fee: string; bound: string; price: string });
      else setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  const item = (name: string) => say(`charge_item.${name.replaceAll("-", "_")}` as "charge_item.part");
  // A line's key is its own: pressed again after a lost answer, what was quoted is not quoted twice.
  const send = () => run(async () => {
    const charge = nextNumber(ticket.id, "Q", (beside.charges ?? []).map((one) => one.charge));
    for (const [index, line] of (quote?.lines ?? []).entries()) {
      await client.POST("/v1/charges/{charge}/steps", {
        params: { path: { charge }, header: { "Idempotency-Key": `${charge}-${index}` } },
        body: { ticket: ticket.id, step: "quoted", item: line.item, cents: line.cents, part: line.part, quantity: line.quantity, reason: "" },
      });
    }
  });
  return (
    <details open={open} onToggle={(event) => { const now = event.currentTarget.open; if (now && !open) void look(amounts); setOpen(now); }}>
      <summary>{say("begin.quote")}</summary>
      {asked && (
        <form className="next-move" onSubmit={(event) => { event.preventDefault(); void look(amounts); }}>
          <label>{say("begin.quote_amount", { item: item(asked.fee), bound: say(`begin.bound.${asked.bound.replaceAll("-", "_")}` as "begin.bound.at_most", { price: asked.price }), currency: beside.currency })}
            <input required inputMode="decimal" maxLength={14} value={amounts[asked.fee] ?? ""} onChange={(event) => setAmounts({ ...amounts, [asked.fee]: event.target.value })} />
          </label>
          <div><button type="submit" disabled={centsOf(amounts[asked.fee] ?? "") === null}>{say("begin.quote_price")}</button></div>
        </form>
      )}
      {quote && <p>{quote.reason}</p>}
      {quote && quote.lines.length === 0 && <p className="quiet">{say("begin.quote_none")}</p>}
      {quote && quote.lines.length > 0 && (
        <>
          <ul>{quote.lines.map((line, index) => <li key={index}>{item(line.item)} {line.part && `${line.quantity} × ${line.part}`} <strong>{spoken.money(line.cents, beside.currency)}</strong></li>)}</ul>
          <button type="button" disabled={busy} onClick={() => void send()}>{say("begin.quote_write")}</button>
        </>
      )}
      <p role="alert" className="refused">{failed || refused}</p>
    </details>
  );
}
