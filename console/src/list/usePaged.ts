// A list that is read page after page as it is scrolled; read anew from its beginning when something changed.
import { useCallback, useEffect, useRef, useState } from "react";
import { useRead, type Read } from "../shell/read";

export interface Part<Row> { rows: Row[]; next: string | null }
export interface Paged<Row> {
  /** What is there; undefined: nothing yet. */
  page: Part<Row> | undefined;
  read: Read<unknown>;
  /** Read on, when the last rows come into sight. */
  more(): void;
}

const PAGE = 100;
const MOST_AT_ONCE = 200;

/** `ask` has to keep its identity as long as it asks the same. */
export function usePaged<Row>(ask: (after: string, limit: number) => Promise<Part<Row>>, hears?: (action: string, about: string) => boolean): Paged<Row> {
  const [wanted, setWanted] = useState({ of: ask, rows: PAGE });
  // A change of the question and of how much of it is wanted are one change: never the new list at the old length.
  const many = wanted.of === ask ? wanted.rows : PAGE;
  useEffect(() => setWanted({ of: ask, rows: PAGE }), [ask]);
  // All that was shown is read anew when something changed: a cursor goes on from a list that stands still.
  const whole = useCallback(async () => {
    const found = await ask("", Math.min(many, MOST_AT_ONCE));
    const rows = [...found.rows];
    let next = found.next;
    while (next && rows.length < many) {
      const more = await ask(next, Math.min(many - rows.length, MOST_AT_ONCE));
      rows.push(...more.rows);
      next = more.next;
    }
    return { rows, next };
  }, [ask, many]);
  const read = useRead(whole, hears);
  const kept = useRef<{ of: unknown; page: Part<Row> } | null>(null);
  if (read.value) kept.current = { of: ask, page: read.value };
  // While more of the same list is on its way, what is there stays.
  const page = read.value ?? (kept.current?.of === ask ? kept.current.page : undefined);
  const more = useCallback(() => {
    setWanted((before) => (page?.next && before.of === ask && before.rows <= page.rows.length ? { of: ask, rows: before.rows + PAGE } : before));
  }, [ask, page]);
  return { page, read: { ...read, value: page }, more };
}
