// Who may do what: the server's table by role; for one account with the reason.
import { useCallback } from "react";
import { client } from "../api/client";
import { useRead } from "../shell/read";
import { go } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { nameOf, openUsers } from "./accounts";

async function table() {
  return (await client.GET("/v1/rights")).data!;
}

export default function RightsPage({ id }: { id: string }) {
  const { say } = useSpoken();
  const users = useRead(openUsers);
  return (
    <div className="page">
      <header><h1>{say("administer_tab.rights")}</h1>
        <label>{say("rights.of")}
          <select value={id} onChange={(event) => go({ name: "administer", tab: "rights", id: event.target.value })}>
            <option value="">{say("rights.all_roles")}</option>
            {users.value?.map((one) => <option key={one.id} value={one.id}>{nameOf(one)} · {say(`role.${one.role}`)}</option>)}
            {id && users.value && !users.value.some((one) => one.id === id) && <option value={id}>{say("rights.this_account")}</option>}
          </select>
        </label>
      </header>
      {id ? <OfUser key={id} user={id} /> : <Table />}
    </div>
  );
}

function Table() {
  const { say, lang } = useSpoken();
  const ask = useCallback(() => table(), [lang]); // asked again in the other language
  const read = useRead(ask);
  const shown = read.value;
  return (
    <section className="card">
      <p className="quiet">{say("rights.about")}</p>
      <Waiting of={read} />
      {shown && (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={say("administer_tab.rights")}>
          <table className="plain rights">
            <thead><tr><th scope="col">{say("rights.action")}</th>{shown.roles.map((role) => <th key={role} scope="col">{say(`role.${role}`)}</th>)}<th scope="col">{say("rights.narrow")}</th></tr></thead>
            <tbody>{shown.rights.map((one) => (
              <tr key={one.action}>
                <th scope="row">{one.words}</th>
                {shown.roles.map((role) => <td key={role}>{one.roles.includes(role) ? <span role="img" aria-label={say("rights.yes")}>✓</span> : ""}</td>)}
                <td>{one.everywhere ? say("rights.everywhere") : one.narrow.map((scope) => say(`rights_narrow.${scope}` as "rights_narrow.depot")).join(", ")}</td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function OfUser({ user }: { user: string }) {
  const { say, lang } = useSpoken();
  const ask = useCallback(async () => (await client.GET("/v1/users/{user}/rights", { params: { path: { user } } })).data!, [user, lang]);
  const read = useRead(ask);
  const rights = read.value?.rights;
  return (
    <section className="card">
      <Waiting of={read} />
      {rights && (
        <>
          <p role="status">{say("rights.count", { n: rights.filter((one) => one.may).length, all: rights.length })}</p>
          <table className="plain">
            <thead><tr><th scope="col">{say("rights.action")}</th><th scope="col">{say("rights.may")}</th><th scope="col">{say("rights.why")}</th></tr></thead>
            <tbody>{[...rights].sort((one, other) => Number(other.may) - Number(one.may)).map((one) => (
              <tr key={one.action}><th scope="row">{one.words}</th><td className={one.may ? "good" : undefined}>{say(one.may ? "rights.yes" : "rights.no")}</td><td>{say(`rights_why.${one.may ? "may" : one.why.replace(".", "_")}` as "rights_why.may")}</td></tr>
            ))}</tbody>
          </table>
        </>
      )}
    </section>
  );
}
