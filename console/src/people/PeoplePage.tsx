// Engineers on the left; on the right one of them, or what runs out and who is called.
import { useMemo, useState } from "react";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Link } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { wallOf } from "../shell/wall";
import { useSpoken } from "../text";
import "../shell/pages.css";
import { byEngineer, found, runningOut, SOON_DAYS, type Certificate, type Duty, type Engineer, type Held, type RunsOut, type Tool } from "./model";
import { Person } from "./Person";
import { everyRow } from "./rows";

async function readAll() {
  const [engineers, skills, certificates, tools, duties] = await Promise.all([
    everyRow<Engineer>("/v1/engineers"), everyRow<Held>("/v1/engineer-skills"), everyRow<Certificate>("/v1/certificates"), everyRow<Tool>("/v1/tools"), everyRow<Duty>("/v1/duties"),
  ]);
  return { engineers, skills, certificates, tools, duties };
}

export default function PeoplePage({ engineer }: { engineer: string }) {
  const { say } = useSpoken();
  const { region } = useHere();
  const [text, setText] = useState("");
  const all = useRead(readAll, (action) => action === "crew" || action === "region" || action.startsWith("engineer"));
  const skills = useMemo(() => byEngineer(all.value?.skills ?? []), [all.value]);
  const listed = useMemo(() => found(all.value?.engineers ?? [], skills, text), [all.value, skills, text]);
  const out = useMemo(() => runningOut(all.value?.certificates ?? [], all.value?.tools ?? [], wallOf(Date.now() / 1000, region.zone).slice(0, 10)), [all.value, region.zone]);
  const late = useMemo(() => new Set(out.map((one) => one.engineer)), [out]);
  const chosen = all.value?.engineers.find((one) => one.engineer_id === engineer);
  return (
    <div className="page people-page">
      <section className="card list" aria-label={say("people.engineers")}>
        <h1>{say("people.title")}</h1>
        <label><span className="only-read">{say("people.search")}</span><input type="search" value={text} placeholder={say("people.search")} onChange={(event) => setText(event.target.value)} /></label>
        <p className="quiet" role="status">{all.value && (listed.length ? say("people.count", { n: listed.length }) : say("people.none"))}</p>
        <Waiting of={all} />
        <ul>
          {listed.map((one) => (
            <li key={one.engineer_id}>
              <Link to={{ name: "people", engineer: one.engineer_id }} aria-current={one.engineer_id === engineer ? "page" : undefined}>
                <strong>{one.engineer_id}</strong>
                <span>{late.has(one.engineer_id) && <span title={say("people.running_out", { n: SOON_DAYS })}><span aria-hidden="true">! </span><span className="only-read">{say("people.running_out", { n: SOON_DAYS })} </span></span>}{one.depot}</span>
                <small>{(skills.get(one.engineer_id) ?? []).map((held) => say("people.skill", { skill: held.skill, level: held.level })).join(", ")}</small>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <div>
        {all.value && (chosen
          ? <Person key={engineer} engineer={chosen} skills={skills.get(engineer) ?? []} certificates={all.value.certificates.filter((one) => one.engineer_id === engineer)} tools={all.value.tools.filter((one) => one.holder === engineer)} out={out.filter((one) => one.engineer === engineer)} />
          : <Overview unknown={engineer} out={out} duties={all.value.duties} />)}
      </div>
    </div>
  );
}

function Overview({ unknown, out, duties }: { unknown: string; out: RunsOut[]; duties: Duty[] }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const now = Date.now();
  const still = duties.filter((one) => Date.parse(one.ends_at) > now).sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at) || (a.rank ?? 1) - (b.rank ?? 1));
  return (
    <div className="columns">
      <p className="quiet" role={unknown ? "alert" : undefined}>{say(unknown ? "people.none" : "people.choose")}</p>
      <section className="card">
        <h2>{say("people.running_out", { n: SOON_DAYS })}</h2>
        {out.length === 0 && <p className="quiet">{say("people.none_running_out", { n: SOON_DAYS })}</p>}
        <ul>{out.map((one) => <li key={one.engineer + one.what} className="line"><Link to={{ name: "people", engineer: one.engineer }}>{one.engineer}</Link><span className={one.over ? "late" : undefined}>{say(one.over ? "people.ran_out" : "people.runs_out", { what: one.what, day: spoken.date(one.on) })}</span></li>)}</ul>
      </section>
      <section className="card">
        <h2>{say("people.roster")}</h2>
        {still.length === 0 ? <p className="quiet">{say("people.roster_none")}</p> : (
          <table>
            <thead><tr><th scope="col">{say("people.role")}</th><th scope="col">{say("people.person")}</th><th scope="col">{say("ticket.from")}</th><th scope="col">{say("ticket.until")}</th></tr></thead>
            <tbody>
              {still.map((one) => (
                <tr key={one.duty_id}>
                  <td>{say(`ladder_role.${one.role.replaceAll("-", "_")}` as "ladder_role.manager")}</td>
                  <td>{one.person} <span className="quiet">{say("people.rank", { n: one.rank ?? 1 })}</span></td>
                  <td>{spoken.moment(Date.parse(one.starts_at) / 1000)}</td>
                  <td>{spoken.moment(Date.parse(one.ends_at) / 1000)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  );
}
