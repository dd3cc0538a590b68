// Which tickets a list shows: what the address says, in the words of the interface.
export const STAGES = ["reported", "acknowledged", "triaged", "proposed", "agreed", "planned", "travelling", "on_site", "in_workshop", "left", "repaired", "verified", "closed", "surveyed", "followed_up", "cancelled"] as const;
export const SEVERITIES = ["P1", "P2", "P3", "P4"] as const;
export const WITHIN_H = [1, 4, 8, 24, 72] as const;

export const SORTS = ["newest", "due", "number"] as const;
export type Sort = (typeof SORTS)[number];
export type Stage = (typeof STAGES)[number];
export type Severity = (typeof SEVERITIES)[number];

export interface Filters {
  text?: string;
  customer?: string;
  stage?: Stage;
  severity?: Severity;
  within_h?: number;
  waiting?: true;
  breached?: true;
  over?: true;
  sort: Sort;
}

const among = <Word extends string>(words: readonly Word[], word: string | null): Word | undefined => words.find((one) => one === word);

/** The filters of an address; what it says that is no filter is left out. */
export function filtersOf(search: string): Filters {
  const said = new URLSearchParams(search);
  const found: Filters = { sort: among(SORTS, said.get("sort")) ?? "newest" };
  const text = said.get("text")?.trim().slice(0, 100);
  if (text) found.text = text;
  const customer = said.get("customer")?.trim();
  if (customer && /^[A-Za-z0-9][A-Za-z0-9._/+-]{0,63}$/.test(customer)) found.customer = customer;
  const stage = among(STAGES, said.get("stage"));
  if (stage) found.stage = stage;
  const severity = among(SEVERITIES, said.get("severity"));
  if (severity) found.severity = severity;
  const within = Number(said.get("within_h"));
  if (WITHIN_H.some((one) => one === within)) found.within_h = within;
  for (const name of ["waiting", "breached", "over"] as const) if (said.get(name) === "true") found[name] = true;
  return found;
}

/** The address of filters: "?..." or empty; the other way round from `filtersOf`. */
export function searchOf(filters: Filters): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value !== undefined && !(name === "sort" && value === "newest")) said.set(name, String(value));
  const text = said.toString();
  return text && `?${text}`;
}
