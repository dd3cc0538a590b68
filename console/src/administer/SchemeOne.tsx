// One scheme: what a version says clause by clause, who counts by it, what another says differently, and the next version.
import { useCallback, useMemo, useState } from "react";
import { client } from "../api/client";
import { useHere } from "../shell/here";
import { useRead } from "../shell/read";
import { go, Link, refine, useAddress } from "../shell/route";
import { Waiting } from "../shell/Waiting";
import { useSpoken, type Code, type Say } from "../text";
import { localeOf } from "../text/locale";
import { addScheme, schemeFile } from "./files";
import { isScheme, type Version } from "./SchemesPage";
import { clauseName, differences, nextVersion, noticeOf, valueOf, type Change, type Figure } from "./terms";
import { TermsForm } from "./TermsForm";

interface Props { scheme: string; versions: readonly Version[]; all: readonly Version[]; today: string; onChanged(): void }
interface Editing { text: string; first: readonly Change[]; kind: "version" | "copy" }

export function SchemeOne({ scheme, versions, all, today, onChanged }: Props) {
  const spoken = useSpoken();
  const { say } = spoken;
  const { may } = useHere();
  const wanted = new URLSearchParams(useAddress().split("?")[1] ?? "").get("version") ?? "";
  const version = versions.find((one) => one.version === wanted) ?? versions.at(-1);
  const shown = version?.version ?? "";
  const ask = useCallback(async () => {
    const of = { params: { path: { scheme }, query: { version: shown } } };
    const [whole, use] = await Promise.all([client.GET("/v1/schemes/{scheme}", of), client.GET("/v1/schemes/{scheme}/use", of)]);
    return { whole: whole.data!, use: use.data! };
  }, [scheme, shown]);
  const read = useRead(version ? ask : null, (action) => isScheme(action) || action.startsWith("register") || action.startsWith("ticket"));
  const [editing, setEditing] = useState<Editing | null>(null);
  const [failed, setFailed] = useState("");
  const [said, setSaid] = useState("");
  const back = <Link to={{ name: "administer", tab: "schemes", id: "" }}>{say("schemes.all")}</Link>;
  if (!version) return <div className="page"><header><h1>{scheme}</h1>{back}</header><p className="empty" role="alert">{say("schemes.none", { scheme })}</p></div>;
  const whole = read.value?.whole;
  const begin = async (kind: Editing["kind"]) => {
    setFailed("");
    setSaid("");
    try {
      const text = await schemeFile(scheme, shown);
      const next = nextVersion(shown, versions.map((one) => one.version), today, noticeOf(whole?.figures ?? []));
      const own: Change[] = [{ path: ["id"], toml: JSON.stringify(`${scheme}-own`) }, { path: ["version"], toml: '"1"' }, { path: ["announced_on"], toml: "" }, { path: ["effective_on"], toml: today }];
      setEditing({ text, kind, first: kind === "version" ? next : own });
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  const keep = async (text: string, key: string) => {
    const added = await addScheme(text, key);
    setSaid(say("schemes.added", { scheme: added.scheme, version: added.version, day: spoken.date(added.effective_on) }));
    setEditing(null);
    onChanged();
    const search = `?${new URLSearchParams({ version: added.version })}`;
    if (added.scheme === scheme) refine(search);
    else go({ name: "administer", tab: "schemes", id: added.scheme }, search);
  };
  return (
    <div className="page">
      <header>
        <h1>{version.name}</h1>
        {back}
        {!editing && (
          <label>{say("schemes.version")}
            <select value={shown} onChange={(event) => refine(`?${new URLSearchParams({ version: event.target.value })}`)}>
              {versions.map((one) => <option key={one.version} value={one.version}>{say("schemes.version_from", { version: one.version, day: spoken.date(one.effective_on) })}</option>)}
            </select>
          </label>
        )}
        {may("scheme_write") && !editing && whole && (
          <>
            <button type="button" className="main" onClick={() => void begin("version")}>{say("schemes.new_version")}</button>
            <button type="button" onClick={() => void begin("copy")}>{say("schemes.copy")}</button>
          </>
        )}
      </header>
      <p role="status" className="kept">{said}</p>
      <p role="alert" className="refused">{failed}</p>
      {editing ? (
        <>
          <p>{say(editing.kind === "version" ? "schemes.version_hint" : "schemes.copy_hint", { days: noticeOf(whole?.figures ?? []) })}</p>
          <TermsForm of="schemes" text={editing.text} first={editing.first} action={say(editing.kind === "version" ? "schemes.add_version" : "schemes.add_own")} send={keep} onClose={() => setEditing(null)} />
        </>
      ) : (
        <>
          <Waiting of={read} />
          {whole && read.value && (
            <div className="clauses">
              <section className="card" aria-label={say("schemes.who")}>
                <h2>{say("schemes.who")}</h2>
                <p>{say("schemes.use", { contracts: read.value.use.contracts, tickets: read.value.use.open_tickets })} {may("customer_read") && <Link to={{ name: "administer", tab: "contracts", id: "" }} search={`?${new URLSearchParams({ scheme, version: shown })}`}>{say("schemes.their_contracts")}</Link>}</p>
                <p className="quiet">{say("schemes.keeps")}</p>
              </section>
              <Compare of={whole.figures} currency={whole.currency} scheme={scheme} version={shown} all={all} />
              <Clauses figures={whole.figures} currency={whole.currency} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

const moneyIn = (currency: string, lang: string) => {
  const format = new Intl.NumberFormat(localeOf(lang), { style: "currency", currency, minimumFractionDigits: 0, maximumFractionDigits: 2 });
  return (cents: number) => format.format(cents / 100);
};

const pathOf = (key: string): string[] => key.split(".");
const partOf = (key: string, say: Say): string => say(`part.${key.includes(".") ? pathOf(key)[0]! : "head"}` as Code);

/** What a version says, clause by clause, each with where it comes from. */
export function Clauses({ figures, currency }: { figures: readonly Figure[]; currency: string }) {
  const { say, lang } = useSpoken();
  const money = useMemo(() => moneyIn(currency, lang), [currency, lang]);
  const parts = [...new Set(figures.map((one) => partOf(one.key, say)))];
  return parts.map((part) => (
    <section key={part} className="card" aria-label={part}>
      <h2>{part}</h2>
      <div className="scroll-x">
        <table className="plain terms-table" aria-label={part}>
          <thead><tr><th scope="col">{say("terms.clause")}</th><th scope="col">{say("terms.says")}</th><th scope="col">{say("term.source")}</th></tr></thead>
          <tbody>{figures.filter((one) => partOf(one.key, say) === part).map((one) => <tr key={one.key + one.value}><th scope="row">{clauseName(pathOf(one.key), say)}</th><td>{valueOf(one.value, say, money)}</td><td className="source">{one.source}</td></tr>)}</tbody>
        </table>
      </div>
    </section>
  ));
}

function Compare({ of, currency, scheme, version, all }: { of: readonly Figure[]; currency: string; scheme: string; version: string; all: readonly Version[] }) {
  const { say, lang } = useSpoken();
  const [with_, setWith] = useState("");
  const other = all.find((one) => `${one.scheme} ${one.version}` === with_);
  const ask = useCallback(async () => (await client.GET("/v1/schemes/{scheme}", { params: { path: { scheme: other!.scheme }, query: { version: other!.version } } })).data!, [other]);
  const read = useRead(other ? ask : null);
  const money = useMemo(() => moneyIn(currency, lang), [currency, lang]);
  const found = read.value ? differences(of, read.value.figures) : [];
  const said = (value: string) => (value ? valueOf(value, say, money) : say("terms.not_said"));
  const others = [...all].filter((one) => one.scheme !== scheme || one.version !== version).sort((a, b) => Number(b.scheme === scheme) - Number(a.scheme === scheme));
  return (
    <section className="card" aria-label={say("schemes.compare")}>
      <h2>{say("schemes.compare")}</h2>
      <label>{say("schemes.compare_with")}
        <select value={other ? with_ : ""} onChange={(event) => setWith(event.target.value)}>
          <option value="">{say("terms.choose")}</option>
          {others.map((one) => <option key={`${one.scheme} ${one.version}`} value={`${one.scheme} ${one.version}`}>{say("schemes.named", { name: one.name, version: one.version })}</option>)}
        </select>
      </label>
      {other && <Waiting of={read} />}
      {read.value && found.length === 0 && <p role="status">{say("schemes.same")}</p>}
      {found.length > 0 && (
        <div className="scroll-x">
          <table className="plain terms-table" aria-label={say("schemes.compare")}>
            <thead><tr><th scope="col">{say("terms.clause")}</th><th scope="col">{say("schemes.here", { version })}</th><th scope="col">{say("schemes.there")}</th></tr></thead>
            <tbody>{found.map((one) => <tr key={one.key}><th scope="row">{partOf(one.key, say)}: {clauseName(pathOf(one.key), say)}</th><td>{said(one.here)}</td><td>{said(one.there)}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}
