// Sheets of our own labels, to print: of places, parts, lots, units or loaners, at one place or everywhere.
import { useState } from "react";
import { hrefOf } from "../api/client";
import { useSpoken } from "../text";

const KINDS = ["places", "parts", "lots", "units", "loaners"] as const;

export function PrintLabels({ place }: { place: string }) {
  const { say, lang } = useSpoken();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("places");
  return (
    <>
      <label className="no-print">{say("print.labels_of")} <select value={kind} onChange={(event) => setKind(event.target.value as (typeof KINDS)[number])}>{KINDS.map((one) => <option key={one} value={one}>{say(`print.kind.${one}`)}</option>)}</select></label>
      <a className="button no-print" href={hrefOf(`/v1/labels?${new URLSearchParams({ kind, lang, ...(place ? { place } : {}) })}`)} target="_blank" rel="noreferrer">{say("print.labels")}</a>
    </>
  );
}
