// Pick lists van by van, who leaves first first. Pure.
import type { components } from "contract";

type Line = components["schemas"]["PickLineOut"];
export interface VanList { van: string; depot: string; departs: string | null; lines: Line[] }

export function byVan(lines: readonly Line[]): VanList[] {
  const vans = new Map<string, VanList>();
  for (const one of lines) {
    const key = `${one.van} ${one.depot}`;
    const van = vans.get(key) ?? { van: one.van, depot: one.depot, departs: one.departs_at, lines: [] };
    van.lines.push(one);
    vans.set(key, van);
  }
  return [...vans.values()].sort((a, b) => (a.departs ?? "~").localeCompare(b.departs ?? "~") || a.van.localeCompare(b.van, "en", { numeric: true }));
}
