// Marks of states and small icons, all SVG: colour is never the only sign.
import type { DeadlineState } from "../deadline";

export function StateMark({ state }: { state: DeadlineState }) {
  const ink = { fill: "none", stroke: "currentColor", strokeWidth: 1.6 } as const;
  switch (state) {
    case "at_risk":
      return <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true"><circle cx="5.5" cy="5.5" r="4.5" {...ink} strokeWidth={1.2} /><path d="M5.5 5.5V1a4.5 4.5 0 0 1 4.5 4.5z" fill="currentColor" /></svg>;
    case "will_miss":
      return <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true"><path d="M5.5 1L10.5 10H.5z" fill="currentColor" /></svg>;
    case "breached":
      return <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true"><path d="M1.5 1.5l8 8m0-8l-8 8" {...ink} strokeWidth={2} /></svg>;
    case "unassigned":
      return <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true"><circle cx="5.5" cy="5.5" r="4" {...ink} /></svg>;
    case "done":
      return <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true"><path d="M1.5 6l2.5 3L9.5 2" {...ink} /></svg>;
    case "done_late":
      return <svg width="22" height="11" viewBox="0 0 22 11" aria-hidden="true"><path d="M1.5 6l2.5 3L9.5 2" {...ink} /><path d="M16.5 1l5 9h-10z" fill="currentColor" /></svg>;
    default:
      return null;
  }
}

export const Padlock = () => (
  <svg width="10" height="11" viewBox="0 0 10 11" aria-hidden="true"><rect x="1" y="5" width="8" height="5.5" rx="1" fill="currentColor" /><path d="M3 5V3.2a2 2 0 0 1 4 0V5" fill="none" stroke="currentColor" strokeWidth="1.4" /></svg>
);
export const Parcel = () => (
  <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true"><path d="M1 3l4.5-2L10 3v5.5L5.5 10.500 1 8.500zM1 3l4.500 2L10 3M5.500 5v5.500" fill="none" stroke="currentColor" strokeWidth="1.1" /></svg>
);
export const Shelf = () => (
  <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true"><path d="M1 1v9.500M10 1v9.500M1 5.500h9M1 10h9M3 5.500V2.500h3v3" fill="none" stroke="currentColor" strokeWidth="1.2" /></svg>
);
export const Loaner = () => (
  <svg width="12" height="11" viewBox="0 0 12 11" aria-hidden="true"><path d="M1 3.500h8L7 1.500M11 7.500H3l2 2" fill="none" stroke="currentColor" strokeWidth="1.400" /></svg>
);
