// What the right column shows: tabs, walked with the arrow keys.
import { useSpoken } from "../text";

export type PanelTab = "details" | "proposal" | "transfers" | "calls";

export function Panel({ tabs, tab, onTab }: { tabs: readonly PanelTab[]; tab: PanelTab; onTab(tab: PanelTab): void }) {
  const { say } = useSpoken();
  const walk = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]!;
    onTab(next);
    document.getElementById(`panel-${next}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={say("board.details")} onKeyDown={walk}>
      {tabs.map((one) => <button key={one} id={`panel-${one}`} role="tab" type="button" aria-selected={one === tab} tabIndex={one === tab ? 0 : -1} onClick={() => onTab(one)}>{say(`panel.${one}`)}</button>)}
    </div>
  );
}
