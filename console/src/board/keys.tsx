// The keys of the board, and the list of them.
import { useEffect, useRef } from "react";
import { useSpoken, type Code } from "../text";
import { Dialog } from "./Dialog";

export type KeyName = "l" | "a" | "w" | "u" | "o" | "p" | "/" | "?" | "undo";

/** Which of the board's keys was pressed; null: none, or it belongs to a field that is being filled in. */
export function keyOf(event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; target: EventTarget | null }): KeyName | null {
  const at = event.target as { closest?(selector: string): unknown } | null;
  if (at?.closest?.("input, select, textarea, dialog, [contenteditable]")) return null;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") return "undo";
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return ["l", "a", "w", "u", "o", "p", "/", "?"].includes(event.key) ? (event.key as KeyName) : null;
}

export function useKeys(onKey: (key: KeyName) => void): void {
  const heard = useRef(onKey);
  heard.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const key = event.repeat ? null : keyOf(event);
      if (!key) return;
      event.preventDefault();
      heard.current(key);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

const LIST: readonly (readonly [keys: string, code: Code])[] = [
  ["← ↑ → ↓", "keys.walk"], ["Alt + ← ↑ → ↓", "keys.carry"], ["a", "keys.best"], ["w", "keys.why"], ["l", "keys.lock"], ["u", "keys.off"],
  ["o", "keys.optimise"], ["p", "keys.publish"], ["Ctrl + Z", "keys.undo"], ["/", "keys.search"], ["?", "keys.keys"],
];

export function KeysDialog({ onClose }: { onClose(): void }) {
  const { say } = useSpoken();
  return (
    <Dialog title={say("keys.title")} onClose={onClose}>
      <dl className="keys">{LIST.map(([keys, code]) => <div key={code}><dt><kbd>{keys}</kbd></dt><dd>{say(code)}</dd></div>)}</dl>
    </Dialog>
  );
}
