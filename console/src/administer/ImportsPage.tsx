// Regions brought in from a zip: sent, followed while it is read; what was refused is listed to be mended and sent again.
import { useCallback, useEffect, useId } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { rowsOf } from "../list/csv";
import { Grid, type Column } from "../list/Grid";
import { useCommand } from "../shell/command";
import { useRead } from "../shell/read";
import { go } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { Who } from "../shell/Who";
import { useSpoken } from "../text";

type Row = components["schemas"]["SimulationRowOut"];
type Run = components["schemas"]["SimulationOut"];

const OPEN = ["waiting", "running"];
const LOOK_MS = 1000;
const AWAY_MS = 5000;
const MOST_BYTES = 50_000_000;

async function latest(): Promise<Row[]> {
  const { data } = await client.GET("/v1/imports/datasets", { params: { query: { limit: 200 } } });
  return data!.rows;
}

export default function ImportsPage({ id }: { id: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const read = useRead(latest);
  const rows = read.value;
  const going = rows?.some((one) => OPEN.includes(one.state)) ?? false;
  const { again, failed } = read;
  useEffect(() => {
    if (!going) return;
    // After the answer, not by the clock: a question asked meanwhile drops the answer to the one before.
    const timer = failed ? window.setInterval(again, AWAY_MS) : window.setTimeout(again, LOOK_MS);
    return () => { window.clearTimeout(timer); window.clearInterval(timer); };
  }, [rows, going, failed, again]);
  const columns: Column<Row>[] = [
    { key: "at", head: say("imports.asked_at"), wide: 1.2, cell: (row) => (row.asked_at ? spoken.moment(Date.parse(row.asked_at) / 1000) : "") },
    { key: "by", head: say("imports.by"), wide: 1.2, cell: (row) => <Who id={row.asked_by} /> },
    { key: "state", head: say("users.state"), cell: (row) => <span className={row.state === "failed" ? "late" : row.state === "done" ? "good" : undefined}>{say(`import_state.${row.state}` as "import_state.done")}</span> },
    { key: "ended", head: say("imports.ended"), wide: 1.2, cell: (row) => (row.ended_at ? spoken.moment(Date.parse(row.ended_at) / 1000) : "") },
  ];
  const to = (run: string) => go({ name: "administer", tab: "imports", id: run });
  const open = rows?.find((row) => row.id === id);
  return (
    <div className="page list-page">
      <header><h1>{say("administer_tab.imports")}</h1></header>
      <section className="card"><p className="quiet">{say("imports.about")}</p><Send label={say("imports.file")} onSent={(run) => { again(); to(run); }} /></section>
      <div className={id ? "beside even" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {rows && (rows.length === 0 ? <p className="empty">{say("imports.empty")}</p>
            : <Grid label={say("imports.history")} columns={columns} rows={rows} keyOf={(row) => row.id} open={id} onOpen={(row) => to(row.id === id ? "" : row.id)} />)}
        </div>
        {id && <One key={`${id} ${open?.state ?? ""}`} run={id} onClose={() => to("")} onChanged={again} onSent={(run) => { again(); to(run); }} />}
      </div>
    </div>
  );
}

function Send({ label, onSent }: { label: string; onSent(run: string): void }) {
  const { say } = useSpoken();
  const field = useId();
  const command = useCommand();
  const send = (file: File) => command.run(async (key) => {
    if (file.size > MOST_BYTES) throw new Error(say("imports.too_large"));
    const { data } = await client.POST("/v1/imports/datasets", {
      params: { header: { "Idempotency-Key": key } },
      headers: { "Content-Type": "application/zip" },
      body: file as unknown as string,
      bodySerializer: (body) => body,
    });
    onSent(data!.run);
    return say("imports.sent", { name: file.name });
  });
  return (
    <div className="send">
      <label htmlFor={field}>{label}</label>
      <input id={field} type="file" accept=".zip,application/zip" disabled={command.busy} onChange={(event) => { const file = event.target.files?.[0]; event.target.value = ""; if (file) void send(file); }} />
      <span role="status">{command.busy ? say("imports.sending") : command.said}</span>
      <span role="alert" className="refused">{command.refused}</span>
    </div>
  );
}

interface Whole { run: Run; counts: Record<string, string>[]; refused: Record<string, string>[]; report: Record<string, unknown> }

async function whole(run: string): Promise<Whole> {
  const path = { run };
  const shown = (await client.GET("/v1/imports/datasets/{run}", { params: { path } })).data!;
  const file = async (name: string) => {
    if (!shown.files.some((one) => one.name === name)) return "";
    const { data } = await client.GET("/v1/imports/datasets/{run}/files/{name}", { params: { path: { run, name } }, parseAs: "text" });
    return data as unknown as string;
  };
  const [counts, refused, report] = await Promise.all(["counts.csv", "refused.csv", "report.json"].map(file));
  return { run: shown, counts: rowsOf(counts!), refused: rowsOf(refused!), report: report ? (JSON.parse(report) as Record<string, unknown>) : {} };
}

function One({ run, onClose, onChanged, onSent }: { run: string; onClose(): void; onChanged(): void; onSent(run: string): void }) {
  const { say } = useSpoken();
  const ask = useCallback(() => whole(run), [run]);
  const read = useRead(ask);
  const command = useCommand();
  const found = read.value;
  const change = (what: "stop" | "remove") => command.run(async (key) => {
    const params = { path: { run }, header: { "Idempotency-Key": key } };
    if (what === "stop") await client.POST("/v1/imports/datasets/{run}/stop", { params });
    else await client.DELETE("/v1/imports/datasets/{run}", { params });
    onChanged();
    if (what === "remove") onClose(); else read.again();
    return "";
  });
  const state = found?.run.state;
  return (
    <aside className="card drawer" aria-label={say("imports.one")}>
      <header className="dialog-head"><h2>{state ? say(`import_state.${state}` as "import_state.done") : say("imports.one")}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      <Waiting of={read} />
      {found && (
        <>
          {state && OPEN.includes(state) && <p role="status">{say(`import_step.${String(found.run.progress["step"] ?? "waiting")}` as "import_step.waiting")} <button type="button" disabled={command.busy} onClick={() => void change("stop")}>{say("imports.stop")}</button></p>}
          {found.refused.length === 0 && found.run.errors.map((one, at) => <p key={at} className="refused">{one.detail}</p>)}
          {found.counts.length > 0 && <Counts found={found} />}
          {found.refused.length > 0 && <Refused run={run} rows={found.refused} />}
          {state === "failed" && <Send label={say("imports.mended")} onSent={onSent} />}
          {state && !OPEN.includes(state) && <div className="send"><button type="button" disabled={command.busy} onClick={() => void change("remove")}>{say("imports.remove")}</button><span className="quiet">{say("imports.remove_hint")}</span></div>}
        </>
      )}
      <p role="alert" className="refused">{command.refused}</p>
    </aside>
  );
}

/** Rows by file; none is dropped: given is accepted and refused. */
function Counts({ found }: { found: Whole }) {
  const { say } = useSpoken();
  const sum = (name: string) => found.counts.reduce((all, row) => all + Number(row[name]), 0);
  const { region, new: fresh } = found.report;
  return (
    <>
      {found.run.state === "done" && <p className="good">{say(fresh === false ? "imports.known" : "imports.written", { region: String(region ?? "") })}</p>}
      <p className="tally">{say("imports.sum", { given: sum("given"), accepted: sum("accepted"), refused: sum("refused") })}</p>
      <details>
        <summary>{say("imports.by_file")}</summary>
        <table className="plain">
          <thead><tr><th scope="col">{say("imports.in_file")}</th>{(["given", "accepted", "refused"] as const).map((one) => <th key={one} scope="col" className="number">{say(`import_count.${one}`)}</th>)}</tr></thead>
          <tbody>{found.counts.map((row) => <tr key={row["file"]}><th scope="row">{row["file"]}</th>{["given", "accepted", "refused"].map((one) => <td key={one} className={one === "refused" && row[one] !== "0" ? "number late" : "number"}>{row[one]}</td>)}</tr>)}</tbody>
        </table>
      </details>
    </>
  );
}

const MOST_SHOWN = 500;

function Refused({ run, rows }: { run: string; rows: Record<string, string>[] }) {
  const { say, lang } = useSpoken();
  return (
    <>
      <div className="head"><h3>{say("imports.refused", { n: rows.length })}</h3><a className="button" href={`/v1/imports/datasets/${run.split("/").map(encodeURIComponent).join("/")}/files/refused.csv`} download>{say("list.as_file")}</a></div>
      <p>{say("imports.nothing_written")}</p>
      <table className="plain">
        <thead><tr><th scope="col">{say("imports.in_file")}</th><th scope="col" className="number">{say("imports.line")}</th><th scope="col">{say("imports.column")}</th><th scope="col">{say("imports.why")}</th></tr></thead>
        <tbody>{rows.slice(0, MOST_SHOWN).map((row, at) => <tr key={at}><th scope="row">{row["file"]}</th><td className="number">{row["line"]}</td><td>{row["column"]}</td><td>{row[lang]} <small className="quiet">{row["code"]}</small></td></tr>)}</tbody>
      </table>
      {rows.length > MOST_SHOWN && <p className="quiet">{say("imports.more", { n: rows.length - MOST_SHOWN })}</p>}
    </>
  );
}
