// Asking what would happen: a base, scenarios side by side, each of cards; no file to be written.
import { useCallback, useEffect, useId, useRef, useState } from "react";
import { client, Problem } from "../../api/client";
import { useCommand } from "../../shell/command";
import { useHere } from "../../shell/here";
import { useRead } from "../../shell/read";
import { go } from "../../shell/route";
import { Waiting } from "../../shell/Waiting";
import { sayIn, useSpoken } from "../../text";
import { BaseFields, baseAsked, baseOf, USUAL, type BaseAsked } from "./BaseFields";
import { Cards, type LibraryRow, type Refused } from "./Cards";
import { readLibrary } from "./choices";
import { cardMeant, cardsGiven, firstOf, givenOf, type Card, type Given } from "./patches";
import { PastRuns } from "./PastRuns";

const WHOLE = "20";
const MOST_SCENARIOS = 10;

/** Who gives out the visits: one comparison, the planner of live work, or both beside each other. */
const POLICIES = ["fast", "live", "fast,live"] as const;
type Policy = (typeof POLICIES)[number];
interface Draft { base: BaseAsked; scenarios: { id: string; cards: Card[] }[]; replications: string; policy: Policy }
const EMPTY: Draft = { base: USUAL, scenarios: [{ id: "s1", cards: [] }], replications: WHOLE, policy: "fast" };
// What was put together stays when another page is looked at meanwhile.
let kept: { of: string; draft: Draft } | null = null;

/** The next free name of a scenario. */
const free = (draft: Draft): string => {
  const taken = new Set(draft.scenarios.map((one) => one.id));
  return [...Array(MOST_SCENARIOS + 1).keys()].map((at) => `s${at + 1}`).find((one) => !taken.has(one))!;
};

/** Under the planner of live work days are dear, and few of them are let in: the estimate is the answer until more is asked for. */
function paced(draft: Draft, policy: Policy): Draft {
  const [fast, live] = [policy === "fast", String(firstOf(draft.scenarios.length))];
  const replications = fast && draft.replications === live ? WHOLE : !fast && draft.replications === WHOLE ? live : draft.replications;
  return { ...draft, policy, replications };
}

export function AskPage({ from }: { from: string }) {
  const spoken = useSpoken();
  const { say, lang } = spoken;
  const here = useHere();
  const of = `${here.me.user} ${here.region.region}`;
  const [draft, setDraft] = useState<Draft>(kept?.of === of && !from ? kept.draft : EMPTY);
  useEffect(() => { kept = { of, draft }; }, [of, draft]);
  const [refused, setRefused] = useState<Record<string, Refused>>({});
  const command = useCommand();
  const form = useId();
  const ask = useCallback(async () => {
    const library = (await readLibrary()) as LibraryRow[];
    const run = from ? (await client.GET("/v1/scenarios/{run}", { params: { path: { run: from } } })).data! : null;
    return { library, run };
  }, [from]);
  const read = useRead(ask);
  const library = read.value?.library ?? [];
  const filled = useRef("");
  useEffect(() => {
    const run = read.value?.run;
    // Once: what was changed since stays, whatever the language.
    if (!run || filled.current === run.id) return;
    filled.current = run.id;
    const asked = run.asked as { base: Record<string, unknown>; scenarios?: { id: string; patches: Given[] }[]; replications: number; policy?: Policy };
    const named = (id: string) => read.value!.library.find((one) => one.id === id);
    const scenarios = (asked.scenarios ?? []).map((one) => ({ id: one.id, cards: one.patches.flatMap((given) => cardsGiven(given, named, lang)) }));
    setDraft({ base: baseAsked(asked.base), scenarios: scenarios.length > 0 ? scenarios : EMPTY.scenarios, replications: String(Math.max(asked.replications, Number(WHOLE))), policy: asked.policy ?? "fast" });
    setRefused(refusals(run.errors.map((one) => ({ file: one.at?.file ?? "", detail: one.detail }))));
  }, [read.value, lang]);
  const change = (scenarios: Draft["scenarios"]) => { setDraft({ ...draft, scenarios }); setRefused({}); };
  const full = draft.scenarios.filter((one) => one.cards.length > 0);
  const first = firstOf(full.length);
  const start = () => command.run(async (key) => {
    const whole = Math.max(1, Number(draft.replications) || Number(WHOLE));
    const [en, zh] = [sayIn("en"), sayIn("zh")];
    setRefused({});
    try {
      const body = { base: baseOf(draft.base), scenarios: full.map((one) => ({ id: one.id, patches: one.cards.map((card) => givenOf(card, en, zh)) })), replications: Math.min(first, whole), policy: draft.policy };
      const { data } = await client.POST("/v1/scenarios", { params: { header: { "Idempotency-Key": key } }, body: body as never });
      go({ name: "manage", tab: "scenarios", id: data!.run }, whole > first ? `?whole=${whole}` : "");
    } catch (error) {
      if (error instanceof Problem && error.file) setRefused(refusals([{ file: error.file, detail: error.message }]));
      throw error;
    }
    return "";
  });
  return (
    <div className="page" tabIndex={0} role="region" aria-label={say("manage_tab.scenarios")}>
      <header><h1>{say("study.title")}</h1></header>
      <Waiting of={read} />
      {read.value && (
        <>
          {/* The cards hold forms of their own: they stand outside of this one. */}
          <form id={form} onSubmit={(event) => { event.preventDefault(); void start(); }}>
            <section className="card" aria-label={say("study.started_from")}>
              <h2>{say("study.started_from")}</h2>
              <div className="fields">
                <BaseFields base={draft.base} library={library} region={here.region.name} onChange={(base) => setDraft({ ...draft, base })} />
                <label>{say("study.replications")}<input type="number" min={1} max={1000} step={1} required value={draft.replications} onChange={(event) => setDraft({ ...draft, replications: event.target.value })} /></label>
                <label>{say("study.policy")}<select value={draft.policy} onChange={(event) => setDraft(paced(draft, event.target.value as Policy))}>{POLICIES.map((one) => <option key={one} value={one}>{say(`study_policy.${one === "fast,live" ? "both" : one}`)}</option>)}</select></label>
              </div>
            </section>
          </form>
            <div className="scenarios">
              {draft.scenarios.map((one, at) => (
                <Cards key={one.id} title={say("study.scenario", { n: at + 1 })} cards={one.cards} library={library} refused={refused[one.id] ?? {}}
                  onChange={(cards) => change(draft.scenarios.map((row) => (row === one ? { ...one, cards } : row)))}
                  {...(draft.scenarios.length < MOST_SCENARIOS ? { onCopy: () => change([...draft.scenarios, { id: free(draft), cards: one.cards }]) } : {})}
                  {...(draft.scenarios.length > 1 ? { onRemove: () => change(draft.scenarios.filter((row) => row !== one)) } : {})} />
              ))}
            </div>
            <div className="send">
              {draft.scenarios.length < MOST_SCENARIOS && <button type="button" onClick={() => change([...draft.scenarios, { id: free(draft), cards: [] }])}>{say("study.another")}</button>}
              {here.may("scenario_run") && <button type="submit" form={form} className="main" disabled={command.busy || (full.length === 0 && draft.policy !== "fast,live")}>{say("study.run")}</button>}
              <span className="quiet">{say(full.length === 0 && draft.policy !== "fast,live" ? "study.needs_change" : "study.how", { first, whole: draft.replications || WHOLE })}</span>
            </div>
            <p role="alert" className="refused">{command.refused}</p>
          <PastRuns />
        </>
      )}
    </div>
  );
}

/** Refusals by scenario and card; what is about none of them is said below the form. */
export function refusals(found: readonly { file: string; detail: string }[]): Record<string, Refused> {
  const made: Record<string, Record<number, string>> = {};
  for (const one of found) {
    const meant = cardMeant(one.file);
    if (meant) (made[meant.scenario] ??= {})[meant.patch] = one.detail;
  }
  return made;
}
