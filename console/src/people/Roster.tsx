// Who is called for which role of the escalation ladder: put on the roster, handed over to somebody else or to nobody.
import { useCallback, useRef, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { isoOf, momentOf, wallOf } from "../shell/wall";
import { useSpoken } from "../text";
import { daysLater } from "./edit";
import { Editable, Writing } from "./Editable";
import { newId } from "./writing";

type Watch = components["schemas"]["WatchOut"];
type Role = Watch["role"];
const ROLES: readonly Role[] = ["dispatcher", "manager", "on-site-team", "specialist-centre", "development", "manufacturer"];
const SHOWN = 40;

async function readRoster(): Promise<Watch[]> {
  const { data } = await client.GET("/v1/roster");
  return (data as unknown as { watches: Watch[] }).watches; // the same address gives CSV where that is asked for
}

export function Roster() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const found = useRead(readRoster, (action) => action.includes("duties") || action.includes("duty"));
  const [handing, setHanding] = useState("");
  const [all, setAll] = useState(false);
  const roleOf = (role: Role) => say(`ladder_role.${role.replaceAll("-", "_")}` as "ladder_role.manager");
  const watches = found.value ?? [];
  const at = (moment: string) => spoken.moment(Date.parse(moment) / 1000);
  return (
    <section className="card" aria-label={say("people.roster")}>
      <Editable level={2} title={say("people.roster")} action={say("people.add")} shown={may("crew_write")} form={(close) => <DutyForm onClose={close} onWritten={found.again} roleOf={roleOf} />} />
      <Waiting of={found} />
      {found.value && watches.length === 0 && <p className="quiet">{say("people.roster_none")}</p>}
      {watches.length > 0 && (
        <div className="scroll-x">
          <table>
            <thead><tr><th scope="col">{say("people.role")}</th><th scope="col">{say("people.person")}</th><th scope="col">{say("ticket.from")}</th><th scope="col">{say("ticket.until")}</th>{may("crew_write") && <th scope="col"><span className="only-read">{say("people.hand_over")}</span></th>}</tr></thead>
            <tbody>
              {(all ? watches : watches.slice(0, SHOWN)).map((one) => {
                const name = `${one.duty}|${one.starts_at}|${one.person}`;
                return [
                  <tr key={name}>
                    <td>{roleOf(one.role)}</td>
                    <td>{one.person} <span className="quiet">{say("people.rank", { n: one.rank })}</span></td>
                    <td>{at(one.starts_at)}</td>
                    <td>{at(one.ends_at)}</td>
                    {may("crew_write") && <td><button type="button" aria-expanded={handing === name} aria-label={`${say("people.hand_over")}: ${one.person} ${at(one.starts_at)}`} onClick={() => setHanding(handing === name ? "" : name)}>{say("people.hand_over")}</button></td>}
                  </tr>,
                  handing === name && <tr key={`${name}|form`}><td colSpan={5}><HandOverForm watch={one} onClose={() => setHanding("")} onWritten={found.again} /></td></tr>,
                ];
              })}
            </tbody>
          </table>
        </div>
      )}
      {!all && watches.length > SHOWN && <p><button type="button" onClick={() => setAll(true)}>{say("people.roster_more", { n: watches.length - SHOWN })}</button></p>}
    </section>
  );
}

interface Formed { onClose(): void; onWritten(): void }

function DutyForm({ roleOf, onClose, onWritten }: Formed & { roleOf(role: Role): string }) {
  const { say } = useSpoken();
  const { region, now } = useHere();
  const today = wallOf(now() / 1000, region.zone).slice(0, 10);
  const [typed, setTyped] = useState({ role: "dispatcher" as Role, person: "", from: `${today}T18:00`, until: `${daysLater(`${today}T08:00`, 1)}`, rank: "1" });
  const duty = useRef(newId("duty"));
  const [from, until] = [momentOf(typed.from, region.zone), momentOf(typed.until, region.zone)];
  return (
    <Writing
      read={null} label={say("people.add.duty")} onClose={onClose} onWritten={onWritten}
      send={(_, key) => from < until && typed.person.trim() !== "" && client.POST("/v1/duties", {
        params: { header: { "Idempotency-Key": key } },
        body: { duty: duty.current, role: typed.role, person: typed.person.trim(), starts_at: isoOf(from), ends_at: isoOf(until), rank: Number(typed.rank) },
      }).then(() => undefined)}
      fields={() => (
        <div className="fields">
          <label>{say("people.role")}<select value={typed.role} onChange={(event) => setTyped({ ...typed, role: event.target.value as Role })}>{ROLES.map((one) => <option key={one} value={one}>{roleOf(one)}</option>)}</select></label>
          <label>{say("people.person")}<input required maxLength={64} value={typed.person} onChange={(event) => setTyped({ ...typed, person: event.target.value })} /></label>
          <label>{say("ticket.from")}<input type="datetime-local" required value={typed.from} onChange={(event) => setTyped({ ...typed, from: event.target.value })} /></label>
          <label>{say("ticket.until")}<input type="datetime-local" required value={typed.until} onChange={(event) => setTyped({ ...typed, until: event.target.value })} /></label>
          <label>{say("people.field.rank")}<input type="number" required min={1} max={99} value={typed.rank} onChange={(event) => setTyped({ ...typed, rank: event.target.value })} /></label>
        </div>
      )}
    />
  );
}

function HandOverForm({ watch, onClose, onWritten }: Formed & { watch: Watch }) {
  const { say } = useSpoken();
  const { region } = useHere();
  const wall = useCallback((moment: string) => wallOf(Date.parse(moment) / 1000, region.zone), [region.zone]);
  const [typed, setTyped] = useState({ person: "", reason: "", from: wall(watch.starts_at), until: wall(watch.ends_at) });
  const moment = (now: string, was: string) => (now === wall(was) ? was : isoOf(momentOf(now, region.zone))); // what was not touched stays to the second
  const whole = momentOf(typed.from, region.zone) < momentOf(typed.until, region.zone) && typed.reason.trim() !== "";
  return (
    <Writing
      read={null} label={say("people.hand_over")} onClose={onClose} onWritten={onWritten}
      send={(_, key) => whole && client.POST("/v1/duties/{duty}/hand-over", {
        params: { path: { duty: watch.duty }, header: { "Idempotency-Key": key } },
        body: { person: typed.person.trim(), reason: typed.reason.trim(), starts_at: moment(typed.from, watch.starts_at), ends_at: moment(typed.until, watch.ends_at) },
      }).then(() => undefined)}
      fields={() => (
        <div className="fields">
          <label>{say("people.field.taker")}<input maxLength={64} value={typed.person} onChange={(event) => setTyped({ ...typed, person: event.target.value })} /></label>
          <label>{say("people.reason")}<input required maxLength={500} value={typed.reason} onChange={(event) => setTyped({ ...typed, reason: event.target.value })} /></label>
          <label>{say("ticket.from")}<input type="datetime-local" required value={typed.from} onChange={(event) => setTyped({ ...typed, from: event.target.value })} /></label>
          <label>{say("ticket.until")}<input type="datetime-local" required value={typed.until} onChange={(event) => setTyped({ ...typed, until: event.target.value })} /></label>
        </div>
      )}
    />
  );
}
