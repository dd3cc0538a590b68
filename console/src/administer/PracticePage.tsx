// How the desk works: usual times, checklists, what may be attached, who may decide what.
import { useCallback, useState } from "react";
import { client } from "../api/client";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { practiceFile, writePractice } from "./files";
import { Clauses } from "./SchemeOne";
import { isScheme } from "./SchemesPage";
import { TermsForm } from "./TermsForm";

export default function PracticePage() {
  const { say } = useSpoken();
  const { may, region } = useHere();
  const ask = useCallback(async () => (await client.GET("/v1/practice")).data!, []);
  const read = useRead(ask, isScheme);
  const [file, setFile] = useState<{ text: string; version: string } | null>(null);
  const [said, setSaid] = useState("");
  const [failed, setFailed] = useState("");
  const begin = () => {
    setSaid("");
    setFailed("");
    practiceFile().then(setFile, (error: unknown) => setFailed(error instanceof Error ? error.message : String(error)));
  };
  return (
    <div className="page">
      <header><h1>{say("administer_tab.practice")}</h1>{may("scheme_write") && !file && <button type="button" className="main" onClick={begin}>{say("practice.change")}</button>}</header>
      <p className="quiet">{say("practice.intro")}</p>
      <p role="status" className="kept">{said}</p>
      <p role="alert" className="refused">{failed}</p>
      {file ? (
        <TermsForm of="practice" text={file.text} action={say("practice.keep")} onClose={() => setFile(null)}
          send={async (text, key) => {
            const kept = await writePractice(text, file.version, key);
            setSaid(say(kept.new ? "practice.kept" : "practice.same"));
            setFile(null);
            read.again();
          }} />
      ) : (
        <>
          <Waiting of={read} />
          {read.value && <div className="clauses"><Clauses figures={read.value.figures} currency={region.currency} /></div>}
        </>
      )}
    </div>
  );
}
