// Who did something, by name: records hold ids that name nobody, the names are asked for together and once.
import { useEffect, useSyncExternalStore } from "react";
import { client } from "../api/client";
import { useSpoken } from "../text";

const ACCOUNT = /^U-[A-Za-z0-9_-]+$/;
const AT_ONCE = 100;

let names: ReadonlyMap<string, string> = new Map();
const wanted = new Set<string>();
const hearers = new Set<() => void>();
let timer: number | undefined;

async function fetchNames(): Promise<void> {
  timer = undefined;
  const ids = [...wanted].slice(0, AT_ONCE);
  ids.forEach((one) => wanted.delete(one));
  try {
    const { data } = await client.GET("/v1/names", { params: { query: { ids: ids.join(",") } } });
    // An id nobody knows is remembered as itself: it is not asked for again.
    names = new Map([...names, ...ids.map((one): [string, string] => [one, data?.names[one] ?? one])]);
    hearers.forEach((hear) => hear());
  } catch {
    // The next place that shows the id asks again; until then it stands as it is written down.
  }
  if (wanted.size) timer ??= window.setTimeout(() => void fetchNames(), 20);
}

const hear = (on: () => void) => { hearers.add(on); return () => hearers.delete(on); };

/** The name of an account's id; empty where it was erased; undefined while it is not known. Any other word is shown as it is. */
export function useName(id: string): string | undefined {
  const known = useSyncExternalStore(hear, () => names);
  const asked = ACCOUNT.test(id) && !known.has(id);
  useEffect(() => {
    if (!asked) return;
    wanted.add(id);
    timer ??= window.setTimeout(() => void fetchNames(), 20);
  }, [asked, id]);
  return ACCOUNT.test(id) ? known.get(id) : id;
}

export function Who({ id }: { id: string }) {
  const { say } = useSpoken();
  const name = useName(id);
  return <span className="who">{name === "" ? say("who.erased") : name ?? "…"}</span>;
}
