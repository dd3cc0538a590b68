// Long lists: which rows are in view, where a key leads. Pure.

/** Rows of a long list that are in view, with some above and below: [first, last). */
export function inView(of: { top: number; height: number; row: number; rows: number; spare?: number }): [number, number] {
  const spare = of.spare ?? 8;
  const first = Math.max(0, Math.min(of.rows - 1, Math.floor(of.top / of.row) - spare));
  return [first, Math.min(of.rows, Math.ceil((of.top + of.height) / of.row) + spare)];
}

/** The row a key leads to from row `at`, of so many rows with so many in sight; null: the key leads nowhere. */
export function stepTo(key: string, at: number, rows: number, sight: number): number | null {
  if (rows === 0) return null;
  const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + sight, PageUp: at - sight, Home: 0, End: rows - 1 };
  const wanted = to[key];
  return wanted === undefined ? null : Math.max(0, Math.min(rows - 1, wanted));
}

/** Where a list has to be scrolled to for row `at` to stand below its head, inside `height`. */
export function scrollFor(at: number, of: { top: number; height: number; row: number; head: number }): number {
  const from = at * of.row;
  const room = of.height - of.head;
  if (from < of.top) return from;
  if (from + of.row > of.top + room) return from + of.row - room;
  return of.top;
}

/** The same set with one more or one less. */
export function toggled(picked: ReadonlySet<string>, key: string): Set<string> {
  const next = new Set(picked);
  if (!next.delete(key)) next.add(key);
  return next;
}
