// What a page hears while it is open: through the shared worker, or a stream of its own where there is none.
import type { FromTab, ToTab } from "./worker";

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
    post({ kind: "hear", region });
    const bye = () => post({ kind: "bye" });
    // Put aside by the browser and brought back by its Back button: what happened meanwhile was not heard.
    const back = (event: PageTransitionEvent) => { if (event.persisted) { post({ kind: "hear", region }); hearing.onReload(); } };
    window.addEventListener("pagehide", bye);
    window.addEventListener("pageshow", back);
    return () => { window.removeEventListener("pagehide", bye); window.removeEventListener("pageshow", back); bye(); worker.port.close(); };
  }
  const source = new EventSource(`/v1/events${region ? `?region=${encodeURIComponent(region)}` : ""}`);
  source.onopen = () => heard({ kind: "open" });
  source.onerror = () => heard({ kind: "lost" });
  source.addEventListener("reload", () => heard({ kind: "reload" }));
  source.addEventListener("changed", (event) => {
    const { action, about } = JSON.parse((event as MessageEvent<string>).data) as { action: string; about: string };
    heard({ kind: "changed", action, about });
  });
  return () => source.close();
}
