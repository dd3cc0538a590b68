// Simulations asked for before, the newest first.
import { useCallback } from "react";
import type { components } from "contract";
import { client } from "../../api/client";
import { Grid, type Column } from "../../list/Grid";
import { usePaged } from "../../list/usePaged";
import { go, Link } from "../../shell/route";
import { Waiting } from "../../shell/Waiting";
import { useSpoken, type Code } from "../../text";

type Row = components["schemas"]["SimulationRowOut"];
const touches = (action: string) => action === "run" || action.startsWith("run.");
const tabOf = (row: Row): "scenarios" | "staffing" => (row.kind === "staffing" ? "staffing" : "scenarios");

export function PastRuns() {
  const spoken = useSpoken();
  const { say } = spoken;
  const ask = useCallback(async (after: string, limit: number) => (await client.GET("/v1/scenarios", { params: { query: { limit, ...(after ? { after } : {}) } } })).data as unknown as { rows: Row[]; next: string | null }, []);
  const { page, read, more } = usePaged<Row>(ask, touches);
  const at = (moment: string | null) => (moment ? spoken.moment(Date.parse(moment) / 1000) : "");
  const columns: Column<Row>[] = [
    { key: "asked", head: say("study.asked_at"), wide: 1.4, cell: (row) => <Link to={{ name: "manage", tab: tabOf(row), id: row.id }}>{at(row.asked_at)}</Link> },
    { key: "kind", head: say("study.kind"), wide: 1.4, cell: (row) => say(`study_kind.${row.kind}` as Code) },
    { key: "state", head: say("study.state"), cell: (row) => say(`study_state.${row.state}` as Code) },
    { key: "took", head: say("study.took"), number: true, cell: (row) => (row.started_at && row.ended_at ? say("study.seconds", { n: Math.max(1, Math.round((Date.parse(row.ended_at) - Date.parse(row.started_at)) / 1000)) }) : "") },
  ];
  return (
    <section className="card past" aria-label={say("study.past")}>
      <h2>{say("study.past")}</h2>
      <Waiting of={read} />
      {page && (page.rows.length === 0 ? <p className="quiet">{say("study.none_yet")}</p>
        : <div className="past-box"><Grid label={say("study.past")} columns={columns} rows={page.rows} keyOf={(row) => row.id} onOpen={(row) => go({ name: "manage", tab: tabOf(row), id: row.id })} more={page.next !== null} onMore={more} /></div>)}
    </section>
  );
}
