// Suppliers by what they deliver: score, how strictly they are inspected, what they owe, and their corrective reports.
import { useCallback, useState } from "react";
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
import { useSpoken } from "../text";
import { Who } from "../shell/Who";
import { Editable } from "../people/Editable";
import { SupplierForm } from "./CatalogueForms";

type Score = components["schemas"]["ScorecardOut"];
type Terms = components["schemas"]["SupplierTermsRowOut"];
type Report = components["schemas"]["CorrectiveReportWholeOut"];

const touches = (action: string) => action === "stock" || action.startsWith("stock.") || action.startsWith("supplier") || action.startsWith("catalogue.");
const share = (value: number | null) => (value === null ? "" : `${(value * 100).toFixed(0)} %`);

export default function SuppliersPage({ supplier }: { supplier: string }) {
  const { say } = useSpoken();
  const { may } = useHere();
  const ask = useCallback(async (after: string, limit: number) => {
    const { data } = await client.GET("/v1/scorecards", { params: { query: { limit, ...(after ? { after } : {}) } } });
    return data as unknown as { rows: Score[]; next: string | null };
  }, []);
  const { page, read, more } = usePaged<Score>(ask, touches);
  const columns: Column<Score>[] = [
    { key: "supplier", head: say("orders.supplier"), wide: 1.3, cell: (row) => row.supplier },
    { key: "ppm", head: say("suppliers.ppm"), number: true, cell: (row) => (row.bad_per_million === null ? "" : Math.round(row.bad_per_million)) },
    { key: "time", head: say("suppliers.on_time"), number: true, cell: (row) => <span className={row.on_time !== null && row.on_time < 0.8 ? "late" : undefined}>{share(row.on_time)}</span> },
    { key: "lead", head: say("suppliers.lead"), number: true, wide: 1.4, cell: (row) => (row.lead_time_days === null ? "" : say("suppliers.lead_days", { days: row.lead_time_days.toFixed(1), promised: row.lead_time_promised_days })) },
    { key: "deliveries", head: say("suppliers.deliveries"), number: true, cell: (row) => row.deliveries },
    { key: "units", head: say("stock.quantity"), number: true, cell: (row) => row.units },
  ];
  const to = (id: string) => go({ name: "stock", tab: "suppliers", id });
  return (
    <div className="page list-page">
      <header><h1>{say("suppliers.title")}</h1></header>
      {may("catalogue_write") && <Editable level={2} title={say("suppliers.there_are")} action={say("people.add")} shown form={(close) => <SupplierForm supplier="" onClose={close} onWritten={read.again} />} />}
      <div className={supplier ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {page && (page.rows.length === 0 ? <p className="empty">{say("suppliers.empty")}</p>
            : <Grid label={say("suppliers.title")} columns={columns} rows={page.rows} keyOf={(row) => row.supplier} open={supplier} onOpen={(row) => to(row.supplier === supplier ? "" : row.supplier)} more={page.next !== null} onMore={more} />)}
        </div>
        {supplier && <OneSupplier key={supplier} supplier={supplier} onClose={() => to("")} />}
      </div>
    </div>
  );
}

function OneSupplier({ supplier, onClose }: { supplier: string; onClose(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const ask = useCallback(async () => {
    const [standing, terms] = await Promise.all([client.GET("/v1/suppliers/{supplier}/standing", { params: { path: { supplier } } }), client.GET("/v1/supplier-terms", { params: { query: { supplier, limit: 200 } } })]);
    const reports = await Promise.all(standing.data!.reports.map(async (report) => (await client.GET("/v1/corrective-reports/{report}", { params: { path: { report } } })).data!));
    return { ...standing.data!, terms: (terms.data as unknown as { rows: Terms[] }).rows, reports };
  }, [supplier]);
  const read = useRead(ask, touches);
  const shown = read.value;
  return (
    <aside className="card drawer" aria-label={supplier}>
      <header className="dialog-head"><h2>{supplier}</h2><button type="button" onClick={onClose}>{say("doing.close")}</button></header>
      <Editable title={say("suppliers.about")} action={say("people.change")} shown={may("catalogue_write")} form={(close) => <SupplierForm supplier={supplier} onClose={close} onWritten={read.again} />} />
      <Waiting of={read} />
      {shown && (
        <>
          <h3>{say("suppliers.owed")}</h3>
          {shown.owed.length === 0 ? <p className="quiet">{say("page.none")}</p> : <ul>{shown.owed.map((one) => <Owed key={one.disposition} duty={one} onChanged={read.again} />)}</ul>}
          <h3>{say("suppliers.reports")}</h3>
          {shown.reports.length === 0 ? <p className="quiet">{say("page.none")}</p> : shown.reports.map((one) => <EightD key={one.report} report={one} onChanged={read.again} />)}
          <h3>{say("suppliers.inspected")}</h3>
          <table className="plain">
            <thead><tr><th scope="col">{say("stock.part")}</th><th scope="col">{say("inspect.severity")}</th><th scope="col" className="number">{say("suppliers.lots")}</th><th scope="col" className="number">{say("stock.price")}</th></tr></thead>
            <tbody>{shown.parts.map((one) => {
              const price = shown.terms.find((row) => row.part_id === one.part)?.price;
              return <tr key={one.part}><th scope="row">{one.part}</th><td className={one.inspection === "discontinued" ? "late" : undefined}>{say(`severity_of.${one.inspection}`)}{one.aql && ` · AQL ${one.aql}`}</td><td className="number">{one.lots}</td><td className="number">{price}</td></tr>;
            })}</tbody>
          </table>
        </>
      )}
    </aside>
  );
}

function Owed({ duty, onChanged }: { duty: components["schemas"]["DutyOut"]; onChanged(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may, region } = useHere();
  const command = useCommand();
  const [on, setOn] = useState("");
  const at = (moment: string) => spoken.date(wallOf(Date.parse(moment) / 1000, region.zone).slice(0, 10));
  const promise = () => command.run(async (key) => {
    const { data } = await client.POST("/v1/supplier-duties/{disposition}/promises", { params: { path: { disposition: duty.disposition }, header: { "Idempotency-Key": key } }, body: { promised_at: isoOf(momentOf(`${on}T08:00`, region.zone)) } });
    setOn("");
    onChanged();
    return say("suppliers.promised", { at: at(data!.expected_at) });
  });
  return (
    <li>
      <p className="line"><span>{duty.part}</span><span>{say("suppliers.owed_line", { n: duty.left, remedy: say(`remedy.${duty.remedy}`) })}</span><span className="quiet">{duty.document}</span><span className={duty.late ? "late" : undefined}>{say("suppliers.agreed", { at: at(duty.due_at) })}</span>{duty.promised.map((one) => <span key={one} className="quiet">{say("suppliers.names", { at: at(one) })}</span>)}</p>
      {may("supplier_write") && (
        <form className="basket" onSubmit={(event) => { event.preventDefault(); void promise(); }}>
          <label>{say("suppliers.another_date")}<input type="date" required value={on} onChange={(event) => setOn(event.target.value)} /></label>
          <button type="submit" disabled={command.busy || !on}>{say("suppliers.promise")}</button>
        </form>
      )}
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </li>
  );
}

function EightD({ report, onChanged }: { report: Report; onChanged(): void }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const command = useCommand();
  const [note, setNote] = useState("");
  const step = report.waits_for;
  const take = () => command.run(async (key) => {
    await client.POST("/v1/corrective-reports/{report}/steps", { params: { path: { report: report.report }, header: { "Idempotency-Key": key } }, body: { step: step!, note: note.trim() } });
    setNote("");
    onChanged();
    return say("suppliers.step_done", { step: step! });
  });
  return (
    <details open={step !== null}>
      <summary>{report.report} · {report.part} · {say("suppliers.found", { n: report.quantity, found: report.found })}</summary>
      <ol className="eight">{report.steps.map((one) => (
        <li key={one.step} className={one.late ? "late" : undefined}><strong>D{one.step}</strong> {say(`eight_d.${one.step}` as "eight_d.1")} {one.done_at ? <span className="quiet">✓ {spoken.moment(Date.parse(one.done_at) / 1000)} <Who id={one.done_by} /> {one.note}</span> : <span>{say("suppliers.due", { at: spoken.moment(Date.parse(one.due_at) / 1000) })}</span>}</li>
      ))}</ol>
      {step !== null && may("supplier_write") && (
        <form className="basket" onSubmit={(event) => { event.preventDefault(); void take(); }}>
          <label>{say("suppliers.note", { step })}<input maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} /></label>
          <button type="submit" disabled={command.busy}>{say("suppliers.take_step", { step })}</button>
        </form>
      )}
      <p role="status">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
    </details>
  );
}
