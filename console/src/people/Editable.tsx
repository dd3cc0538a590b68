// A heading with a button that opens a form under it; the form reads what it changes, so that nobody overwrites what he has not seen.
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { newKey, Problem } from "../api/client";
import { useSpoken } from "../text";
import type { Seen } from "./writing";

interface EditableProps {
  title: string;
  level?: 2 | 3;
  /** What the button says, and of what: who hears buttons one by one hears both. */
  action: string;
  shown: boolean;
  form(close: () => void): ReactNode;
  children?: ReactNode;
}

export function Editable({ title, level = 3, action, shown, form, children }: EditableProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => { setOpen(false); button.current?.focus(); }, []);
  const Heading = `h${level}` as const;
  return (
    <>
      <div className="head"><Heading>{title}</Heading>{shown && <button ref={button} type="button" aria-expanded={open} aria-label={`${action}: ${title}`} onClick={() => setOpen(!open)}>{action}</button>}</div>
      {open ? form(close) : null}
      {children}
    </>
  );
}

interface WritingProps<Row> {
  /** Reads what is to be changed; null: it is new. */
  read: (() => Promise<Seen<Row>>) | null;
  label: string;
  onClose(): void;
  onWritten(): void;
  fields(row: Row | undefined, changed: () => void): ReactNode;
  /** Sends what was typed; throws what the server refuses. False: something is missing. */
  send(version: string, key: string, row: Row | undefined): Promise<void> | false;
  /** Takes the row away, where that can be. */
  remove?: (version: string, key: string) => Promise<void>;
}

/** Fields, a button to write, the refusal beside it. The same press sent twice has its effect once. */
export function Writing<Row>({ read, label, onClose, onWritten, fields, send, remove }: WritingProps<Row>) {
  const { say } = useSpoken();
  const [seen, setSeen] = useState<Seen<Row> | undefined>(read ? undefined : ({ version: "" } as Seen<Row>));
  const [refused, setRefused] = useState("");
  const [moved, setMoved] = useState(false);
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const gone = useRef(false);
  const box = useRef<HTMLFormElement>(null);
  const look = useCallback(() => {
    if (!read) return;
    setMoved(false);
    setRefused("");
    setSeen(undefined);
    read().then((found) => { if (!gone.current) setSeen(found); }, (error: unknown) => { if (!gone.current) setRefused(wordsOf(error)); });
    // eslint-disable-next-line -- read once for each opening
  }, []);
  useEffect(() => { gone.current = false; look(); return () => { gone.current = true; }; }, [look]);
  useEffect(() => { if (seen) box.current?.querySelector<HTMLElement>("input, select")?.focus(); }, [seen]);
  const act = async (what: () => Promise<void> | false) => {
    const sent = what();
    if (sent === false) return setRefused(say("people.incomplete"));
    setBusy(true);
    setRefused("");
    try {
      await sent;
      onWritten();
      onClose();
    } catch (error) {
      key.current = newKey(); // what is sent next says something else
      setMoved(error instanceof Problem && error.code === "register.moved_on");
      setRefused(wordsOf(error));
      setBusy(false);
    }
  };
  return (
    <form ref={box} className="writing" aria-label={label} onSubmit={(event) => { event.preventDefault(); if (seen) void act(() => send(seen.version, key.current, seen.row)); }} onKeyDown={(event) => { if (event.key === "Escape") { event.stopPropagation(); onClose(); } }}>
      {!seen && !refused && <p className="quiet" role="status">{say("page.loading")}</p>}
      {seen && fields(seen.row, () => setRefused(""))}
      <p role="alert" className="refused">{refused}</p>
      <p className="send">
        {seen && <button type="submit" className="main" disabled={busy}>{say("ticket.write")}</button>}
        {(moved || (!seen && refused)) && <button type="button" onClick={look}>{say("people.read_again")}</button>}
        <button type="button" onClick={onClose}>{say("page.cancel")}</button>
        {seen && remove && <button type="button" className="end" disabled={busy} onClick={() => void act(() => remove(seen.version, key.current))}>{say("people.take_away")}</button>}
      </p>
    </form>
  );
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
