// Accounts: who may sign in, as what, where. Added, changed, closed and opened again; what is kept about people, given out or erased.
import { useCallback, useState } from "react";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { usePaged } from "../list/usePaged";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { go, Link } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { handOver, nameOf, type User } from "./accounts";
import { Personal, Erase } from "./Personal";
import { NOWHERE, reachesOf, ROLES, scopeOf, scopeWords, typedOf, type Role, type ScopeTyped } from "./scope";
import { ScopeFields } from "./ScopeFields";

const NEW = "new";
const PEOPLE = "people";
const LEAST = 12;

export default function UsersPage({ id }: { id: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/users", { params: { query: { limit, ...(after ? { after } : {}) } } });
    return { rows: data!.users, next: data!.next };
  }, []);
  const { page, read, more } = usePaged<User>(ask);
  const columns: Column<User>[] = [
    { key: "name", head: say("users.name"), wide: 1.6, cell: (row) => (row.erased ? say("who.erased") : nameOf(row)) },
    { key: "role", head: say("users.role"), cell: (row) => say(`role.${row.role}`) },
    { key: "scope", head: say("users.scope"), wide: 2, cell: (row) => scopeWords(row.scope, say) },
    { key: "made", head: say("users.made"), wide: 1.2, cell: (row) => spoken.moment(Date.parse(row.made_at) / 1000) },
    { key: "state", head: say("users.state"), wide: 0.8, cell: (row) => <Standing user={row} /> },
  ];
  const to = (user: string) => go({ name: "administer", tab: "users", id: user });
  return (
    <div className="page list-page">
      <header>
        <h1>{say("administer_tab.users")}</h1>
        <button type="button" onClick={() => to(PEOPLE)}>{say("personal.title")}</button>
        <button type="button" className="main" onClick={() => to(NEW)}>{say("users.add")}</button>
      </header>
      <div className={id ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && <Grid label={say("administer_tab.users")} columns={columns} rows={page.rows} keyOf={(row) => row.id} open={id} onOpen={(row) => to(row.id === id ? "" : row.id)} more={page.next !== null} onMore={more} />}
        </div>
        {id === NEW ? <Add onClose={() => to("")} onAdded={(user) => { read.again(); to(user); }} />
          : id === PEOPLE ? <Personal onClose={() => to("")} />
          : id && <One key={id} user={id} onClose={() => to("")} onChanged={read.again} />}
      </div>
    </div>
  );
}

function Standing({ user }: { user: User }) {
  const { say } = useSpoken();
  return <>{user.erased ? say("users.erased") : user.closed_at ? say("users.closed") : say("users.open")}{user.demo && <span className="quiet"> · {say("users.demo")}</span>}</>;
}

function RoleField({ role, onChange }: { role: Role; onChange(role: Role): void }) {
  const { say } = useSpoken();
  return (
    <label>{say("users.role")}
      <select value={role} onChange={(event) => onChange(event.target.value as Role)}>{ROLES.map((one) => <option key={one} value={one}>{say(`role.${one}`)}</option>)}</select>
    </label>
  );
}

function Password({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { say } = useSpoken();
  return <label>{say("users.password")}<input required type="text" autoComplete="off" spellCheck={false} minLength={LEAST} maxLength={200} placeholder={say("users.password_hint")} value={value} onChange={(event) => onChange(event.target.value)} /></label>;
}

function Add({ onClose, onAdded }: { onClose(): void; onAdded(user: string): void }) {
  const { say } = useSpoken();
  const { region } = useHere();
  const command = useCommand();
  const [typed, setTyped] = useState({ name: "", shown: "", role: "dispatcher" as Role, password: "" });
  const [scope, setScope] = useState<ScopeTyped>({ ...NOWHERE, regions: [region.region], region: region.region });
  const program = typed.role === "integration";
  const reach = reachesOf(typed.role);
  const wanted = scopeOf({ ...scope, reach: reach.includes(scope.reach) ? scope.reach : reach[0]! });
  const add = () => command.run(async (key) => {
    const { data } = await client.POST("/v1/users", { params: { header: { "Idempotency-Key": key } }, body: { name: typed.name.trim(), shown: typed.shown.trim(), role: typed.role, scope: wanted!, password: program ? "" : typed.password } });
    onAdded(data!.id);
    return say("users.added");
  });
  return (
    <aside className="card drawer" aria-label={say("users.add")}>
      <header className="dialog-head"><h2>{say("users.add")}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      <form onSubmit={(event) => { event.preventDefault(); if (wanted) void add(); }}>
        <div className="fields">
          <label>{say("users.sign_in_name")}<input required maxLength={64} autoComplete="off" value={typed.name} onChange={(event) => setTyped({ ...typed, name: event.target.value })} /></label>
          <label>{say("users.shown")}<input maxLength={100} autoComplete="off" value={typed.shown} onChange={(event) => setTyped({ ...typed, shown: event.target.value })} /></label>
          <RoleField role={typed.role} onChange={(role) => setTyped({ ...typed, role })} />
          <ScopeFields typed={scope} reaches={reach} onChange={setScope} />
          {program ? <p className="wide quiet">{say("users.program")}</p> : <Password value={typed.password} onChange={(password) => setTyped({ ...typed, password })} />}
        </div>
        <div className="send"><button type="submit" className="main" disabled={command.busy || !wanted}>{say("users.add_now")}</button>{!wanted && <span className="quiet">{say("scope.missing")}</span>}</div>
      </form>
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}

function One({ user, onClose, onChanged }: { user: string; onClose(): void; onChanged(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { me, may } = useHere();
  const ask = useCallback(async () => {
    const { data, response } = await client.GET("/v1/users/{user}", { params: { path: { user } } });
    return { account: data!, version: response.headers.get("ETag") ?? "" };
  }, [user]);
  const read = useRead(ask);
  const command = useCommand();
  const shown = read.value?.account;
  const version = read.value?.version ?? "";
  const changed = () => { read.again(); onChanged(); };
  const path = { user };
  const act = (name: "close" | "sessions") => command.run(async (key) => {
    const params = { path, header: { "Idempotency-Key": key } };
    if (name === "close") await client.POST("/v1/users/{user}/close", { params });
    const ended = name === "sessions" ? (await client.DELETE("/v1/users/{user}/sessions", { params })).data!.ended : 0;
    changed();
    return name === "close" ? say("users.was_closed") : say("users.ended", { n: ended });
  });
  const handed = () => command.run(async () => {
    const { data } = await client.GET("/v1/people/users/{user}", { params: { path } });
    handOver(`account-${user}.json`, data);
    return say("personal.given");
  });
  const erase = (key: string) => client.POST("/v1/people/users/{user}/erase", { params: { path, header: { "Idempotency-Key": key } } }).then((answer) => answer.data!.rows);
  const own = me.user === user;
  return (
    <aside className="card drawer" aria-label={shown ? nameOf(shown) : say("page.loading")}>
      <header className="dialog-head"><h2>{shown && (shown.erased ? say("who.erased") : nameOf(shown))}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      <Waiting of={read} />
      {shown && (
        <>
          <dl className="facts">
            <dt>{say("users.role")}</dt><dd>{say(`role.${shown.role}`)}</dd>
            <dt>{say("users.scope")}</dt><dd>{scopeWords(shown.scope, say)}</dd>
            <dt>{say("users.state")}</dt><dd><Standing user={shown} />{shown.closed_at && <> · {spoken.moment(Date.parse(shown.closed_at) / 1000)}</>}</dd>
          </dl>
          <p><Link to={{ name: "administer", tab: "rights", id: user }}>{say("users.what_may")}</Link></p>
          {shown.closed_at === null && <Change user={shown} version={version} onChanged={changed} />}
          {!shown.erased && <NewPassword user={shown} version={version} onChanged={changed} />}
          <div className="send">
            {shown.closed_at === null && shown.role !== "integration" && <button type="button" disabled={command.busy} onClick={() => void act("sessions")}>{say("users.end_sessions")}</button>}
            {shown.closed_at === null && !own && <button type="button" disabled={command.busy} onClick={() => void act("close")}>{say("users.close")}</button>}
          </div>
          {own && <p className="quiet">{say("users.own")}</p>}
          <h3>{say("personal.title")}</h3>
          <div className="send">
            {may("person_export") && <button type="button" disabled={command.busy} onClick={() => void handed()}>{say("personal.export")}</button>}
            {may("person_erase") && !own && !shown.erased && <Erase of="user" what={nameOf(shown)} erase={erase} onErased={changed} />}
          </div>
          <p role="status">{command.said}</p>
          <p role="alert" className="refused">{command.refused}</p>
        </>
      )}
    </aside>
  );
}

/** What a change is held to, so that nobody overwrites what another has changed meanwhile. */
const held = (version: string): Record<string, string> => (version ? { "If-Match": version } : {});

function Change({ user, version, onChanged }: { user: User; version: string; onChanged(): void }) {
  const { say } = useSpoken();
  const command = useCommand();
  const [role, setRole] = useState<Role>(user.role);
  const [scope, setScope] = useState<ScopeTyped>(() => typedOf(user.scope));
  const reach = reachesOf(role);
  const wanted = scopeOf({ ...scope, reach: reach.includes(scope.reach) ? scope.reach : reach[0]! });
  const change = () => command.run(async (key) => {
    await client.PUT("/v1/users/{user}/role", { params: { path: { user: user.id }, header: { "Idempotency-Key": key, ...held(version) } }, body: { role, scope: wanted! } });
    onChanged();
    return say("users.changed");
  });
  return (
    <details>
      <summary>{say("users.change")}</summary>
      <form onSubmit={(event) => { event.preventDefault(); if (wanted) void change(); }}>
        <div className="fields">
          <RoleField role={role} onChange={setRole} />
          <ScopeFields typed={scope} reaches={reach} onChange={setScope} />
        </div>
        <div className="send"><button type="submit" disabled={command.busy || !wanted}>{say("users.change_now")}</button><span className="quiet">{say(wanted ? "users.ends_sessions" : "scope.missing")}</span></div>
      </form>
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </details>
  );
}

/** Another password for an open account; a closed one is opened with it. */
function NewPassword({ user, version, onChanged }: { user: User; version: string; onChanged(): void }) {
  const { say } = useSpoken();
  const command = useCommand();
  const [password, setPassword] = useState("");
  const closed = user.closed_at !== null;
  const program = user.role === "integration";
  if (program && !closed) return null;
  const give = () => command.run(async (key) => {
    const params = { path: { user: user.id }, header: { "Idempotency-Key": key } };
    if (closed) await client.POST("/v1/users/{user}/open", { params, body: { password } });
    else await client.PUT("/v1/users/{user}/password", { params: { path: params.path, header: { ...params.header, ...held(version) } }, body: { password } });
    setPassword("");
    onChanged();
    return say(closed ? "users.was_opened" : "users.password_given");
  });
  return (
    <details>
      <summary>{say(closed ? "users.open_again" : "users.new_password")}</summary>
      <form onSubmit={(event) => { event.preventDefault(); void give(); }}>
        {!program && <Password value={password} onChange={setPassword} />}
        <div className="send"><button type="submit" disabled={command.busy}>{say(closed ? "users.open_now" : "users.give_password")}</button></div>
      </form>
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </details>
  );
}
