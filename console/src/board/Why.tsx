// Why a visit is where it is, why not elsewhere, and what would help.
import { useEffect, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { useSpoken } from "../text";
import { wordsOf } from "./doing";

export function Why({ visit, version }: { visit: string; version: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const [found, setFound] = useState<components["schemas"]["ExplanationOut"]>();
  const [refused, setRefused] = useState("");
  useEffect(() => {
    let gone = false;
    setFound(undefined);
    setRefused("");
    client.GET("/v1/visits/{visit}/explanation", { params: { path: { visit } } }).then(
      ({ data }) => { if (!gone) setFound(data!); },
      (error: unknown) => { if (!gone) setRefused(wordsOf(error)); },
    );
    return () => { gone = true; };
  }, [visit, version]);
  return (
    <section aria-label={say("why.title")}>
      <h3>{say("why.title")}</h3>
      {refused && <p className="refused" role="alert">{refused}</p>}
      {!found && !refused && <p className="quiet">{say("candidates.asking")}</p>}
      {found && found.starts_at && <p>{say("why.planned", { shift: found.shift, at: spoken.moment(Date.parse(found.starts_at) / 1000) })}</p>}
      {found?.reason && <p>{found.reason.text} <span className="quiet">{say(found.known === "proved" ? "visit.proved" : "visit.not_found")}</span></p>}
      {found && found.remedies.length > 0 && <><h3>{say("why.help")}</h3><ul className="ways">{found.remedies.slice(0, 5).map((one) => <li key={one.remedy.text}>{one.remedy.text}</li>)}</ul></>}
      {found && found.answers.length > 0 && (
        <details>
          <summary>{say("why.answers")} ({found.answers.length})</summary>
          <ul className="ways">{found.answers.slice(0, 60).map((one) => <li key={one.shift}><strong>{one.engineer}</strong> {one.answer.text}</li>)}</ul>
        </details>
      )}
      {found?.partners.map((one) => <p key={one.text}>{one.text}</p>)}
    </section>
  );
}
