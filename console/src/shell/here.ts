// Who is signed in, what they may do, and the region they look at.
import { createContext, useContext } from "react";
import type { components } from "contract";
import { tabsOf as administerTabs } from "../administer/tabs";
import { tabsOf as manageTabs } from "../manage/tabs";

export type Me = components["schemas"]["MeOut"];
export type RegionHere = components["schemas"]["RegionOut"];

export interface Here {
  me: Me;
  region: RegionHere;
  may(action: string): boolean;
  /** The server's moment, in milliseconds since 1970, going on with this machine's clock. */
  now(): number;
}

export const HereContext = createContext<Here | null>(null);

/** Only inside the pages: there somebody is signed in. */
export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error("no page is shown to nobody");
  return here;
}

export type Section = "board" | "tickets" | "stock" | "people" | "manage" | "administer";

/** Whether somebody with these rights has anything to do in a section. */
const OPEN: Record<Section, (actions: readonly string[]) => boolean> = {
  board: (actions) => actions.includes("plan_read"),
  tickets: (actions) => actions.includes("ticket_read"),
  stock: (actions) => actions.includes("stock_read"),
  people: (actions) => actions.includes("crew_read"),
  manage: (actions) => manageTabs(actions).length > 0,
  administer: (actions) => administerTabs(actions).length > 0,
};

/** The sections somebody may open, in their order. */
export function sectionsOf(actions: readonly string[]): Section[] {
  return (Object.keys(OPEN) as Section[]).filter((one) => OPEN[one](actions));
}

/** The region to look at: the one chosen before where it is still reached, else the first. */
export function regionOf(regions: readonly RegionHere[], chosen: string): RegionHere | undefined {
  return regions.find((one) => one.region === chosen) ?? regions[0];
}
