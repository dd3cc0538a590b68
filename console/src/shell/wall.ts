// Wall clock times of one zone, as `<input type="datetime-local">` writes them.

// A format is dear to make, and lists ask for one zone again and again.
const FORMATS = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = FORMATS.get(zone);
  if (!format) FORMATS.set(zone, (format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" })));
  return format;
}

/** What the wall clock of a zone shows at a moment (seconds since 1970): "2026-03-06T09:30". */
export function wallOf(at: number, zone: string): string {
  const found = Object.fromEntries(formatOf(zone).formatToParts(at * 1000).map((one) => [one.type, one.value]));
  return `${found.year}-${found.month}-${found.day}T${found.hour}:${found.minute}`;
}

/** The moment (seconds since 1970) at which the wall clock of a zone shows `wall`; NaN: it is no time, or the clocks skip it.
 *
 * A time that comes twice is the first of the two.
 */
export function momentOf(wall: string, zone: string): number {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall)) return NaN;
  const asUtc = Date.parse(`${wall}:00Z`) / 1000;
  if (Number.isNaN(asUtc)) return NaN;
  // Zones lie within 14 hours of UTC: whichever offset gives the time back is the right one.
  const offsets = [...new Set([asUtc - 86400, asUtc, asUtc + 86400].map((at) => Date.parse(`${wallOf(at, zone)}:00Z`) / 1000 - at))];
  const fits = offsets.map((offset) => asUtc - offset).filter((at) => wallOf(at, zone) === wall);
  return fits.length ? Math.min(...fits) : NaN;
}

/** A moment as the interface takes it. */
export const isoOf = (at: number): string => new Date(at * 1000).toISOString();
