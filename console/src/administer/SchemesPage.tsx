// Service schemes: every version that contracts may name, what one says and why, and a version of one's own.
import { useCallback } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { go } from "../shell/route";
import { wallOf } from "../shell/wall";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";
import { SchemeOne } from "./SchemeOne";

export type Version = components["schemas"]["SchemeOut"];

export const isScheme = (action: string) => action.startsWith("scheme");
/** Today, where the region is. */
export const dayOf = (now: number, zone: string): string => wallOf(now / 1000, zone).slice(0, 10);

export default function SchemesPage({ id }: { id: string }) {
  const spoken = useSpoken();
  const { say } = spoken;
  const here = useHere();
  const today = dayOf(here.now(), spoken.zone);
  const ask = useCallback(async () => (await client.GET("/v1/schemes")).data!.schemes, []);
  const read = useRead(ask, isScheme);
  const versions = read.value ?? [];
  if (id && read.value) return <SchemeOne key={id} scheme={id} versions={versions.filter((one) => one.scheme === id)} all={versions} today={today} onChanged={read.again} />;
  const stands = (row: Version) => {
    if (row.effective_on > today) return say("schemes.later");
    return versions.some((one) => one.scheme === row.scheme && one.effective_on <= today && one.effective_on > row.effective_on) ? say("schemes.before") : say("schemes.now");
  };
  const columns: Column<Version>[] = [
    { key: "name", head: say("schemes.name"), wide: 2, cell: (row) => row.name },
    { key: "scheme", head: say("schemes.id"), wide: 1.4, cell: (row) => row.scheme },
    { key: "version", head: say("schemes.version"), wide: 0.6, cell: (row) => row.version },
    { key: "from", head: say("schemes.from"), cell: (row) => spoken.date(row.effective_on) },
    { key: "stands", head: say("schemes.stands"), cell: stands },
  ];
  return (
    <div className="page list-page">
      <header><h1>{say("administer_tab.schemes")}</h1></header>
      <p className="quiet">{say("schemes.intro")}</p>
      <div className="list-part">
        <Waiting of={read} />
        {read.value && <Grid label={say("administer_tab.schemes")} columns={columns} rows={versions} keyOf={(row) => `${row.scheme} ${row.version}`} onOpen={(row) => go({ name: "administer", tab: "schemes", id: row.scheme }, `?${new URLSearchParams({ version: row.version })}`)} />}
        {read.value && <p className="foot" role="status">{say("list.count", { n: versions.length })}</p>}
      </div>
    </div>
  );
}
