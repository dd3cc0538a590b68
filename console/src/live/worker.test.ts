import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FromTab, ToTab } from "./worker";

class Source {
  static readonly CLOSED = 2;
  static made: Source[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly address: string) { Source.made.push(this); }
  told = new Map<string, (event: unknown) => void>();
  addEventListener(kind: string, told: (event: unknown) => void): void { this.told.set(kind, told); }
  changed(id: string, about: string): void { this.told.get("changed")!({ lastEventId: id, data: JSON.stringify({ action: "ticket.open", about }) }); }
  close(): void { this.readyState = Source.CLOSED; }
  refuse(): void { this.readyState = Source.CLOSED; this.onerror?.(); }
}

const here: { onconnect?: (event: unknown) => void } = {};

/** A tab that has connected: what it says goes to the worker. */
function tab(heard: ToTab[] = []): (said: FromTab) => void {
  const port = { postMessage: (message: ToTab) => { heard.push(message); }, onmessage: undefined as ((message: unknown) => void) | undefined };
  here.onconnect!({ ports: [port] });
  return (said) => port.onmessage!({ data: said });
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  vi.stubGlobal("self", here);
  vi.stubGlobal("EventSource", Source);
  Source.made = [];
  await import("./worker");
});
afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals(); });

describe("one stream for all tabs", () => {
  const open = () => Source.made.filter((one) => one.readyState !== Source.CLOSED).length;

  it("many tabs of a region hear over one, and the last to go closes it", () => {
    const tabs = [tab(), tab(), tab()];
    tabs.forEach((say) => say({ kind: "hear", region: "r", after: "7" }));

    expect(open()).toBe(1);
    tabs.forEach((say) => say({ kind: "bye" }));
    expect(open()).toBe(0);
  });

  it("a refused stream is asked for again by who is still there", () => {
    tab()({ kind: "hear", region: "r", after: "7" });
    Source.made[0]!.refuse();

    expect(open()).toBe(0);
    vi.advanceTimersByTime(5000);
    expect(open()).toBe(1);
  });

  it("who went while it was refused does not hold the next one open", () => {
    const say = tab();
    say({ kind: "hear", region: "r", after: "7" });
    Source.made[0]!.refuse();
    say({ kind: "bye" });

    vi.advanceTimersByTime(60_000);
    expect(Source.made).toHaveLength(1);
  });

  it("begins behind what was read, and a refused one goes on behind what was heard", () => {
    tab()({ kind: "hear", region: "r", after: "7" });
    Source.made[0]!.changed("9", "T-9");
    Source.made[0]!.refuse();
    vi.advanceTimersByTime(5000);

    expect(Source.made.map((one) => one.address)).toEqual(["/v1/events?region=r&after=7", "/v1/events?region=r&after=9"]);
  });

  it("who comes to an open stream hears what the others heard after it read, everything anew when that is not known", () => {
    tab()({ kind: "hear", region: "r", after: "7" });
    for (const id of ["8", "9", "10"]) Source.made[0]!.changed(id, `T-${id}`);
    const [first, middle, last, strange]: ToTab[][] = [[], [], [], []];
    tab(first)({ kind: "hear", region: "r", after: "7" });
    tab(middle)({ kind: "hear", region: "r", after: "9" });
    tab(last)({ kind: "hear", region: "r", after: "10" });
    tab(strange)({ kind: "hear", region: "r", after: "6" });

    const abouts = (heard: ToTab[] | undefined) => heard!.map((one) => ("about" in one ? one.about : one.kind));
    expect([first, middle, last, strange].map(abouts)).toEqual([["T-8", "T-9", "T-10"], ["T-10"], [], ["reload"]]);
  });
});
