// Lines with their bands: a figure by period, or promises kept by engineers.
import { corners, every, placed, room, steps, unbroken } from "./scale";
import { Figure, type FigureProps } from "./Figure";

export interface LinePoint { x: number; y: number | null; low?: number | null; high?: number | null; /** Said on hover. */ told?: string }
export interface Line { name: string; points: readonly LinePoint[] }

interface Props extends FigureProps {
  lines: readonly Line[];
  /** How a number upwards is written. */
  form(value: number): string;
  /** How a place to the right is written; the places of the points are used where it is given as words. */
  across: { title: string; words?: readonly string[]; form?(value: number): string };
  /** A value marked by a broken line, and its name. */
  level?: { at: number; name: string } | undefined;
  /** Values upwards begin here at the latest. */
  floor?: number | undefined;
}

const WIDE = 620, HIGH = 280, LEFT = 70, RIGHT = 20, TOP = 14, BOTTOM = 46;

export function LineChart({ lines, form, across, level, floor, ...rest }: Props) {
  const all = lines.flatMap((one) => one.points);
  const ups = room([...all.flatMap((one) => [one.y, one.low, one.high]), level?.at, floor]);
  if (floor !== undefined && ups.low < floor) ups.low = floor;
  const words = across.words;
  const rights = words ? { low: -0.5, high: Math.max(words.length, 1) - 0.5 } : room(all.map((one) => one.x));
  const x = (value: number) => placed(value, rights, LEFT, WIDE - RIGHT);
  const y = (value: number) => placed(value, ups, HIGH - BOTTOM, TOP);
  const step = words ? every(words.length, 9) : 1;
  const marks = words ? words.map((word, at) => ({ at, word })).filter((one) => one.at % step === 0) : steps(rights).map((at) => ({ at, word: across.form?.(at) ?? String(at) }));
  return (
    <Figure {...rest} size={[WIDE, HIGH + (lines.length > 1 ? 20 : 0)]}>
      {steps(ups, 5).map((at) => <g key={at}><path className="thin" d={`M${LEFT} ${y(at)}H${WIDE - RIGHT}`} /><text className="end" x={LEFT - 8} y={y(at) + 4}>{form(at)}</text></g>)}
      <path className="axis" d={`M${LEFT} ${HIGH - BOTTOM}H${WIDE - RIGHT}`} />
      {marks.map(({ at, word }) => <g key={at}><path className="axis" d={`M${x(at)} ${HIGH - BOTTOM}v4`} /><text className="mid" x={x(at)} y={HIGH - BOTTOM + 18}>{word}</text></g>)}
      <text className="mid" x={(LEFT + WIDE - RIGHT) / 2} y={HIGH - 8}>{across.title}</text>
      {level && <g><path className="level" d={`M${LEFT} ${y(level.at)}H${WIDE - RIGHT}`} /><text className="end" x={WIDE - RIGHT} y={y(level.at) - 5}>{level.name}</text></g>}
      {lines.map((line, number) => (
        <g key={line.name} className={`series s${number % 4}`}>
          {unbroken(line.points).map((run, at) => {
            const banded = run.filter((one) => one.low != null && one.high != null);
            return (
              <g key={at}>
                {banded.length > 1 && <polygon className="band" points={corners([...banded.map((one) => [x(one.x), y(one.high!)] as const), ...[...banded].reverse().map((one) => [x(one.x), y(one.low!)] as const)])} />}
                {run.length > 1 && <polyline className="curve" points={corners(run.map((one) => [x(one.x), y(one.y)] as const))} />}
                {run.map((one) => <circle key={one.x} className="dot" cx={x(one.x)} cy={y(one.y)} r={3.5}><title>{one.told ?? `${words?.[one.x] ?? across.form?.(one.x) ?? one.x}: ${form(one.y)}`}</title></circle>)}
              </g>
            );
          })}
        </g>
      ))}
      {lines.length > 1 && <Legend names={lines.map((one) => one.name)} top={HIGH + 6} kind="series" />}
    </Figure>
  );
}

export function Legend({ names, top, kind }: { names: readonly string[]; top: number; kind: "series" | "tone" }) {
  const wide = (WIDE - 16) / Math.max(1, names.length);
  return (
    <g>
      {names.map((name, at) => (
        <g key={name} className={kind === "series" ? `series s${at % 4}` : undefined}>
          {kind === "series" ? <path className="curve" d={`M${8 + at * wide} ${top + 4}h22`} /> : <rect className={`part t${at % 6}`} x={8 + at * wide} y={top - 3} width={14} height={12} />}
          <text x={36 + at * wide} y={top + 8}>{name}</text>
        </g>
      ))}
    </g>
  );
}
