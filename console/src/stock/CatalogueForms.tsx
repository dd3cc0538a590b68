// Parts and who sells them, typed: each form reads what it changes, so that nobody overwrites what he has not seen.
import { useCallback, useState } from "react";
import { useHere } from "../shell/here";
import { go } from "../shell/route";
import { useSpoken } from "../text";
import { Writing } from "../people/Editable";
import { rowSeen, writeRow, type Seen } from "../people/writing";
import { KINDS, partOf, partTyped, soldRows, soldTyped, supplierOf, supplierTyped, TRACKINGS, type Part, type PartTyped, type Sold, type SoldTyped, type Supplier } from "./catalogue";

interface Props { onClose(): void; onWritten(): void }

const ID = "[A-Za-z0-9][A-Za-z0-9._+\\-]*";

/** A part as it is from now on; `part` empty: a new one. */
export function PartForm({ part, onClose, onWritten }: Props & { part: string }) {
  const { say } = useSpoken();
  const { region } = useHere();
  const [typed, setTyped] = useState<PartTyped>(partTyped);
  const read = useCallback(async (): Promise<Seen<Part>> => {
    const found = await rowSeen<Part>("/v1/parts/{part}", { part });
    setTyped(partTyped(found.row));
    return found;
  }, [part]);
  return (
    <Writing<Part>
      read={part ? read : null} label={say(part ? "stock.change_part" : "stock.add_part")} onClose={onClose}
      onWritten={() => { onWritten(); if (!part) go({ name: "stock", tab: "positions", id: typed.id.trim() }); }}
      send={(version, key) => writeRow("/v1/parts/{part}", { part: part || typed.id.trim() }, partOf(typed), version, key)}
      fields={(_, changed) => {
        const put = (name: keyof PartTyped) => (event: { target: { value: string } }) => { changed(); setTyped({ ...typed, [name]: event.target.value }); };
        return (
          <div className="fields">
            {!part && <label>{say("stock.number")}<input required maxLength={64} pattern={ID} value={typed.id} onChange={put("id")} /></label>}
            <label>{say("stock.name")}<input required maxLength={200} value={typed.name} onChange={put("name")} /></label>
            <label>{say("stock.price_of_one", { currency: region.currency })}<input required inputMode="decimal" maxLength={20} pattern="[0-9]+(\.[0-9]{1,2})?" value={typed.price} onChange={put("price")} /></label>
            <label>{say("stock.kind")}<select value={typed.kind} onChange={put("kind")}>{KINDS.map((one) => <option key={one} value={one}>{say(`part_kind.${one}`)}</option>)}</select></label>
            <label>{say("stock.criticality")}<select value={typed.criticality} onChange={put("criticality")}>{(["1", "2", "3"] as const).map((one) => <option key={one} value={one}>{say(`criticality.${one}`)}</option>)}</select></label>
            <label>{say("stock.tracking")}<select value={typed.tracking} onChange={put("tracking")}>{TRACKINGS.map((one) => <option key={one} value={one}>{say(`tracking.${one}`)}</option>)}</select></label>
            <label>{say("stock.served_until")}<input type="date" value={typed.servedUntil} onChange={put("servedUntil")} /></label>
          </div>
        );
      }}
    />
  );
}

/** Everybody who sells a part, all at once: who is left out sells it no more. */
export function SoldForm({ part, onClose, onWritten }: Props & { part: string }) {
  const { say } = useSpoken();
  const { region } = useHere();
  const [typed, setTyped] = useState<readonly SoldTyped[]>([]);
  const read = useCallback(async (): Promise<Seen<{ rows: Sold[] }>> => {
    const found = await rowSeen<{ rows: Sold[] }>("/v1/parts/{part}/terms", { part });
    setTyped(found.row.rows.map(soldTyped));
    return found;
  }, [part]);
  return (
    <Writing
      read={read} label={say("stock.sold_by")} onClose={onClose} onWritten={onWritten}
      send={(version, key) => writeRow("/v1/parts/{part}/terms", { part }, { rows: soldRows(typed) }, version, key)}
      fields={(_, changed) => (
        <>
          {typed.map((one, at) => {
            const put = (name: keyof SoldTyped) => (event: { target: { value: string } }) => { changed(); setTyped(typed.map((other, index) => (index === at ? { ...other, [name]: event.target.value } : other))); };
            return (
              <div key={at} className="held" role="group" aria-label={one.supplier || say("people.new_line")}>
                <label>{say("orders.supplier")}<input required maxLength={64} value={one.supplier} onChange={put("supplier")} /></label>
                <label>{say("stock.price_of_one", { currency: region.currency })}<input required inputMode="decimal" pattern="[0-9]+(\.[0-9]{1,2})?" value={one.price} onChange={put("price")} /></label>
                <label>{say("stock.lead_of_part")}<input type="number" min={0} max={3650} step="any" value={one.lead} onChange={put("lead")} /></label>
                <label>{say("stock.smallest_order")}<input type="number" min={1} value={one.minimum} onChange={put("minimum")} /></label>
                <label>{say("stock.in_lots_of")}<input type="number" min={1} value={one.multiple} onChange={put("multiple")} /></label>
                <label>{say("stock.last_order")}<input type="date" value={one.lastOrder} onChange={put("lastOrder")} /></label>
                <button type="button" aria-label={`${say("people.leave_out")}: ${one.supplier}`} onClick={() => setTyped(typed.filter((_one, index) => index !== at))}>{say("people.leave_out")}</button>
              </div>
            );
          })}
          <p><button type="button" onClick={() => setTyped([...typed, soldTyped()])}>{say("people.one_more")}</button></p>
        </>
      )}
    />
  );
}

/** A supplier as it is from now on; `supplier` empty: a new one. */
export function SupplierForm({ supplier, onClose, onWritten }: Props & { supplier: string }) {
  const { say } = useSpoken();
  const [typed, setTyped] = useState(supplierTyped);
  const read = useCallback(async (): Promise<Seen<Supplier>> => {
    const found = await rowSeen<Supplier>("/v1/suppliers/{supplier}", { supplier });
    setTyped(supplierTyped(found.row));
    return found;
  }, [supplier]);
  return (
    <Writing<Supplier>
      read={supplier ? read : null} label={say(supplier ? "suppliers.change" : "suppliers.add")} onClose={onClose} onWritten={onWritten}
      send={(version, key) => writeRow("/v1/suppliers/{supplier}", { supplier: supplier || typed.id.trim() }, supplierOf(typed), version, key)}
      fields={(_, changed) => {
        const put = (name: keyof typeof typed) => (event: { target: { value: string } }) => { changed(); setTyped({ ...typed, [name]: event.target.value }); };
        return (
          <div className="fields">
            {!supplier && <label>{say("stock.number")}<input required maxLength={64} pattern={ID} value={typed.id} onChange={put("id")} /></label>}
            <label>{say("stock.name")}<input required maxLength={200} value={typed.name} onChange={put("name")} /></label>
            <label>{say("suppliers.lead_promised")}<input required type="number" min={0} max={3650} step="any" value={typed.lead} onChange={put("lead")} /></label>
            <label>{say("suppliers.spread")}<input type="number" min={0} max={3650} step="any" value={typed.spread} onChange={put("spread")} /></label>
          </div>
        );
      }}
    />
  );
}
