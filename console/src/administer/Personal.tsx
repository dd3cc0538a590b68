// What is kept about an engineer or a customer's contact: given out as a file, or erased after it was said what goes and what stays.
import { useState } from "react";
import { client } from "../api/client";
import { Dialog } from "../board/Dialog";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useSpoken } from "../text";
import { handOver } from "./accounts";

type Of = "user" | "engineer" | "contact";
type Rows = Record<string, number>;

export function Personal({ onClose }: { onClose(): void }) {
  const { say } = useSpoken();
  const { region, may } = useHere();
  const command = useCommand();
  const [of, setOf] = useState<"engineer" | "contact">("engineer");
  const [who, setWho] = useState("");
  const named = of === "engineer" ? who.trim() : who;
  const engineer = { region: region.region, engineer: named };
  const contact = { params: { path: { region: region.region } }, body: { contact: named } };
  const give = () => command.run(async () => {
    const { data } = of === "engineer" ? await client.GET("/v1/people/engineers/{region}/{engineer}", { params: { path: engineer } }) : await client.POST("/v1/people/contacts/{region}/find", contact);
    handOver(of === "engineer" ? `engineer-${named}.json` : "contact.json", data);
    return say("personal.given");
  });
  const erase = async (key: string): Promise<Rows> => {
    const header = { "Idempotency-Key": key };
    const { data } = of === "engineer"
      ? await client.POST("/v1/people/engineers/{region}/{engineer}/erase", { params: { path: engineer, header } })
      : await client.POST("/v1/people/contacts/{region}/erase", { params: { path: { region: region.region }, header }, body: { contact: named } });
    return data!.rows;
  };
  return (
    <aside className="card drawer" aria-label={say("personal.title")}>
      <header className="dialog-head"><h2>{say("personal.title")}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      <p className="quiet">{say("personal.about", { region: region.name })}</p>
      <form onSubmit={(event) => { event.preventDefault(); void give(); }}>
        <div className="fields">
          <label>{say("personal.of")}
            <select value={of} onChange={(event) => { setOf(event.target.value as typeof of); setWho(""); command.clear(); }}>
              {(["engineer", "contact"] as const).map((one) => <option key={one} value={one}>{say(`personal_of.${one}`)}</option>)}
            </select>
          </label>
          <label>{say(`personal_who.${of}`)}<input required maxLength={500} autoComplete="off" value={who} onChange={(event) => setWho(event.target.value)} /></label>
        </div>
        <div className="send">
          {may("person_export") && <button type="submit" disabled={command.busy || !named.trim()}>{say("personal.export")}</button>}
          {may("person_erase") && named.trim() && <Erase of={of} what={named} erase={erase} />}
        </div>
      </form>
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}

/** Erasing takes two steps and says what goes and what stays: it is never taken back. */
export function Erase({ of, what, erase, onErased }: { of: Of; what: string; erase(key: string): Promise<Rows>; onErased?(): void }) {
  const { say } = useSpoken();
  const [asking, setAsking] = useState(false);
  const command = useCommand();
  const [done, setDone] = useState(false);
  const go = () => command.run(async (key) => {
    const rows = await erase(key);
    setDone(true);
    onErased?.();
    return say("personal.erased", { n: Object.values(rows).reduce((sum, one) => sum + one, 0) });
  });
  return (
    <>
      <button type="button" onClick={() => { setAsking(true); setDone(false); command.clear(); }}>{say("personal.erase")}</button>
      {asking && (
        <Dialog title={say("personal.erase_title", { what })} onClose={() => setAsking(false)}>
          <h3>{say("personal.goes")}</h3>
          <p>{say(`personal_goes.${of}`)}</p>
          <h3>{say("personal.stays")}</h3>
          <p>{say(`personal_stays.${of}`)}</p>
          <p><strong>{say("personal.for_ever")}</strong></p>
          {!done && <div className="send"><button type="button" className="main" disabled={command.busy} onClick={() => void go()}>{say("personal.erase_now")}</button><button type="button" onClick={() => setAsking(false)}>{say("page.cancel")}</button></div>}
          <p role="status">{command.said}</p>
          <p role="alert" className="refused">{command.refused}</p>
        </Dialog>
      )}
    </>
  );
}
