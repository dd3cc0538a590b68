// What a page hears while it is open: through the shared worker, or a stream of its own where there is none.
import { addressOf } from "./address";
import type { FromTab, ToTab } from "./worker";

/** Number of the last event this tab knows of: what is read after it was told is no older. */
let known = "";

/** The stream stood at this event before anything was read: what a page reads and what it hears leave no gap. */
export function hearsFrom(event: number): void {
  known = String(event);
}

export interface Hearing {
  onOpen?(): void;
  onLost?(): void;
  /** What changed: a first word such as "plan" or "ticket", and what it is about. */
  onChanged(action: string, about: string): void;
  /** Something was missed: read everything anew. */
  onReload(): void;
}

/** Hear what changes in a region until the returned function is called. */
export function listen(region: string, hearing: Hearing): () => void {
  const heard = (message: ToTab) => {
    if (message.kind === "changed" || message.kind === "reload") known = message.id;
    if (message.kind === "open") hearing.onOpen?.();
    else if (message.kind === "lost") hearing.onLost?.();
    else if (message.kind === "reload") hearing.onReload();
    else hearing.onChanged(message.action, message.about);
  };
  if (typeof SharedWorker === "function") {
    const worker = new SharedWorker(new URL("./worker.ts", import.meta.url), { type: "module", name: "fieldwright-live" });
    const post = (message: FromTab) => worker.port.postMessage(message);
    worker.port.onmessage = (event: MessageEvent<ToTab>) => heard(event.data);
    worker.port.start();
    const hear = () => post({ kind: "hear", region, after: known });
    hear();
    const bye = () => post({ kind: "bye" });
    // Put aside by the browser and brought back by its Back button: what happened meanwhile was not heard.
    const back = (event: PageTransitionEvent) => { if (event.persisted) { hear(); hearing.onReload(); } };
    window.addEventListener("pagehide", bye);
    window.addEventListener("pageshow", back);
    return () => { window.removeEventListener("pagehide", bye); window.removeEventListener("pageshow", back); bye(); worker.port.close(); };
  }
  const source = new EventSource(addressOf(region, known));
  source.onopen = () => heard({ kind: "open" });
  source.onerror = () => heard({ kind: "lost" });
  source.addEventListener("reload", (event) => heard({ kind: "reload", id: (event as MessageEvent<string>).lastEventId }));
  source.addEventListener("changed", (event) => {
    const { lastEventId, data } = event as MessageEvent<string>;
    heard({ kind: "changed", id: lastEventId, ...(JSON.parse(data) as { action: string; about: string }) });
  });
  return () => source.close();
}
