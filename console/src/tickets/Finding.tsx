// Which equipment: a scan chooses by itself, everything else shows what is like it.
import { useCallback, useEffect, useId, useState } from "react";
import { client } from "../api/client";
import { useRead, useSettled } from "../shell/read";
import { useSpoken } from "../text";
import { isScan, type Found } from "./taking";

export function Finding({ found, onFound }: { found: Found | null; onFound(found: Found | null): void }) {
  const { say } = useSpoken();
  const [text, setText] = useState("");
  const field = useId();
  const wanted = useSettled(text.trim(), 200);
  const ask = useCallback(async () => {
    const { data } = await client.GET("/v1/intake/equipment", { params: { query: { text: wanted } } });
    return data!.found;
  }, [wanted]);
  const list = useRead(wanted && !found ? ask : null);
  const only = isScan(wanted) && list.value?.length === 1 ? list.value[0]! : null;
  useEffect(() => { if (only) onFound(only); }, [only]); // eslint-disable-line
  if (found) {
    return (
      <section className="card" aria-label={say("new.chosen")}>
        <div className="line">
          <strong>{found.asset || say("new.no_asset")} {found.model}</strong>
          <span>{found.serial}</span>
          <button type="button" onClick={() => { setText(""); onFound(null); }}>{say("new.other")}</button>
        </div>
        <p>{found.customer_name} <small>{found.customer}</small></p>
        <p>{found.site_name} <small>{found.site}</small></p>
      </section>
    );
  }
  return (
    <section className="card">
      <label htmlFor={field}>{say("new.find")}</label>
      <input id={field} className="wide" style={{ width: "100%" }} value={text} placeholder={say("new.find_hint")} autoFocus autoComplete="off" maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault(); // a scanner ends with Enter: it must not send the report
          if (list.value?.length === 1) onFound(list.value[0]!);
        }} />
      {list.failed && <p className="refused" role="alert">{list.failed}</p>}
      <p className="only-read" role="status">{list.value && (list.value.length ? `${say("new.found")}: ${list.value.length}` : say("new.found_none", { text: wanted }))}</p>
      {list.value && list.value.length === 0 && <p className="quiet">{say("new.found_none", { text: wanted })}</p>}
      {list.value && list.value.length > 0 && (
        <ul className="found" aria-label={say("new.found")}>
          {list.value.map((one) => (
            <li key={`${one.site}/${one.asset}`}>
              <button type="button" onClick={() => onFound(one)}>
                <strong>{one.asset ? `${one.asset} ${one.model}` : say("new.no_asset")}</strong>
                <span className="chip">{say(`new.by.${one.by}` as "new.by.site")}</span>
                <small>{[one.serial, one.site_name, one.customer_name].filter(Boolean).join(" · ")}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
