// Seconds to pixels and back; hours never under 62 px.
export const LEAST_HOUR_PX = 62;

export interface Scale {
  from: number;
  until: number;
  hourPx: number;
  width: number;
  x(at: number): number;
  at(x: number): number;
}

/** A scale from the whole hour before `from` to the whole hour after `until`. */
export function scaleOf(from: number, until: number, hourPx = LEAST_HOUR_PX): Scale {
  const start = Math.floor(from / 3600) * 3600;
  const end = Math.ceil(until / 3600) * 3600;
  const width = ((end - start) / 3600) * hourPx;
  return {
    from: start,
    until: end,
    hourPx,
    width,
    x: (at) => ((at - start) / 3600) * hourPx,
    at: (x) => start + (x / hourPx) * 3600,
  };
}
