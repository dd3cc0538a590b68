// Copies of the database: which there are, how old the newest is, one more, whether one still holds; how one is brought back.
import { useCallback, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { useCommand } from "../shell/command";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { sizeOf } from "../tickets/Files";
import { useSpoken } from "../text";
import { localeOf } from "../text/locale";

type Backup = components["schemas"]["BackupOut"];

export default function BackupsPage() {
  const spoken = useSpoken();
  const { say } = spoken;
  const { now } = useHere();
  const ask = useCallback(async () => (await client.GET("/v1/backups")).data!, []);
  const read = useRead(ask);
  const command = useCommand();
  const [open, setOpen] = useState("");
  const found = read.value;
  const newest = found?.backups[0];
  const age = newest ? Math.max(0, (now() - Date.parse(newest.made_at)) / 1000) : 0;
  const make = () => command.run(async (key) => {
    const { data } = await client.POST("/v1/backups", { params: { header: { "Idempotency-Key": key } } });
    read.again();
    return say("backups.made", { name: data!.name });
  });
  const prove = (name: string) => command.run(async () => {
    const { data } = await client.GET("/v1/backups/{name}/check", { params: { path: { name } } });
    return say("backups.proved", { name: data!.name, rows: data!.rows });
  });
  const columns: Column<Backup>[] = [
    { key: "made", head: say("backups.made_at"), wide: 1.2, cell: (row) => spoken.moment(Date.parse(row.made_at) / 1000) },
    { key: "name", head: say("backups.name"), wide: 3, cell: (row) => row.name },
    { key: "size", head: say("backups.size"), number: true, cell: (row) => sizeOf(row.size, say) },
    { key: "rows", head: say("backups.rows"), number: true, cell: (row) => new Intl.NumberFormat(localeOf(spoken.lang)).format(row.rows) },
  ];
  const one = found?.backups.find((each) => each.name === open);
  const url = found?.kind === "postgresql" ? "postgresql://USER:PASSWORD@HOST/NEW_DATABASE" : "sqlite:///NEW_FILE.db";
  return (
    <div className="page list-page">
      <header>
        <h1>{say("administer_tab.backups")}</h1>
        {found?.folder && <button type="button" className="main" disabled={command.busy} onClick={() => void make()}>{say(command.busy ? "backups.at_work" : "backups.make")}</button>}
      </header>
      {found && found.folder === "" && <p className="stale-line" role="alert">{say("backups.no_folder")} <code>fieldwright db backup FILE --database URL</code></p>}
      {found && found.folder !== "" && (
        <p className={found.too_old ? "stale-line" : "quiet"} role={found.too_old ? "alert" : undefined}>
          {!newest ? say("backups.none_yet") : say(found.too_old ? "backups.too_old" : "backups.newest", { span: spoken.span(age), hours: found.old_after_h })} {say("backups.folder", { folder: found.folder })}
        </p>
      )}
      <p role="status" className="kept">{command.said}</p>
      <p role="alert" className="refused">{command.refused}</p>
      <div className={one ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {found && (found.backups.length === 0 ? <p className="empty">{say("backups.empty")}</p>
            : <Grid label={say("administer_tab.backups")} columns={columns} rows={found.backups} keyOf={(row) => row.name} open={open} onOpen={(row) => setOpen(row.name === open ? "" : row.name)} />)}
        </div>
        {one && found && (
          <aside className="card drawer" aria-label={one.name}>
            <header className="dialog-head"><h2>{spoken.moment(Date.parse(one.made_at) / 1000)}</h2><button type="button" onClick={() => setOpen("")}>{say("doing.close")}</button></header>
            <p><code>{one.name}</code></p>
            {one.kind === "sqlite" ? <p className="send"><button type="button" disabled={command.busy} onClick={() => void prove(one.name)}>{say("backups.check")}</button></p> : <p className="quiet">{say("backups.check_postgresql")}</p>}
            <h3>{say("backups.restore")}</h3>
            <ol className="worked">
              <li>{say("backups.restore_stop")}</li>
              <li>{say("backups.restore_run")} <code>fieldwright db restore {found.folder}/{one.name} --database {url}</code></li>
              <li>{say("backups.restore_start")}</li>
            </ol>
            <p className="quiet">{say("backups.restore_why")}</p>
          </aside>
        )}
      </div>
    </div>
  );
}
