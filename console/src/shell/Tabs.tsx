// A section of several pages: one row of tabs, by right, and the page chosen under it.
import type { ReactNode } from "react";
import { useSpoken } from "../text";
import { useHere } from "./here";
import { Link } from "./route";

type Tabbed = "stock" | "manage" | "administer";

/** `words`: what the tabs' row and each tab are called; `page` gives the page of a tab. */
export function Tabs<Tab extends string>({ section, tab, tabsOf, words, page }: {
  section: Tabbed;
  tab: string;
  tabsOf: (actions: readonly string[]) => Tab[];
  words: { pages: string; tab: (tab: Tab) => string };
  page: (tab: Tab) => ReactNode;
}) {
  const { say } = useSpoken();
  const tabs = tabsOf(useHere().me.actions);
  const shown = tab === "" ? tabs[0] : tabs.find((one) => one === tab);
  return (
    <div className="stock-frame">
      <nav className="sub" aria-label={words.pages}>
        {tabs.map((one) => <Link key={one} to={{ name: section, tab: one, id: "" }} aria-current={one === shown ? "page" : undefined}>{words.tab(one)}</Link>)}
      </nav>
      {shown ? page(shown) : <p className="empty" role="alert">{say("nav.none")}</p>}
    </div>
  );
}
