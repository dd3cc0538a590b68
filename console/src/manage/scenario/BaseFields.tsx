// What is started from: the region as it stands, or a base that ships; how many days, how many replications.
import { useSpoken } from "../../text";
import type { LibraryRow } from "./Cards";

export interface BaseAsked { library: string; days: string; warm_up_days: string; tickets_a_week: string; wage: string }
export const USUAL: BaseAsked = { library: "", days: "", warm_up_days: "", tickets_a_week: "", wage: "" };

/** The base as the server takes it; what is empty is as usual there. */
export function baseOf(asked: BaseAsked) {
  const number = (text: string) => (text.trim() === "" ? null : Number(text));
  return { library: asked.library, days: number(asked.days), warm_up_days: number(asked.warm_up_days), tickets_a_week: number(asked.tickets_a_week), wage_cents: asked.wage.trim() === "" ? null : Math.round(Number(asked.wage) * 100) };
}

export function baseAsked(base: Record<string, unknown>): BaseAsked {
  const said = (name: string) => (base[name] === null || base[name] === undefined ? "" : String(base[name]));
  return { library: said("library"), days: said("days"), warm_up_days: said("warm_up_days"), tickets_a_week: said("tickets_a_week"), wage: base["wage_cents"] ? String(Number(base["wage_cents"]) / 100) : "" };
}

export function BaseFields({ base, library, region, onChange }: { base: BaseAsked; library: readonly LibraryRow[]; region: string; onChange(base: BaseAsked): void }) {
  const { say } = useSpoken();
  const shipped = base.library !== "";
  const about = library.find((one) => one.id === base.library)?.about;
  const text = (name: keyof BaseAsked, label: string, empty: string, least: number, most: number, step: string) => (
    <label>{label}<input type="number" min={least} max={most} step={step} value={base[name]} placeholder={empty} onChange={(event) => onChange({ ...base, [name]: event.target.value })} /></label>
  );
  return (
    <>
      <label className="wide">{say("study.base")}
        <select value={base.library} onChange={(event) => onChange({ ...USUAL, library: event.target.value })}>
          <option value="">{say("study.as_it_stands", { region })}</option>
          {library.filter((one) => one.base).map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        </select>
      </label>
      {about && <p className="quiet wide">{about}</p>}
      {text("days", say("study.days"), shipped ? "" : "28", 1, 366, "1")}
      {text("warm_up_days", say("study.warm_up"), shipped ? "" : "7", 0, 366, "1")}
      {text("tickets_a_week", say("study.tickets"), say("study.as_history"), 0, 20000, "any")}
      {text("wage", say("study.wage"), "", 0, 100000, "any")}
    </>
  );
}
