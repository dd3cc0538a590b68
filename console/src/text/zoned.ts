// Wall-clock time in a zone, as `<input type="datetime-local">` holds it, to seconds since 1970 and back.

const FORMATS = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = FORMATS.get(zone);
  if (!format) FORMATS.set(zone, (format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })));
  return format;
}

/** "2026-03-06T09:30" of a moment in an IANA zone. */
export function wallOf(at: number, zone: string): string {
  const parts = formatOf(zone).formatToParts(at * 1000);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The moment a wall clock in `zone` shows this; null: it is no time. Of an hour that comes twice, the first. */
export function momentOf(wall: string, zone: string): number | null {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return null;
  const wanted = asUtc / 1000;
  const shownAt = (at: number) => Date.parse(`${wallOf(at, zone)}Z`) / 1000;
  // The zone's offset at the time itself; where clocks change, one of the two offsets around it fits.
  const tries = [wanted - 86_400, wanted + 86_400].map((near) => wanted - (shownAt(near) - near));
  return tries.sort((a, b) => a - b).find((at) => shownAt(at) === wanted) ?? tries[0]!;
}
