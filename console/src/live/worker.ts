/// <reference lib="webworker" />
// One event stream for every tab of a browser: six streams would fill its connections to the server.
// Tabs say the region they show; each is told what changed there, and whether the stream is open.
declare const self: SharedWorkerGlobalScope;

export type FromTab = { kind: "hear"; region: string } | { kind: "bye" };
export type ToTab = { kind: "open" } | { kind: "lost" } | { kind: "changed"; action: string; about: string } | { kind: "reload" };

const AGAIN_MS = 5000;

interface Stream { source: EventSource; ports: Set<MessagePort>; open: boolean }
const streams = new Map<string, Stream>();

function streamOf(region: string): Stream {
  const known = streams.get(region);
  if (known) return known;
  const source = new EventSource(`/v1/events${region ? `?region=${encodeURIComponent(region)}` : ""}`);
  const stream: Stream = { source, ports: new Set(), open: false };
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
        for (const port of stream.ports) join(port, region);
      }, AGAIN_MS);
    }
  };
  source.addEventListener("changed", (event) => {
    const { action, about } = JSON.parse((event as MessageEvent<string>).data) as { action: string; about: string };
    tell({ kind: "changed", action, about });
  });
  source.addEventListener("reload", () => tell({ kind: "reload" }));
  streams.set(region, stream);
  return stream;
}

function join(port: MessagePort, region: string): void {
  leave(port);
  const stream = streamOf(region);
  stream.ports.add(port);
  if (stream.open) port.postMessage({ kind: "open" } satisfies ToTab);
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
    if (message.data.kind === "hear") join(port, message.data.region);
    else leave(port);
  };
};
