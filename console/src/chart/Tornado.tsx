// Changes as bars from nought with their intervals, the largest first; better and worse by colour, pattern and words.
import { Figure, type FigureProps } from "./Figure";
import { shortened } from "./BarChart";

export interface Change { name: string; change: number; half: number; effect: "better" | "worse" | "none"; text: string }

const WIDE = 620, NAMES = 190, TEXTS = 190, ROW = 28;

export function Tornado({ rows, ...rest }: FigureProps & { rows: readonly Change[] }) {
  const most = Math.max(1e-9, ...rows.map((one) => Math.abs(one.change) + one.half));
  const wide = WIDE - NAMES - TEXTS;
  const zero = NAMES + wide / 2;
  const sorted = [...rows].sort((one, other) => Math.abs(other.change) - Math.abs(one.change));
  return (
    <Figure {...rest} size={[WIDE, sorted.length * ROW + 4]}>
      {sorted.map((one, row) => {
        const length = (one.change / most) * (wide / 2);
        const half = (one.half / most) * (wide / 2);
        const middle = row * ROW + ROW / 2;
        return (
          <g key={one.name}>
            <text className="end" x={NAMES - 8} y={middle + 4}>{shortened(one.name)}<title>{one.name}</title></text>
            <rect className={`change ${one.effect}`} x={Math.min(zero, zero + length)} y={middle - 7} width={Math.abs(length)} height={14} />
            {one.half > 0 && <path className="whisker" d={`M${zero + length - half} ${middle}h${2 * half}M${zero + length - half} ${middle - 4}v8M${zero + length + half} ${middle - 4}v8`} />}
            <text x={NAMES + wide + 8} y={middle + 4}>{one.text}</text>
          </g>
        );
      })}
      <path className="axis" d={`M${zero} 0V${sorted.length * ROW}`} />
    </Figure>
  );
}
