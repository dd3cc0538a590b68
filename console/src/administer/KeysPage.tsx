// Keys of programs: made for an account, shown once, taken back; when each was used last.
import { useCallback, useEffect, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { go } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { isoOf, momentOf, wallOf } from "../shell/wall";
import { Who } from "../shell/Who";
import { useSpoken } from "../text";
import { nameOf, openUsers } from "./accounts";
import { NOWHERE, reachesOf, scopeOf, scopeWords, type Reach, type ScopeTyped } from "./scope";
import { ScopeFields } from "./ScopeFields";

type Key = components["schemas"]["KeyOut"];
type User = components["schemas"]["UserOut"];

const NEW = "new";
const USUAL_DAYS = 90;

export default function KeysPage({ id }: { id: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { now } = useHere();
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/keys", { params: { query: { limit, ...(after ? { after } : {}) } } });
    return { rows: data!.keys, next: data!.next };
  }, []);
  const { page, read, more } = usePaged<Key>(ask);
  const moment = (at: string | null) => (at ? spoken.moment(Date.parse(at) / 1000) : say("keys.never"));
  const columns: Column<Key>[] = [
    { key: "name", head: say("keys.name"), wide: 1.4, cell: (row) => row.name || row.id },
    { key: "user", head: say("keys.user"), wide: 1.2, cell: (row) => <Who id={row.user} /> },
    { key: "scope", head: say("users.scope"), wide: 1.6, cell: (row) => scopeWords(row.scope, say) },
    { key: "ends", head: say("keys.ends"), wide: 1.2, cell: (row) => moment(row.ends_at) },
    { key: "seen", head: say("keys.seen"), wide: 1.2, cell: (row) => moment(row.seen_at) },
    { key: "state", head: say("users.state"), wide: 0.8, cell: (row) => say(row.closed_at ? "keys.revoked" : Date.parse(row.ends_at) <= now() ? "keys.over" : "keys.good") },
  ];
  const to = (key: string) => go({ name: "administer", tab: "keys", id: key });
  const open = page?.rows.find((row) => row.id === id);
  // A link may name a key further down than the first page.
  useEffect(() => { if (id && id !== NEW && page?.next && !open) more(); }, [id, page, open, more]);
  return (
    <div className="page list-page">
      <header><h1>{say("administer_tab.keys")}</h1><button type="button" className="main" onClick={() => to(NEW)}>{say("keys.add")}</button></header>
      <div className={id === NEW || open ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && (page.rows.length === 0 ? <p className="empty">{say("keys.empty")}</p>
            : <Grid label={say("administer_tab.keys")} columns={columns} rows={page.rows} keyOf={(row) => row.id} open={id} onOpen={(row) => to(row.id === id ? "" : row.id)} more={page.next !== null} onMore={more} />)}
        </div>
        {id === NEW ? <Add onClose={() => to("")} onAdded={read.again} />
          : open && <One key={open.id} row={open} onClose={() => to("")} onChanged={read.again} />}
      </div>
    </div>
  );
}

function Add({ onClose, onAdded }: { onClose(): void; onAdded(): void }) {
  const { say } = useSpoken();
  const { region, now } = useHere();
  const command = useCommand();
  const users = useRead(openUsers);
  const [typed, setTyped] = useState(() => ({ user: "", name: "", ends: wallOf(now() / 1000 + USUAL_DAYS * 86_400, region.zone).slice(0, 10), narrower: false }));
  const [scope, setScope] = useState<ScopeTyped>({ ...NOWHERE, regions: [region.region], region: region.region });
  const [secret, setSecret] = useState("");
  const user: User | undefined = users.value?.find((one) => one.id === typed.user);
  const reaches: readonly Reach[] = user ? reachesOf(user.role) : ["regions"];
  const wanted = typed.narrower ? scopeOf({ ...scope, reach: reaches.includes(scope.reach) ? scope.reach : reaches[0]! }) : null;
  const ready = user !== undefined && typed.name.trim() !== "" && typed.ends !== "" && (!typed.narrower || wanted !== null);
  const add = () => command.run(async (key) => {
    const ends_at = isoOf(momentOf(`${typed.ends}T23:59`, region.zone));
    const { data } = await client.POST("/v1/keys", { params: { header: { "Idempotency-Key": key } }, body: { user: typed.user, name: typed.name.trim(), ends_at, scope: wanted } });
    setSecret(data!.secret);
    onAdded();
    return say(data!.secret ? "keys.added" : "keys.said_before");
  });
  return (
    <aside className="card drawer" aria-label={say("keys.add")}>
      <header className="dialog-head"><h2>{say("keys.add")}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      {secret ? <Secret secret={secret} /> : (
        <form onSubmit={(event) => { event.preventDefault(); if (ready) void add(); }}>
          <div className="fields">
            <label>{say("keys.user")}
              <select required value={typed.user} onChange={(event) => setTyped({ ...typed, user: event.target.value })}>
                <option value="" />
                {users.value?.map((one) => <option key={one.id} value={one.id}>{nameOf(one)} · {say(`role.${one.role}`)}</option>)}
              </select>
            </label>
            <label>{say("keys.name")}<input required maxLength={100} value={typed.name} onChange={(event) => setTyped({ ...typed, name: event.target.value })} /></label>
            <label>{say("keys.ends")}<input required type="date" value={typed.ends} onChange={(event) => setTyped({ ...typed, ends: event.target.value })} /></label>
            <label className="tick wide"><input type="checkbox" checked={typed.narrower} onChange={(event) => setTyped({ ...typed, narrower: event.target.checked })} />{say("keys.narrower")}</label>
            {typed.narrower && user && <ScopeFields typed={scope} reaches={reaches} onChange={setScope} />}
          </div>
          {user && !typed.narrower && <p className="quiet">{say("keys.whole", { scope: scopeWords(user.scope, say) })}</p>}
          <div className="send"><button type="submit" className="main" disabled={command.busy || !ready}>{say("keys.add_now")}</button></div>
        </form>
      )}
      <Waiting of={users} />
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}

/** The only time the secret is seen. */
function Secret({ secret }: { secret: string }) {
  const { say } = useSpoken();
  const [copied, setCopied] = useState("");
  const copy = async (field: HTMLInputElement | null) => {
    field?.select();
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(say("keys.copied"));
    } catch {
      setCopied(say("keys.copy_by_hand")); // a browser copies only on https and on this machine
    }
  };
  return (
    <div className="writing">
      <label>{say("keys.secret")}<input readOnly value={secret} onFocus={(event) => event.target.select()} /></label>
      <div className="send"><button type="button" onClick={(event) => void copy(event.currentTarget.closest(".writing")?.querySelector("input") ?? null)}>{say("keys.copy")}</button><span role="status">{copied}</span></div>
      <p className="quiet">{say("keys.once")}</p>
    </div>
  );
}

function One({ row, onClose, onChanged }: { row: Key; onClose(): void; onChanged(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const command = useCommand();
  const revoke = () => command.run(async (key) => {
    await client.DELETE("/v1/keys/{key}", { params: { path: { key: row.id }, header: { "Idempotency-Key": key } } });
    onChanged();
    return say("keys.was_revoked");
  });
  const moment = (at: string | null) => (at ? spoken.moment(Date.parse(at) / 1000) : say("keys.never"));
  return (
    <aside className="card drawer" aria-label={row.name || row.id}>
      <header className="dialog-head"><h2>{row.name || row.id}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      <dl className="facts">
        <dt>{say("keys.begins")}</dt><dd><code>{row.id}</code></dd>
        <dt>{say("keys.user")}</dt><dd><Who id={row.user} /></dd>
        <dt>{say("users.role")}</dt><dd>{say(`role.${row.role}`)}</dd>
        <dt>{say("users.scope")}</dt><dd>{scopeWords(row.scope, say)}</dd>
        <dt>{say("users.made")}</dt><dd>{moment(row.made_at)}</dd>
        <dt>{say("keys.seen")}</dt><dd>{moment(row.seen_at)}</dd>
        <dt>{say("keys.ends")}</dt><dd>{moment(row.ends_at)}</dd>
        {row.closed_at && <><dt>{say("keys.revoked")}</dt><dd>{moment(row.closed_at)}</dd></>}
      </dl>
      {!row.closed_at && <div className="send"><button type="button" disabled={command.busy} onClick={() => void revoke()}>{say("keys.revoke")}</button><span className="quiet">{say("keys.revoke_hint")}</span></div>}
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}
