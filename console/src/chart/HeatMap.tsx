// Shares by row and column: the darker the cell the fewer promises were kept, the number stands in it.
import { shade } from "./scale";
import { Figure, type FigureProps } from "./Figure";
import { shortened } from "./BarChart";

export interface HeatRow { name: string; cells: readonly { share: number | null; text: string; about?: string }[] }

const NAMES = 170, ROW = 26, HEAD = 24, CELL = 84;

export function HeatMap({ columns, rows, ...rest }: FigureProps & { columns: readonly string[]; rows: readonly HeatRow[] }) {
  return (
    <Figure {...rest} size={[Math.max(620, NAMES + columns.length * CELL), HEAD + rows.length * ROW]}>
      {columns.map((name, at) => <text key={at} className="mid" x={NAMES + at * CELL + CELL / 2} y={15}>{shortened(name, 13)}<title>{name}</title></text>)}
      {rows.map((row, at) => (
        <g key={at}>
          <text className="end" x={NAMES - 8} y={HEAD + at * ROW + 17}>{shortened(row.name)}<title>{row.name}</title></text>
          {row.cells.map((cell, column) => {
            const dark = shade(cell.share);
            return (
              <g key={column}>
                <rect className={`heat h${dark ?? "none"}`} x={NAMES + column * CELL + 1} y={HEAD + at * ROW + 1} width={CELL - 2} height={ROW - 2}>{cell.about && <title>{cell.about}</title>}</rect>
                <text className={dark !== null && dark > 2 ? "mid light" : "mid"} x={NAMES + column * CELL + CELL / 2} y={HEAD + at * ROW + 17}>{cell.text}</text>
              </g>
            );
          })}
        </g>
      ))}
    </Figure>
  );
}
