// Where values lie on a drawing: round steps, room around the values, one length for one value.
export interface Span { low: number; high: number }

/** Round numbers from low to high, at most `most` and some. */
export function steps({ low, high }: Span, most = 6): number[] {
  const wide = Math.max(high - low, 1e-9);
  const size = 10 ** Math.floor(Math.log10(wide / most));
  const step = [1, 2, 5, 10].map((one) => one * size).find((one) => one >= (wide / most) * 0.999999) ?? size * 10;
  const first = Math.ceil(low / step - 1e-6);
  const last = Math.floor(high / step + 1e-6);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** From the least to the greatest of the values with some room; values that are none are left out. */
export function room(values: readonly (number | null | undefined)[], share = 0.08): Span {
  const known = values.filter((one): one is number => typeof one === "number" && Number.isFinite(one));
  if (known.length === 0) return { low: 0, high: 1 };
  const low = Math.min(...known);
  const high = Math.max(...known);
  const margin = (high - low) * share || Math.max(Math.abs(high) * 0.05, 0.5);
  return { low: low - margin, high: high + margin };
}

/** The place of a value between two pixels. */
export const placed = (value: number, { low, high }: Span, from: number, to: number): number => from + ((value - low) / (high - low)) * (to - from);

/** Every so many labels, so that they do not touch: at most `most` are written. */
export const every = (labels: number, most: number): number => Math.max(1, Math.ceil(labels / most));

/** How dark a share is drawn: 0 at 100 %, 4 at half of it or less; null: nothing was there to be kept. */
export const shade = (share: number | null): 0 | 1 | 2 | 3 | 4 | null => (share === null ? null : (Math.min(4, Math.max(0, Math.ceil((1 - share) * 8 - 1e-9))) as 0 | 1 | 2 | 3 | 4));

/** Corners of a line as SVG wants them. */
export const corners = (points: readonly (readonly [number, number])[]): string => points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");

/** Runs of points that are known one after another: where a value is missing the line is broken. */
export function unbroken<Point extends { y: number | null }>(points: readonly Point[]): (Point & { y: number })[][] {
  const runs: (Point & { y: number })[][] = [[]];
  for (const one of points) {
    if (one.y === null || !Number.isFinite(one.y)) runs.push([]);
    else runs[runs.length - 1]!.push(one as Point & { y: number });
  }
  return runs.filter((run) => run.length > 0);
}
