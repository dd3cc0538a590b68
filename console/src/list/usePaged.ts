// A list that is read page after page as it is scrolled; read anew as far as it was shown when something changed.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
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
  const shown = useRef({ of: ask, rows: PAGE });
  // All that was shown is read anew when something changed: a cursor goes on from a list that stands still.
  const whole = useCallback(async () => {
    const many = shown.current.of === ask ? shown.current.rows : PAGE;
    const found = await ask("", Math.min(many, MOST_AT_ONCE));
    const rows = [...found.rows];
    let next = found.next;
    while (next && rows.length < many) {
      const more = await ask(next, Math.min(many - rows.length, MOST_AT_ONCE));
      rows.push(...more.rows);
      next = more.next;
    }
    return { rows, next };
  }, [ask]);
  const read = useRead(whole, hears);
  const begun = read.value;
  // What was read on belongs to the list it was read on from: a list read anew begins again.
  const [added, setAdded] = useState<{ to: unknown; page: Part<Row>; failed: string }>();
  const own = begun !== undefined && added?.to === begun ? added : undefined;
  const page = own?.page ?? begun;
  useEffect(() => { if (page) shown.current = { of: ask, rows: Math.max(PAGE, page.rows.length) }; }, [ask, page]);
  const reading = useRef<Part<Row>>(undefined);
  const more = useCallback(() => {
    if (!begun || !page?.next || reading.current === page) return;
    reading.current = page;
    ask(page.next, MOST_AT_ONCE).then(
      // An answer to a list that was read anew meanwhile says nothing about the one that stands there now.
      (found) => { if (reading.current === page) setAdded({ to: begun, page: { rows: [...page.rows, ...found.rows], next: found.next }, failed: "" }); },
      (error: unknown) => { if (reading.current !== page) return; reading.current = undefined; setAdded({ to: begun, page, failed: error instanceof Error ? error.message : String(error) }); },
    );
  }, [ask, begun, page]);
  const failed = read.failed || own?.failed || "";
  return { page, read: useMemo(() => ({ value: page, failed, again: read.again }), [page, failed, read.again]), more };
}
