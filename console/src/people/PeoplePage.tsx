// Engineers on the left; on the right one of them, or what runs out and who is called.
import { useMemo, useState } from "react";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Link } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { wallOf } from "../shell/wall";
import { useSpoken } from "../text";
import "../shell/pages.css";
import { Editable } from "./Editable";
import { EngineerForm } from "./EngineerForm";
import { aboutPeople, byEngineer, found, runningOut, SOON_DAYS, words, type Certificate, type Engineer, type Held, type RunsOut, type Tool } from "./model";
import { Person } from "./Person";
import { Roster } from "./Roster";
import { everyRow } from "./rows";

const FIRST_OUT = 8;

async function readAll() {
  const [engineers, skills, certificates, tools] = await Promise.all([
    everyRow<Engineer>("/v1/engineers"), everyRow<Held>("/v1/engineer-skills"), everyRow<Certificate>("/v1/certificates"), everyRow<Tool>("/v1/tools"),
  ]);
  return { engineers, skills, certificates, tools };
}

export default function PeoplePage({ engineer }: { engineer: string }) {
  const { say } = useSpoken();
  const { region, may, now } = useHere();
  const [text, setText] = useState("");
  const all = useRead(readAll, aboutPeople);
  const skills = useMemo(() => byEngineer(all.value?.skills ?? []), [all.value]);
  const listed = useMemo(() => found(all.value?.engineers ?? [], skills, text), [all.value, skills, text]);
  const out = useMemo(() => runningOut(all.value?.certificates ?? [], all.value?.tools ?? [], wallOf(now() / 1000, region.zone).slice(0, 10)), [all.value, region.zone, now]);
  const late = useMemo(() => new Set(out.map((one) => one.engineer)), [out]);
  const known = useMemo(() => ({
    skills: words(all.value?.skills.map((one) => one.skill) ?? []),
    certificates: words(all.value?.certificates.map((one) => one.certificate) ?? []),
    tools: words(all.value?.tools.map((one) => one.tool) ?? []),
    depots: words(all.value?.engineers.map((one) => one.depot) ?? []),
  }), [all.value]);
  const chosen = all.value?.engineers.find((one) => one.engineer_id === engineer);
  return (
    <div className="page people-page">
      <section className="card list" aria-label={say("people.engineers")}>
        <h1>{say("people.title")}</h1>
        <Editable level={2} title={say("people.engineers")} action={say("people.add")} shown={may("crew_write")} form={(close) => <EngineerForm engineer="" depots={known.depots} onClose={close} onWritten={all.again} />} />
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
          ? <Person key={engineer} engineer={chosen} skills={skills.get(engineer) ?? []} certificates={all.value.certificates.filter((one) => one.engineer_id === engineer)} tools={all.value.tools.filter((one) => one.holder === engineer)} out={out.filter((one) => one.engineer === engineer)} known={known} onWritten={all.again} />
          : <Overview unknown={engineer} out={out} />)}
      </div>
    </div>
  );
}

function Overview({ unknown, out }: { unknown: string; out: RunsOut[] }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [all, setAll] = useState(false);
  return (
    <div className="columns">
      <p className="quiet" role={unknown ? "alert" : undefined}>{say(unknown ? "people.none" : "people.choose")}</p>
      <section className="card">
        <h2>{say("people.running_out", { n: SOON_DAYS })}</h2>
        {out.length === 0 && <p className="quiet">{say("people.none_running_out", { n: SOON_DAYS })}</p>}
        <ul>{(all ? out : out.slice(0, FIRST_OUT)).map((one) => <li key={one.engineer + one.what} className="line"><Link to={{ name: "people", engineer: one.engineer }}>{one.engineer}</Link><span className={one.over ? "late" : undefined}>{say(one.over ? "people.ran_out" : "people.runs_out", { what: one.what, day: spoken.date(one.on) })}</span></li>)}</ul>
        {!all && out.length > FIRST_OUT && <p className="send"><button type="button" onClick={() => setAll(true)}>{say("people.roster_more", { n: out.length - FIRST_OUT })}</button></p>}
      </section>
      <Roster />
    </div>
  );
}
