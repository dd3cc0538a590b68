import { describe, expect, it } from "vitest";
import en from "../text/administer.en.json";
import { sayIn, speakAlso } from "../text";
import { additions, bySeverity, clauseName, differences, groupsOf, nextVersion, noticeOf, shownOf, tomlOf, valueOf, withChange, type Field } from "./terms";

speakAlso({ en, zh: en });
const say = sayIn("en");
const field = (path: string, kind: Field["kind"], toml: string): Field => ({ path: path.split("."), kind, toml, line: 1 });
const ARRIVE = [field("milestones.arrive.all.within", "text", '"4 h"'), field("milestones.arrive.all.source", "text", '"chosen"')];

describe("a value of a file", () => {
  it("is shown and written back as it was", () => {
    for (const one of [field("a", "text", '"x \\"y\\""'), field("a", "number", "30"), field("a", "yes_no", "true"), field("a", "date", "2026-05-01"), field("a", "list", '["arrive", "repair"]'), field("a", "list", "[1, 3, 7]")])
      expect(tomlOf(one.kind, shownOf(one))).toBe(one.toml);
  });
  it("that is none is left to the rules, as a text at its key", () => {
    expect(tomlOf("number", "five")).toBe('"five"');
    expect(tomlOf("date", "")).toBe('""');
  });
  it("changed twice is changed once", () => {
    const once = withChange([], { path: ["a"], toml: "1" });
    expect(withChange(once, { path: ["a"], toml: "2" })).toEqual([{ path: ["a"], toml: "2" }]);
  });
});

describe("a file in parts", () => {
  it("has the values of a clause together, what belongs to the whole first", () => {
    const groups = groupsOf([field("id", "text", '"x"'), field("notice_days.value", "number", "30"), field("notice_days.source", "text", '"chosen"'), ...ARRIVE]);
    expect(groups.map((one) => [one.name, one.clauses.map((clause) => [clause.key, clause.fields.length])])).toEqual([["head", [["id", 1], ["notice_days", 2]]], ["milestones", [["milestones.arrive.all", 2]]]]);
  });
  it("gives each severity the time all had", () => {
    const changes = bySeverity(groupsOf(ARRIVE)[0]!.clauses[0]!);
    expect(changes.map((one) => one.path.at(-1))).toEqual(["P1", "P2", "P3", "P4", "all"]);
    expect(changes[0]!.toml).toBe('{ within = "4 h", source = "chosen" }');
    expect(changes[4]!.toml).toBe("");
  });
  it("offers only clauses that are not there", () => {
    const offered = additions(ARRIVE).map((one) => one.path.join("."));
    expect(offered).not.toContain("milestones.arrive.all");
    expect(offered).toContain("breach.arrive");
    expect(offered).not.toContain("breach.repair");
  });
});

describe("two versions", () => {
  it("differ in what was changed, added and taken out", () => {
    const of = (key: string, value: string) => ({ key, value, source: "chosen" });
    expect(differences([of("a", "1"), of("b", "2"), of("c", "3")], [of("a", "1"), of("b", "9"), of("d", "4")])).toEqual([{ key: "b", here: "2", there: "9" }, { key: "c", here: "3", there: "" }, { key: "d", here: "", there: "4" }]);
  });
  it("the next is in force when the notice is over", () => {
    const days = noticeOf([{ key: "notice_days", value: "30", source: "chosen" }]);
    expect(nextVersion("1", ["1", "2"], "2026-03-06", days).map((one) => one.toml)).toEqual(['"3"', "2026-03-06", "2026-04-05"]);
  });
});

describe("a figure in words", () => {
  const money = (cents: number) => `¥${cents / 100}`;
  it.each([
    ["4 h", "4 h"],
    ["3 d working-days", "3 days, working days"],
    ["True", "yes"],
    ["P1 30000 P2 20000 P3 0 P4 0 per hour", "P1 ¥300 · P2 ¥200 · P3 ¥0 · P4 ¥0 for each hour"],
    ["at-most 20000 cents", "at most ¥200"],
    ["75 % of repair", "at 75 % of: Repair"],
    ["arrive, repair", "Arrive, Repair"],
    ["mon-fri 09:00-18:00", "mon-fri 09:00-18:00"],
  ])("%s", (value, said) => expect(valueOf(value, say, money)).toBe(said));
  it("stands under its name", () => expect(clauseName(["milestones", "arrive", "all"], say)).toBe("Arrive · every severity"));
});
