// A table of any length: only the rows in sight are in the page, its head stays, arrows walk, Enter opens, Space picks.
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useSpoken } from "../text";
import { inView, scrollFor, stepTo } from "./model";
import "./grid.css";

export interface Column<Row> {
  key: string;
  head: string;
  cell(row: Row): ReactNode;
  /** Numbers stand to the right. */
  number?: boolean;
  /** Share of the width; 1 where nothing is said. */
  wide?: number;
}

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
  /** The row that is open beside the list. */
  open?: string | undefined;
  onOpen?(row: Row): void;
  picked?: ReadonlySet<string>;
  onPick?(row: Row): void;
  mayPick?(row: Row): boolean;
  /** More rows there are than those read. */
  more?: boolean;
  onMore?(): void;
}

const ROW_PX = 36;
const HEAD_PX = 32;
/** A column of width 1 is never narrower: rather the list is scrolled sideways. */
const NARROW_PX = 96;

export function Grid<Row>({ label, columns, rows, keyOf, open, onOpen, picked, onPick, mayPick, more, onMore }: Props<Row>) {
  const { say } = useSpoken();
  const box = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ top: 0, height: 900 });
  const [at, setAt] = useState(0);
  const walked = useRef(false);
  const measure = () => { const here = box.current; if (here) setSight({ top: here.scrollTop, height: here.clientHeight }); };
  useLayoutEffect(() => {
    measure();
    const watch = new ResizeObserver(measure);
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const focused = Math.min(at, Math.max(0, rows.length - 1));
  // The row that has the focus stays in the page wherever the list is scrolled to, or the focus would be lost.
  const [first, last] = inView({ ...sight, row: ROW_PX, rows: rows.length });
  const near = last >= rows.length && more === true;
  // Asked again for every list that ends in sight, the same length or not: a list read anew in between had dropped the answer.
  useEffect(() => { if (near) onMore?.(); }, [near, rows, onMore]);
  useEffect(() => {
    const row = walked.current ? box.current?.querySelector<HTMLElement>(`tr[data-row="${focused}"]`) : undefined;
    if (!row) return;
    walked.current = false;
    row.focus({ preventScroll: true });
  }, [focused, first]);
  const onKey = (event: KeyboardEvent, row: Row) => {
    if (event.target !== event.currentTarget) return;
    const to = stepTo(event.key, focused, rows.length, Math.max(1, Math.floor((sight.height - HEAD_PX) / ROW_PX) - 1));
    if (to !== null) {
      event.preventDefault();
      walked.current = true;
      setAt(to);
      const here = box.current;
      if (here) here.scrollTop = scrollFor(to, { top: here.scrollTop, height: here.clientHeight, row: ROW_PX, head: HEAD_PX });
    } else if (event.key === "Enter" && onOpen) { event.preventDefault(); onOpen(row); }
    else if (event.key === " " && onPick && (mayPick?.(row) ?? true)) { event.preventDefault(); onPick(row); }
  };
  const total = columns.reduce((sum, one) => sum + (one.wide ?? 1), 0);
  const wide = columns.length + (onPick ? 1 : 0);
  const line = (row: Row, index: number) => {
    const key = keyOf(row);
    const free = mayPick?.(row) ?? true;
    return (
      <tr key={key} data-row={index} aria-rowindex={index + 2} aria-selected={onPick ? picked?.has(key) ?? false : undefined} aria-current={open === key ? "true" : undefined} tabIndex={index === focused ? 0 : -1}
        onFocus={() => setAt(index)} onKeyDown={(event) => onKey(event, row)} onClick={(event) => { if (!(event.target as HTMLElement).closest("a, button, input, label")) onOpen?.(row); }}>
        {onPick && <td className="tick-cell">{free && <input type="checkbox" tabIndex={-1} checked={picked?.has(key) ?? false} onChange={() => onPick(row)} aria-label={say("list.pick", { row: key })} />}</td>}
        {columns.map((column, number) => {
          const inside = column.cell(row);
          return number === 0 ? <th key={column.key} scope="row">{inside}</th> : <td key={column.key} className={column.number ? "number" : undefined}>{inside}</td>;
        })}
      </tr>
    );
  };
  // One list of children: a row that comes into sight stays the element that has the focus.
  const gap = (key: string, from: number, to: number) => <Gap key={key} rows={to - from} wide={wide} />;
  const apart = focused < rows.length && (focused < first || focused >= last) ? focused : -1;
  const alone = apart >= 0 ? [line(rows[apart]!, apart)] : [];
  const shown = rows.slice(first, last).map((row, index) => line(row, first + index));
  const body = apart >= last
    ? [gap(" before", 0, first), ...shown, gap(" between", last, apart), ...alone, gap(" after", apart + 1, rows.length)]
    : [...(apart >= 0 ? [gap(" above", 0, apart), ...alone] : []), gap(" before", apart + 1, first), ...shown, gap(" after", last, rows.length)];
  return (
    <div className="scroll grid-box" ref={box} onScroll={measure}>
      <table className="rows grid" role="grid" style={{ minWidth: total * NARROW_PX }} aria-label={label} aria-rowcount={more ? -1 : rows.length + 1} aria-multiselectable={onPick ? true : undefined}>
        <colgroup>
          {onPick && <col className="tick-col" />}
          {columns.map((one) => <col key={one.key} width={`${(100 * (one.wide ?? 1)) / total}%`} />)}
        </colgroup>
        <thead><tr>{onPick && <th scope="col"><span className="only-read">{say("list.picked")}</span></th>}{columns.map((one) => <th key={one.key} scope="col" className={one.number ? "number" : undefined}>{one.head}</th>)}</tr></thead>
        <tbody>
          {body}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ rows, wide }: { rows: number; wide: number }) {
  return rows > 0 && <tr aria-hidden="true"><td colSpan={wide} className="gap" style={{ height: rows * ROW_PX }} /></tr>;
}
