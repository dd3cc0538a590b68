// What the service was started with: every setting, where its value comes from, what it means. Changed on the machine, not here.
import { useCallback, useState } from "react";
import type { components } from "contract";
import { client } from "../api/client";
import { Grid, type Column } from "../list/Grid";
import { useRead } from "../shell/read";
import { Waiting } from "../shell/Waiting";
import { useSpoken } from "../text";

type Setting = components["schemas"]["SettingOut"];

export default function SettingsPage() {
  const { say, lang } = useSpoken();
  const [text, setText] = useState("");
  const [said, setSaid] = useState(false);
  // Asked anew in the other language: the meanings come from the server.
  const ask = useCallback(async () => {
    const found = (await client.GET("/v1/settings")).data!;
    return { lang, file: found.file, settings: found.settings.map((one) => ({ ...one, about: one.about.replaceAll("`", "") })) };
  }, [lang]);
  const read = useRead(ask);
  const [open, setOpen] = useState("");
  const words = text.trim().toLowerCase();
  const rows = (read.value?.settings ?? []).filter((one) => (!said || one.origin !== "default") && (one.name.includes(words) || one.about.toLowerCase().includes(words)));
  const shown = (value: string) => value || say("settings.empty");
  const columns: Column<Setting>[] = [
    { key: "name", head: say("settings.name"), wide: 1.6, cell: (row) => row.name },
    { key: "value", head: say("settings.value"), wide: 1.6, cell: (row) => shown(row.value) },
    { key: "origin", head: say("settings.origin"), cell: (row) => say(`origin.${row.origin}`) },
    { key: "about", head: say("settings.about"), wide: 4, cell: (row) => <span title={row.about}>{row.about}</span> },
  ];
  const one = read.value?.settings.find((each) => each.name === open);
  return (
    <div className="page list-page">
      <header><h1>{say("administer_tab.settings")}</h1></header>
      <p className="quiet">{say("settings.intro")} {read.value?.file ? say("settings.file", { file: read.value.file }) : read.value && say("settings.no_file")}</p>
      <div className="filters">
        <label>{say("settings.find")}<input type="search" value={text} maxLength={60} onChange={(event) => setText(event.target.value)} /></label>
        <label className="tick"><input type="checkbox" checked={said} onChange={(event) => setSaid(event.target.checked)} />{say("settings.only_said")}</label>
      </div>
      <div className={one ? "beside" : "beside alone"}>
        <div className="list-part">
          <Waiting of={read} />
          {read.value && (rows.length === 0 ? <p className="empty">{say("settings.none")}</p>
            : <Grid label={say("administer_tab.settings")} columns={columns} rows={rows} keyOf={(row) => row.name} open={open} onOpen={(row) => setOpen(row.name === open ? "" : row.name)} />)}
          {read.value && <p className="foot" role="status">{say("list.count", { n: rows.length })}</p>}
        </div>
        {one && (
          <aside className="card drawer" aria-label={one.name}>
            <header className="dialog-head"><h2>{one.name}</h2><button type="button" onClick={() => setOpen("")}>{say("doing.close")}</button></header>
            <p>{one.about}</p>
            <dl className="facts">
              <dt>{say("settings.value")}</dt><dd>{shown(one.value)}</dd>
              <dt>{say("settings.origin")}</dt><dd>{say(`origin.${one.origin}`)}</dd>
              <dt>{say("settings.default")}</dt><dd>{shown(one.default)}</dd>
              <dt>{say("settings.variable")}</dt><dd><code>{one.variable}</code></dd>
            </dl>
            {one.secret && <p className="quiet">{say("settings.secret")}</p>}
          </aside>
        )}
      </div>
    </div>
  );
}
