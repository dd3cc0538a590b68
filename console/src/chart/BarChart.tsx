// Bars to the right, one for each name, in parts: causes of lateness, cases by kind.
import { Figure, type FigureProps } from "./Figure";
import { Legend } from "./LineChart";

export interface Bar { name: string; /** As long as `parts` has names. */ values: readonly number[]; /** Written behind the bar. */ text: string }

interface Props extends FigureProps { bars: readonly Bar[]; parts: readonly string[] }

const WIDE = 620, NAMES = 190, TEXTS = 90, ROW = 26, A_LINE = 4;

export function BarChart({ bars, parts, ...rest }: Props) {
  const most = Math.max(1e-9, ...bars.map((one) => one.values.reduce((sum, value) => sum + value, 0)));
  const wide = WIDE - NAMES - TEXTS;
  const high = bars.length * ROW;
  const lines: string[][] = [];
  if (parts.length > 1) for (let at = 0; at < parts.length; at += A_LINE) lines.push([...parts.slice(at, at + A_LINE)]);
  return (
    <Figure {...rest} size={[WIDE, high + 8 + lines.length * 20]}>
      <path className="axis" d={`M${NAMES} 0V${high}`} />
      {bars.map((bar, row) => {
        let left = NAMES;
        return (
          <g key={bar.name}>
            <text className="end" x={NAMES - 8} y={row * ROW + ROW / 2 + 4}>{shortened(bar.name)}<title>{bar.name}</title></text>
            {bar.values.map((value, at) => {
              const length = (value / most) * wide;
              const from = left;
              left += length;
              return length > 0 && <rect key={at} className={`part t${at % 6}`} x={from} y={row * ROW + 5} width={length} height={ROW - 10}><title>{`${bar.name} · ${parts[at] ?? ""}`}</title></rect>;
            })}
            <text x={left + 6} y={row * ROW + ROW / 2 + 4}>{bar.text}</text>
          </g>
        );
      })}
      {lines.map((names, at) => <PartNames key={at} names={names} first={at * A_LINE} top={high + 12 + at * 20} />)}
    </Figure>
  );
}

function PartNames({ names, first, top }: { names: string[]; first: number; top: number }) {
  if (first === 0) return <Legend names={names} top={top} kind="tone" />;
  const wide = (WIDE - 16) / A_LINE;
  return <g>{names.map((name, at) => <g key={name}><rect className={`part t${(first + at) % 6}`} x={8 + at * wide} y={top - 3} width={14} height={12} /><text x={28 + at * wide} y={top + 8}>{name}</text></g>)}</g>;
}

/** A name that fits beside its bar. */
export const shortened = (name: string, most = 26): string => {
  let wide = 0;
  const kept: string[] = [];
  for (const letter of name) {
    wide += letter.charCodeAt(0) > 0x2e80 ? 2 : 1;
    if (wide > most) return `${kept.join("")}…`;
    kept.push(letter);
  }
  return name;
};
