import { describe, expect, it } from "vitest";
import { rowsOf } from "../list/csv";
import { NOWHERE, reachesOf, ROLES, scopeOf, typedOf, type Scope } from "./scope";

const NONE: Scope = { everywhere: false, regions: [], depots: [], customers: [], engineer: "" };

describe("a scope", () => {
  it("is the same after it was a form", () => {
    const scopes: Scope[] = [
      { ...NONE, everywhere: true },
      { ...NONE, regions: ["A", "B"] },
      { ...NONE, regions: ["A"], depots: ["D1", "D2"] },
      { ...NONE, regions: ["A"], customers: ["C1", "C2"] },
      { ...NONE, regions: ["A"], engineer: "E1" },
    ];
    for (const scope of scopes) expect(scopeOf(typedOf(scope))).toEqual(scope);
  });

  it("is none while something is missing, and never wider than what was chosen", () => {
    expect(scopeOf(NOWHERE)).toBeNull();
    expect(scopeOf({ ...NOWHERE, reach: "depots", region: "A" })).toBeNull();
    expect(scopeOf({ ...NOWHERE, reach: "engineer", engineer: "E1" })).toBeNull();
    expect(scopeOf({ ...NOWHERE, reach: "customers", region: "A", customers: " C1，C2; C3 ", depots: ["D1"], regions: ["B"] })).toEqual({ ...NONE, regions: ["A"], customers: ["C1", "C2", "C3"] });
  });

  it("narrowed twice is chosen anew, never sent back with half of it gone", () => {
    expect(scopeOf(typedOf({ ...NONE, regions: ["A"], depots: ["D1"], customers: ["C1"] }))).toBeNull();
    expect(scopeOf(typedOf({ ...NONE, regions: ["A"], customers: ["C1"], engineer: "E1" }))).toBeNull();
  });

  it("is one engineer's for engineers and for nobody else", () => {
    for (const role of ROLES) expect(reachesOf(role).includes("engineer")).toBe(role === "engineer");
  });
});

describe("a file of rows", () => {
  it("keeps commas, quotes and line ends inside a cell", () => {
    expect(rowsOf('\uFEFFfile,line,en\r\nsites.csv,2,"a ""lat"", please"\r\nx,,"two\nlines"\n')).toEqual([
      { file: "sites.csv", line: "2", en: 'a "lat", please' },
      { file: "x", line: "", en: "two\nlines" },
    ]);
  });

  it("has no rows where there is nothing or only a head", () => {
    expect(rowsOf("")).toEqual([]);
    expect(rowsOf("file,line\n")).toEqual([]);
  });
});
