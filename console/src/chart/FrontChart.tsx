// Points with their names: what costs more and keeps more; those no other one beats are joined.
import { corners, placed, room, steps } from "./scale";
import { Figure, type FigureProps } from "./Figure";
import { shortened } from "./BarChart";

export interface Place { name: string; x: number; y: number; half?: number | undefined; /** On the front. */ best?: boolean; /** What the others are compared with. */ base?: boolean }

interface Props extends FigureProps {
  points: readonly Place[];
  across: { title: string; form(value: number): string };
  up: { form(value: number): string };
}

const WIDE = 620, HIGH = 300, LEFT = 76, RIGHT = 24, TOP = 14, BOTTOM = 46;

export function FrontChart({ points, across, up, ...rest }: Props) {
  const rights = room(points.map((one) => one.x), 0.12);
  const ups = room(points.flatMap((one) => [one.y - (one.half ?? 0), one.y + (one.half ?? 0)]), 0.12);
  const x = (value: number) => placed(value, rights, LEFT, WIDE - RIGHT);
  const y = (value: number) => placed(value, ups, HIGH - BOTTOM, TOP);
  const front = points.filter((one) => one.best).sort((one, other) => one.x - other.x);
  return (
    <Figure {...rest} size={[WIDE, HIGH]}>
      {steps(ups, 5).map((at) => <g key={at}><path className="thin" d={`M${LEFT} ${y(at)}H${WIDE - RIGHT}`} /><text className="end" x={LEFT - 8} y={y(at) + 4}>{up.form(at)}</text></g>)}
      <path className="axis" d={`M${LEFT} ${HIGH - BOTTOM}H${WIDE - RIGHT}`} />
      {steps(rights, 5).map((at) => <g key={at}><path className="axis" d={`M${x(at)} ${HIGH - BOTTOM}v4`} /><text className="mid" x={x(at)} y={HIGH - BOTTOM + 18}>{across.form(at)}</text></g>)}
      <text className="mid" x={(LEFT + WIDE - RIGHT) / 2} y={HIGH - 8}>{across.title}</text>
      {front.length > 1 && <g className="series s0"><polyline className="curve" points={corners(front.map((one) => [x(one.x), y(one.y)] as const))} /></g>}
      {points.map((one) => {
        const left = x(one.x) > WIDE * 0.62;
        return (
          <g key={one.name} className="series s0">
            {one.half ? <path className="whisker" d={`M${x(one.x)} ${y(one.y - one.half)}V${y(one.y + one.half)}`} /> : null}
            {one.base ? <rect className="dot" x={x(one.x) - 5} y={y(one.y) - 5} width={10} height={10} /> : <circle className="dot" cx={x(one.x)} cy={y(one.y)} r={5} />}
            <text className={left ? "tag end" : "tag"} x={x(one.x) + (left ? -9 : 9)} y={y(one.y) - 7}>{shortened(one.name, 34)}</text>
          </g>
        );
      })}
    </Figure>
  );
}
