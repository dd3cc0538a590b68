// A file of terms edited by its values, or as text; the server says what is wrong, at its field, before anything is kept.
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { client, newKey, Problem } from "../api/client";
import { useSettled } from "../shell/read";
import { useSpoken, type Code } from "../text";
import { additions, bySeverity, clauseName, groupsOf, keyOf, shownOf, tomlOf, withChange, wordOf, type Change, type Clause, type Draft, type Field } from "./terms";

interface Props {
  /** Which rules judge it. */
  of: "schemes" | "practice";
  text: string;
  /** What is changed from the start: the version, for a new one. */
  first?: readonly Change[];
  /** The button that keeps it. */
  action: string;
  /** Keeps the text; throws what the server refuses. */
  send(text: string, key: string): Promise<void>;
  onClose(): void;
}

interface Asked { text: string; changes: readonly Change[] }
const NONE: readonly Change[] = [];

export function TermsForm({ of, text, first = NONE, action, send, onClose }: Props) {
  const { say, lang } = useSpoken();
  const [asked, setAsked] = useState<Asked>({ text, changes: first });
  const [answered, setAnswered] = useState<{ of: Asked; draft: Draft } | null>(null);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const settled = useSettled(asked, 350);
  const number = useRef(0);
  const key = useRef(newKey());
  const judge = async (what: Asked): Promise<Draft> => {
    const mine = ++number.current;
    const body = { text: what.text, changes: what.changes.map((one) => ({ path: [...one.path], toml: one.toml })) };
    const { data } = of === "schemes" ? await client.POST("/v1/schemes/draft", { body }) : await client.POST("/v1/practice/draft", { body });
    if (mine === number.current) setAnswered({ of: what, draft: data! });
    return data!;
  };
  const judging = useRef(judge);
  useEffect(() => { judging.current = judge; });
  useEffect(() => {
    judging.current(settled).then(() => setRefused(""), (error: unknown) => setRefused(error instanceof Error ? error.message : String(error)));
  }, [settled, lang]);
  const draft = answered?.draft;
  const change = (...changes: readonly Change[]) => { key.current = newKey(); setAsked((before) => ({ ...before, changes: changes.reduce<readonly Change[]>(withChange, before.changes) })); };
  const rewrite = (whole: string) => { key.current = newKey(); setAsked({ text: whole, changes: NONE }); };
  const keep = async () => {
    setBusy(true);
    setRefused("");
    try {
      const judged = answered?.of === asked ? answered.draft : await judge(asked);
      if (judged.problems.length === 0) await send(judged.text, key.current);
    } catch (error) {
      // An answer that was lost is asked for again under the same key: the file may have been kept.
      if (error instanceof Problem && error.status < 500) key.current = newKey();
      setRefused(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const groups = useMemo(() => groupsOf(draft?.fields ?? []), [draft]);
  const problems = draft?.problems ?? [];
  if (!draft) return refused ? <p role="alert" className="refused">{refused}</p> : <p className="empty" role="status">{say("page.loading")}</p>;
  // What was typed stands there, answered or not; what was changed by value is not in the text before the answer.
  const whole = asked.changes.length === 0 || answered?.of === asked;
  const shown = new Set(groups.flatMap((group) => group.clauses.map((clause) => clause.key)));
  const elsewhere = problems.filter((one) => ![...shown].some((clause) => touches(clause, one.key)));
  return (
    <form className="clauses" aria-label={action} onSubmit={(event) => { event.preventDefault(); void keep(); }}>
      {groups.map((group) => (
        <section key={group.name} className="card" aria-label={say(`part.${group.name}` as Code)}>
          <h2>{say(`part.${group.name}` as Code)}</h2>
          <div className={group.name === "head" ? "whole" : undefined}>
            {group.clauses.map((clause) => (
              <ClauseLine key={clause.key} clause={clause} changes={asked.changes} problems={problems.filter((one) => touches(clause.key, one.key))} onChange={change} mayRemove={of === "schemes"} />
            ))}
          </div>
        </section>
      ))}
      {of === "schemes" && draft.fields.length > 0 && <Add fields={draft.fields} onAdd={(one) => change(one)} />}
      <details className="card">
        <summary>{say("terms.as_text")}</summary>
        <p className="quiet">{say("terms.as_text_hint")}</p>
        <label>{say("terms.file")}<textarea className="file" spellCheck={false} lang="en" maxLength={60_000} readOnly={!whole} value={asked.changes.length > 0 ? draft.text : asked.text} onChange={(event) => rewrite(event.target.value)} /></label>
      </details>
      <div className="sticky">
        {elsewhere.map((one) => <p key={one.code + one.key} className="refused">{one.line > 0 ? say("terms.at_line", { line: one.line, why: one.detail }) : one.detail}</p>)}
        <p role="alert" className="refused">{refused || (problems.length > 0 ? say("terms.wrong", { n: problems.length }) : "")}</p>
        <p className="send">
          <button type="submit" className="main" disabled={busy || problems.length > 0}>{action}</button>
          <button type="button" onClick={onClose}>{say("page.cancel")}</button>
        </p>
      </div>
    </form>
  );
}

/** Whether something wrong at `problem` is shown at a clause: at the clause itself, or at a value in it. */
function touches(clause: string, problem: string): boolean {
  return problem === clause || problem.startsWith(`${clause}.`) || (problem !== "" && clause.startsWith(`${problem}.`));
}

interface LineProps { clause: Clause; changes: readonly Change[]; problems: Draft["problems"]; onChange(...changes: readonly Change[]): void; mayRemove: boolean }

function ClauseLine({ clause, changes, problems, onChange, mayRemove }: LineProps) {
  const { say } = useSpoken();
  const wrong = useId();
  const name = clauseName(clause.path, say);
  const spread = clause.path[0] === "milestones" && clause.path[2] === "all";
  return (
    <div className="clause" role="group" aria-label={name}>
      <strong>{name}</strong>
      <div className="values">
        {clause.fields.map((field) => (
          <Value key={keyOf(field.path)} field={field} of={clause} name={name} invalid={problems.length > 0 && problems.every((one) => at(one.key, field, clause))} wrong={wrong}
            said={changes.find((one) => keyOf(one.path) === keyOf(field.path))?.toml} onChange={(toml) => onChange({ path: field.path, toml })} />
        ))}
      </div>
      {mayRemove && (spread || clause.removable) && (
        <div className="does">
          {spread && <button type="button" onClick={() => onChange(...bySeverity(clause))} aria-label={`${say("terms.by_severity")}: ${name}`}>{say("terms.by_severity")}</button>}
          {clause.removable && <button type="button" onClick={() => onChange({ path: clause.path, toml: "" })} aria-label={`${say("terms.take_out")}: ${name}`}>{say("terms.take_out")}</button>}
        </div>
      )}
      <p id={wrong} className="wrong refused">{problems.map((one) => one.detail).join(" ")}</p>
    </div>
  );
}

/** Whether a problem is of this value: named by itself, or of the whole clause and this its first value. */
function at(problem: string, field: Field, clause: Clause): boolean {
  const mine = keyOf(field.path);
  return problem === mine || problem.startsWith(`${mine}.`) || (!clause.fields.some((one) => keyOf(one.path) === problem) && field === clause.fields[0]);
}

interface ValueProps { field: Field; of: Clause; name: string; said: string | undefined; invalid: boolean; wrong: string; onChange(toml: string): void }

const CHOICES: Record<string, readonly string[]> = {
  severity_change: ["restart", "carry", "tighten-only"],
  per: ["minute", "hour", "day"],
  promise: ["timed", "customer-set", "not-promised"],
  severity: ["P1", "P2", "P3", "P4"],
  class: ["same", "equal"],
};

function Value({ field, of, name, said, invalid, wrong, onChange }: ValueProps) {
  const { say } = useSpoken();
  const own = field.path.slice(of.path.length);
  const leaf = own.at(-1) ?? field.path.at(-1)!;
  const label = own.length === 0 ? say("term.value") : own.map((one) => wordOf(one, say)).join(" · ");
  const [typed, setTyped] = useState<string | null>(null);
  const kind = useRef(field.kind).current; // what was typed wrongly is no other kind
  const value = typed ?? (said !== undefined && said !== field.toml && field.kind !== kind ? said.replace(/^"|"$/g, "") : shownOf(field));
  const set = (text: string) => { setTyped(text); onChange(tomlOf(kind, text)); };
  const about = { "aria-label": `${name}: ${label}`, "aria-invalid": invalid || undefined, "aria-describedby": invalid ? wrong : undefined } as const;
  const choices = CHOICES[leaf === "value" ? of.path.at(-1)! : leaf];
  return (
    <label className={leaf === "source" ? "source" : undefined}>{label}
      {kind === "yes_no" ? (
        <select {...about} value={value} onChange={(event) => set(event.target.value)}><option value="true">{say("term.yes")}</option><option value="false">{say("term.no")}</option></select>
      ) : choices?.includes(value) ? (
        <select {...about} value={value} onChange={(event) => set(event.target.value)}>{choices.map((one) => <option key={one} value={one}>{wordOf(one, say)}</option>)}</select>
      ) : (
        <input {...about} type={kind === "date" ? "date" : "text"} inputMode={kind === "number" ? "numeric" : undefined} maxLength={500} value={value} onChange={(event) => set(event.target.value)} onBlur={() => setTyped(null)} />
      )}
    </label>
  );
}

function Add({ fields, onAdd }: { fields: readonly Field[]; onAdd(change: Change): void }) {
  const { say } = useSpoken();
  const offered = useMemo(() => additions(fields), [fields]);
  const [chosen, setChosen] = useState("");
  const one = offered.find((each) => keyOf(each.path) === chosen);
  return (
    <p className="card basket">
      <label>{say("terms.more")}
        <select value={one ? chosen : ""} onChange={(event) => setChosen(event.target.value)}>
          <option value="">{say("terms.choose")}</option>
          {offered.map((each) => <option key={keyOf(each.path)} value={keyOf(each.path)}>{say(`part.${each.path[0]!}` as Code)}: {clauseName(each.path, say)}</option>)}
        </select>
      </label>
      <button type="button" disabled={!one} onClick={() => { if (one) onAdd(one); setChosen(""); }}>{say("terms.add")}</button>
    </p>
  );
}
