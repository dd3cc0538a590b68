/// <reference lib="webworker" />
// One event stream for every tab of a browser: six streams would fill its connections to the server.
// Tabs say the region they show; each is told what changed there, and whether the stream is open.
import { addressOf } from "./address";

declare const self: SharedWorkerGlobalScope;

/** `after`: number of the last event the tab knows of, heard or read; what followed it is told first. */
export type FromTab = { kind: "hear"; region: string; after: string } | { kind: "bye" };
export type Changed = { kind: "changed"; id: string; action: string; about: string };
export type ToTab = { kind: "open" } | { kind: "lost" } | Changed | { kind: "reload"; id: string };

const AGAIN_MS = 5000;
/** Latest events kept for tabs that come to a stream already open. */
const KEPT = 200;

interface Stream { source: EventSource; ports: Set<MessagePort>; open: boolean; begun: string; last: string; kept: Changed[] }
const streams = new Map<string, Stream>();

function streamOf(region: string, after: string): Stream {
  const known = streams.get(region);
  if (known) return known;
  const source = new EventSource(addressOf(region, after));
  const stream: Stream = { source, ports: new Set(), open: false, begun: after, last: after, kept: [] };
  const tell = (message: ToTab) => stream.ports.forEach((port) => port.postMessage(message));
  source.onopen = () => { stream.open = true; tell({ kind: "open" }); };
  source.onerror = () => {
    stream.open = false;
    tell({ kind: "lost" });
    // A refused stream does not come back by itself: signed out, or the server says no. Tabs still open ask again.
    // Until then it keeps its place: a tab that goes meanwhile is forgotten, and does not hold the next stream open.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => {
        if (streams.get(region) !== stream) return;
        streams.delete(region);
        for (const port of stream.ports) join(port, region, stream.last);
      }, AGAIN_MS);
    }
  };
  source.addEventListener("changed", (event) => {
    const { lastEventId, data } = event as MessageEvent<string>;
    const { action, about } = JSON.parse(data) as { action: string; about: string };
    const changed: Changed = { kind: "changed", id: lastEventId, action, about };
    stream.last = lastEventId;
    if (stream.kept.push(changed) > KEPT) stream.begun = stream.kept.shift()!.id;
    tell(changed);
  });
  source.addEventListener("reload", (event) => {
    const id = (event as MessageEvent<string>).lastEventId;
    Object.assign(stream, { begun: id, last: id, kept: [] });
    tell({ kind: "reload", id });
  });
  streams.set(region, stream);
  return stream;
}

function join(port: MessagePort, region: string, after: string): void {
  leave(port);
  const stream = streamOf(region, after);
  stream.ports.add(port);
  for (const missed of missedBy(stream, after)) port.postMessage(missed);
  if (stream.open) port.postMessage({ kind: "open" } satisfies ToTab);
}

/** What an open stream told the others after the event a tab that comes now knows of; everything anew when that is not known. */
function missedBy(stream: Stream, after: string): ToTab[] {
  if (after === stream.begun) return stream.kept;
  const at = stream.kept.findIndex((one) => one.id === after);
  return at < 0 ? [{ kind: "reload", id: stream.last }] : stream.kept.slice(at + 1);
}

function leave(port: MessagePort): void {
  for (const [region, stream] of streams) {
    if (stream.ports.delete(port) && stream.ports.size === 0) {
      stream.source.close();
      streams.delete(region);
    }
  }
}

self.onconnect = (event) => {
  const port = event.ports[0]!;
  port.onmessage = (message: MessageEvent<FromTab>) => {
    if (message.data.kind === "hear") join(port, message.data.region, message.data.after);
    else leave(port);
  };
};
