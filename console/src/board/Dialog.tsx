// A dialog of the browser's own: focus stays in it, Escape closes it.
import { useEffect, useRef, type ReactNode } from "react";
import { useSpoken } from "../text";

export function Dialog({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  const { say } = useSpoken();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = box.current;
    const before = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={box} aria-label={title} onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <header className="dialog-head"><h2>{title}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      {children}
    </dialog>
  );
}
