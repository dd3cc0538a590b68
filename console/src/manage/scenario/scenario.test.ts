import { describe, expect, it } from "vitest";
import { sayIn, speakAlso } from "../../text";
import en from "../../text/manage.en.json";
import zh from "../../text/manage.zh.json";
import { rowsOf } from "../../list/csv";
import { besides, front, promisesBy } from "./figures";
import { cardMeant, cardsGiven, cardsOf, entryOf, firstOf, FORMS, givenOf, KINDS, lacking, onlyPeople, sentenceOf, fieldsOf } from "./patches";

speakAlso({ en, zh });
const [english, chinese] = [sayIn("en"), sayIn("zh")];

describe("the first estimate", () => {
  it("simulates fewer replications of each where more stand side by side, never one alone: it is waited for", () => {
    expect([1, 3, 4, 10].map(firstOf)).toEqual([4, 4, 3, 2]);
  });
});

describe("patches", () => {
  it("a filled form gives the entry docs/scenarios.md asks for, and the entry fills the form again", () => {
    const values = { like: "E-101", count: "2", depot: "D-FZ", skills: "power:3, water:2" };
    const entry = entryOf("engineers_add", values);
    expect(entry).toEqual({ do: "add", like: "E-101", count: 2, depot: "D-FZ", skills: ["power:3", "water:2"] });
    expect(cardsOf({ name: "x", engineers: [entry] })).toEqual([{ kind: "engineers_add", values }]);
  });
  it("every kind of change reads as a sentence in both languages, with nothing left open", () => {
    for (const kind of KINDS) {
      const values = Object.fromEntries(fieldsOf(kind).map(({ name, ask }) => [name, ask === "number" || ask === "whole" ? "2" : ask === "causes" ? "absence" : "X-1"]));
      expect(lacking(kind, values)).toEqual([]);
      for (const say of [english, chinese]) {
        const told = sentenceOf({ kind, values }, say);
        expect(told).not.toMatch(/patch_|chance_cause|\{|undefined/);
        expect(told.length).toBeGreaterThan(4);
      }
      const { table } = givenOf({ kind, values }, english, chinese);
      expect(Object.keys(table!)).toEqual(["name", "name_zh", FORMS[kind].list]);
    }
  });
  it("what is wanted and empty, or no number, is named", () => {
    expect(lacking("demand", {})).toEqual(["factor"]);
    expect(lacking("demand", { factor: "much" })).toEqual(["factor"]);
    expect(lacking("engineers_add", { like: "E-101", count: "1.5" })).toEqual(["count"]);
  });
  it("a patch no form can show stays what it was", () => {
    const given = { library: "", toml: "", table: { name: "Odd", chance: { cv2: 3 } } };
    expect(cardsGiven(given, () => undefined, "en")).toEqual([{ kind: "as_is", given, name: "Odd" }]);
  });
  it("a scenario lies on the curve when it changes people and nothing else", () => {
    const given = (table: Record<string, unknown>) => ({ library: "", toml: "", table });
    const fewer = given({ name: "x", engineers: [{ do: "remove", depot: "D1", count: 1 }] });
    const shipped = { library: "busy", toml: "", table: null };
    expect(onlyPeople([fewer], () => undefined)).toBe(true);
    expect(onlyPeople([fewer, given({ name: "y", demand: [{ factor: 2 }] })], () => undefined)).toBe(false);
    expect(onlyPeople([shipped], () => ({ demand: [] }))).toBe(false);
    expect(onlyPeople([{ library: "", toml: "name = 'x'", table: null }], () => undefined)).toBe(false);
  });
  it("a refusal is shown on the card it means", () => {
    expect(cardMeant("s1-2.json")).toEqual({ scenario: "s1", patch: 2 });
    expect(cardMeant("two_more_engineers.toml")).toBeNull();
  });
});

describe("figures", () => {
  it("the front holds who is beaten by nobody", () => {
    expect([...front([{ x: 10, y: 0.8 }, { x: 12, y: 0.7 }, { x: 14, y: 0.9 }])]).toEqual([0, 2]);
  });
  it("promises are added over replications and severities", () => {
    const rows = rowsOf("\uFEFFscenario,replication,clock,tier,region,severity,kept,promised\nbase,0,arrive,\"a,b\",D1,1,1,2\nbase,1,arrive,\"a,b\",D1,2,3,4\nbase,0,restore,x,D2,1,1,1\n");
    const found = promisesBy(rows, "base", "arrive");
    expect(found.tiers).toEqual(["a,b"]);
    expect(found.cell("a,b", "D1")).toEqual({ kept: 4, promised: 6 });
    expect(found.cell("a,b", "D9")).toEqual({ kept: 0, promised: 0 });
  });
  it("an engineer of one plan only stands beside nothing", () => {
    const visit = { ticket: "T1", start: "2026-03-09T09:00:00+08:00", end: "2026-03-09T10:00:00+08:00", late_s: 0 };
    const plans = { replication: 0, scenarios: [{ id: "base", days: [{ day: "2026-03-09", engineers: [{ engineer: "E1", visits: [visit] }] }] }, { id: "s1", days: [{ day: "2026-03-09", engineers: [{ engineer: "E2", visits: [visit] }] }] }] };
    expect(besides(plans, "2026-03-09", "base", "s1")).toEqual([{ engineer: "E1", left: [visit], right: [] }, { engineer: "E2", left: [], right: [visit] }]);
  });
});
