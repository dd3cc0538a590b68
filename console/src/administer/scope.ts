// Where rights reach, as a form and in words. Pure.
import type { components } from "contract";
import type { Say } from "../text";

export type Scope = components["schemas"]["ScopeOut"];
export type Role = components["schemas"]["Role"];
export const ROLES = ["dispatcher", "storekeeper", "manager", "director", "engineer", "administrator", "integration"] as const satisfies readonly Role[];

export const REACHES = ["everywhere", "regions", "depots", "customers", "engineer"] as const;
export type Reach = (typeof REACHES)[number];

export interface ScopeTyped {
  reach: Reach;
  regions: readonly string[];
  /** The one region of a narrow scope. */
  region: string;
  depots: readonly string[];
  /** Ids with commas or spaces between. */
  customers: string;
  engineer: string;
}

export const NOWHERE: ScopeTyped = { reach: "regions", regions: [], region: "", depots: [], customers: "", engineer: "" };

const words = (text: string) => text.split(/[\s,;，；、]+/).filter(Boolean);

/** The form of a scope; nothing chosen for one that is narrowed twice, which the form cannot say: half of it would be more. */
export function typedOf(scope: Scope): ScopeTyped {
  if ([scope.depots.length, scope.customers.length, scope.engineer.length].filter(Boolean).length > 1) return NOWHERE;
  const reach: Reach = scope.everywhere ? "everywhere" : scope.engineer ? "engineer" : scope.customers.length ? "customers" : scope.depots.length ? "depots" : "regions";
  return { reach, regions: scope.regions, region: scope.regions[0] ?? "", depots: scope.depots, customers: scope.customers.join(", "), engineer: scope.engineer };
}

/** The scope of a form; null: something is missing yet. What is not of the chosen reach is left out. */
export function scopeOf(typed: ScopeTyped): Scope | null {
  const none: Scope = { everywhere: false, regions: [], depots: [], customers: [], engineer: "" };
  const one = { ...none, regions: typed.region ? [typed.region] : [] };
  switch (typed.reach) {
    case "everywhere": return { ...none, everywhere: true };
    case "regions": return typed.regions.length ? { ...none, regions: [...typed.regions] } : null;
    case "depots": return typed.region && typed.depots.length ? { ...one, depots: [...typed.depots] } : null;
    case "customers": return typed.region && words(typed.customers).length ? { ...one, customers: words(typed.customers) } : null;
    case "engineer": return typed.region && typed.engineer.trim() ? { ...one, engineer: typed.engineer.trim() } : null;
  }
}

/** What a role may be given: an engineer's account is one engineer's, nobody else's is. */
export const reachesOf = (role: Role): readonly Reach[] => (role === "engineer" ? ["engineer"] : REACHES.filter((one) => one !== "engineer"));

/** "fujian: depots DEP-FZ, DEP-XM". */
export function scopeWords(scope: Scope, say: Say): string {
  if (scope.everywhere) return say("scope.everywhere");
  const where = scope.regions.join(", ") || say("scope.nowhere");
  const more = [
    scope.depots.length ? say("scope.depots_of", { ids: scope.depots.join(", ") }) : "",
    scope.customers.length ? say("scope.customers_of", { ids: scope.customers.join(", ") }) : "",
    scope.engineer ? say("scope.engineer_of", { id: scope.engineer }) : "",
  ].filter(Boolean);
  return [where, ...more].join(" · ");
}
