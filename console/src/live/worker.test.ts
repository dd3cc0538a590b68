import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FromTab } from "./worker";

class Source {
  static readonly CLOSED = 2;
  static made: Source[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly address: string) { Source.made.push(this); }
  addEventListener(): void {}
  close(): void { this.readyState = Source.CLOSED; }
  refuse(): void { this.readyState = Source.CLOSED; this.onerror?.(); }
}

const here: { onconnect?: (event: unknown) => void } = {};

/** A tab that has connected: what it says goes to the worker. */
function tab(): (said: FromTab) => void {
  const port = { postMessage: () => undefined, onmessage: undefined as ((message: unknown) => void) | undefined };
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
    tabs.forEach((say) => say({ kind: "hear", region: "r" }));

    expect(open()).toBe(1);
    tabs.forEach((say) => say({ kind: "bye" }));
    expect(open()).toBe(0);
  });

  it("a refused stream is asked for again by who is still there", () => {
    tab()({ kind: "hear", region: "r" });
    Source.made[0]!.refuse();

    expect(open()).toBe(0);
    vi.advanceTimersByTime(5000);
    expect(open()).toBe(1);
  });

  it("who went while it was refused does not hold the next one open", () => {
    const say = tab();
    say({ kind: "hear", region: "r" });
    Source.made[0]!.refuse();
    say({ kind: "bye" });

    vi.advanceTimersByTime(60_000);
    expect(Source.made).toHaveLength(1);
  });
});
