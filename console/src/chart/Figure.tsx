// A chart with its name, and the same figures as a table: for screen readers, for the keyboard, for copying.
import type { ReactNode } from "react";
import { useSpoken } from "../text";
import "./chart.css";

export interface Told { heads: readonly string[]; rows: readonly (readonly string[])[] }

export interface FigureProps {
  title: string;
  /** How to read it, in a sentence. */
  about?: string | undefined;
  told: Told;
}

export function Figure({ title, about, told, size, children }: FigureProps & { size: readonly [number, number]; children: ReactNode }) {
  const { say } = useSpoken();
  return (
    <figure className="chart">
      <figcaption><h3>{title}</h3>{about && <p className="quiet">{about}</p>}</figcaption>
      <svg viewBox={`0 0 ${size[0]} ${size[1]}`} role="img" aria-label={title}>{children}</svg>
      <details>
        <summary>{say("chart.as_table")}<span className="only-read"> {title}</span></summary>
        <div className="scroll-x" tabIndex={0} role="region" aria-label={say("chart.table_of", { title })}>
          <table className="plain">
            <thead><tr>{told.heads.map((head, at) => <th key={at} scope="col" className={at ? "number" : undefined}>{head || <span className="only-read">{say("chart.name")}</span>}</th>)}</tr></thead>
            <tbody>{told.rows.map((row, at) => <tr key={at}>{row.map((cell, column) => (column === 0 ? <th key={column} scope="row">{cell}</th> : <td key={column} className="number">{cell}</td>))}</tr>)}</tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
