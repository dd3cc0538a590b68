// Pages by address: the browser's own history, links that open in a new tab like any other.
import { useCallback, useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from "react";

export type Page =
  | { name: "board" }
  | { name: "tickets" }
  | { name: "new" }
  | { name: "ticket"; ticket: string }
  | { name: "people"; engineer: string }
  | { name: "stock"; tab: string; id: string }
  | { name: "manage"; tab: string; id: string }
  | { name: "administer"; tab: string; id: string }
  | { name: "nowhere" };

const BASE = "/console";

/** The page an address is of. Numbers of tickets may hold a slash, which is written %2F. */
export function pageOf(path: string): Page {
  const words = path.replace(/^\/console\/?/, "").split("/").filter(Boolean).map(decoded);
  const [first, second] = words;
  if (first === undefined) return { name: "board" };
  if (first === "tickets" && words.length === 1) return { name: "tickets" };
  if (first === "tickets" && second === "new" && words.length === 2) return { name: "new" };
  if (first === "tickets" && second && words.length === 2) return { name: "ticket", ticket: second };
  if (first === "people" && words.length <= 2) return { name: "people", engineer: second ?? "" };
  if ((first === "stock" || first === "manage" || first === "administer") && words.length <= 3) return { name: first, tab: second ?? "", id: words[2] ?? "" };
  return { name: "nowhere" };
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

/** The address of a page. */
export function pathOf(page: Page): string {
  switch (page.name) {
    case "tickets": return `${BASE}/tickets`;
    case "new": return `${BASE}/tickets/new`;
    case "ticket": return `${BASE}/tickets/${encodeURIComponent(page.ticket)}`;
    case "people": return page.engineer ? `${BASE}/people/${encodeURIComponent(page.engineer)}` : `${BASE}/people`;
    case "stock":
    case "manage":
    case "administer": return [BASE, page.name, page.tab, page.id].filter(Boolean).map((word, at) => (at < 2 ? word : encodeURIComponent(word))).join("/");
    default: return `${BASE}/`;
  }
}

const hearers = new Set<() => void>();
const tell = () => hearers.forEach((hear) => hear());
window.addEventListener("popstate", tell);

/** Go to a page; `search` begins with "?" or is empty. */
export function go(page: Page, search = ""): void {
  history.pushState(null, "", pathOf(page) + search);
  tell();
}

/** Change what stands behind the "?" without a step in the history: filters while they are typed. */
export function refine(search: string): void {
  history.replaceState(null, "", location.pathname + search);
  tell();
}

const hear = (on: () => void) => { hearers.add(on); return () => hearers.delete(on); };
const address = () => location.pathname + location.search;

/** The page shown, and its address. */
export function useAddress(): string {
  return useSyncExternalStore(hear, address);
}

/** A link to a page: a plain click stays here, everything else is the browser's. */
export function Link({ to, search = "", ...rest }: { to: Page; search?: string } & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href">) {
  const follow = useCallback((event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to, search);
  }, [to, search]);
  return <a href={pathOf(to) + search} onClick={follow} {...rest} />;
}
