// The frame of every page: sections by right, the region, the language, who is signed in.
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { client, inRegion, newKey, Problem, speak } from "../api/client";
import { BoardPage, type BoardSource } from "../board/BoardPage";
import { hearsFrom } from "../live";
import { SpokenContext, spokenIn, useSpoken, type Lang } from "../text";
import { Broken } from "./Broken";
import { HereContext, regionOf, sectionsOf, type Here, type Me, type RegionHere, type Section } from "./here";
import { Link, pageOf, useAddress, type Page } from "./route";
import { SignIn } from "./SignIn";

const TicketsPage = lazy(() => import("../tickets/TicketsPage"));
const NewPage = lazy(() => import("../tickets/NewPage"));
const TicketPage = lazy(() => import("../tickets/TicketPage"));
const StockPages = lazy(() => import("../stock/StockPages"));
const ManagePages = lazy(() => import("../manage/ManagePages"));
const AdministerPages = lazy(() => import("../administer/AdministerPages"));
const PeoplePage = lazy(() => import("../people/PeoplePage"));

const LANG = "fieldwright.lang";
const REGION = "fieldwright.region";

function firstLang(): Lang {
  const kept = localStorage.getItem(LANG) ?? navigator.language;
  return kept.toLowerCase().startsWith("zh") ? "zh" : "en";
}

const source: BoardSource = {
  async load() {
    const { data } = await client.GET("/v1/board");
    return data!;
  },
};

/** `ahead`: milliseconds the server's clock is before this machine's. */
interface Entered { me: Me; regions: RegionHere[]; ahead: number }

export function App() {
  const [lang, setLang] = useState<Lang>(firstLang);
  const [entered, setEntered] = useState<Entered | null>();
  const [chosen, setChosen] = useState(() => localStorage.getItem(REGION) ?? "");
  const [failed, setFailed] = useState("");
  const region = entered ? regionOf(entered.regions, chosen) : undefined;
  speak(lang);
  inRegion(entered && entered.regions.length > 1 && region ? region.region : "");
  const spoken = useMemo(() => spokenIn(lang, region?.zone ?? "UTC"), [lang, region?.zone]);
  const { say } = spoken;
  useEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
    localStorage.setItem(LANG, lang);
  }, [lang]);
  const ask = useCallback(() => {
    Promise.all([client.GET("/v1/me"), client.GET("/v1/regions")]).then(
      ([me, regions]) => { hearsFrom(regions.data!.live); setFailed(""); setEntered({ me: me.data!, regions: regions.data!.regions, ahead: Date.parse(regions.data!.now) - Date.now() }); },
      (error: unknown) => (error instanceof Problem && error.status === 401 ? setEntered(null) : setFailed(error instanceof Error ? error.message : String(error))),
    );
  }, []);
  useEffect(ask, [ask]);
  const leave = () => void client.DELETE("/v1/session", { params: { header: { "Idempotency-Key": newKey() } } }).finally(() => setEntered(null));
  const here = useMemo<Here | null>(() => (entered && region ? { me: entered.me, region, may: (action) => entered.me.actions.includes(action), now: () => Date.now() + entered.ahead } : null), [entered, region]);
  const page = pageOf(useAddress().split("?")[0]!);
  const choose = (name: string) => { localStorage.setItem(REGION, name); setChosen(name); };
  return (
    <SpokenContext value={spoken}>
      <div className="shell">
        <header className="top">
          <span className="name">{say("product")}</span>
          {here && <Sections here={here} page={page} />}
          <div className="right">
            {entered && entered.regions.length > 1 && region && (
              <label><span className="only-read">{say("nav.region")}</span>
                <select value={region.region} onChange={(event) => choose(event.target.value)}>
                  {entered.regions.map((one) => <option key={one.region} value={one.region}>{one.name || one.region}</option>)}
                </select>
              </label>
            )}
            {entered && <span>{entered.me.shown || entered.me.user}</span>}
            <button type="button" lang={lang === "zh" ? "en" : "zh-Hans"} onClick={() => setLang(lang === "zh" ? "en" : "zh")}>{say("lang.other")}</button>
            {entered && <button type="button" onClick={leave}>{say("sign_in.out")}</button>}
          </div>
        </header>
        <main>
          {failed && <div className="empty" role="alert"><p>{failed}</p><p><button type="button" onClick={ask}>{say("board.again")}</button></p></div>}
          {!failed && entered === null && <SignIn onSignedIn={ask} />}
          {!failed && entered && !here && <p className="empty" role="alert">{say("nav.nothing_allowed")}</p>}
          {!failed && here && (
            <HereContext value={here} key={here.region.region}>
              <Broken key={page.name} say={say}><Suspense fallback={<p className="empty" role="status">{say("page.loading")}</p>}><Shown page={page} lang={lang} sections={sectionsOf(here.me.actions)} /></Suspense></Broken>
            </HereContext>
          )}
        </main>
      </div>
    </SpokenContext>
  );
}

const SECTION: Record<Page["name"], Section | ""> = { board: "board", tickets: "tickets", new: "tickets", ticket: "tickets", stock: "stock", people: "people", manage: "manage", administer: "administer", nowhere: "" };
const FIRST: Record<Section, Page> = { board: { name: "board" }, tickets: { name: "tickets" }, stock: { name: "stock", tab: "", id: "" }, people: { name: "people", engineer: "" }, manage: { name: "manage", tab: "", id: "" }, administer: { name: "administer", tab: "", id: "" } };

function Sections({ here, page }: { here: Here; page: Page }) {
  const { say } = useSpoken();
  return (
    <nav aria-label={say("nav.sections")}>
      {sectionsOf(here.me.actions).map((one) => (
        <Link key={one} to={FIRST[one]} aria-current={SECTION[page.name] === one && page.name !== "new" ? "page" : undefined}>{say(`nav.${one}`)}</Link>
      ))}
      {here.may("ticket_write") && here.may("customer_read") && <Link to={{ name: "new" }} className="new" aria-current={page.name === "new" ? "page" : undefined}>{say("nav.new_ticket")}</Link>}
    </nav>
  );
}

function Shown({ page, lang, sections }: { page: Page; lang: Lang; sections: Section[] }) {
  const { say } = useSpoken();
  // The board stands at the first address; who may not read plans begins with what he may.
  const first = sections[0];
  const shown = page.name === "board" && first && !sections.includes("board") ? FIRST[first] : page;
  const section = SECTION[shown.name];
  if (!first) return <p className="empty" role="alert">{say("nav.nothing_allowed")}</p>;
  if (!section || !sections.includes(section)) return <div className="empty" role="alert"><h1>{say("nav.none")}</h1><p><Link to={FIRST[first]}>{say("nav.home")}</Link></p></div>;
  switch (shown.name) {
    case "tickets": return <TicketsPage />;
    case "new": return <NewPage />;
    case "ticket": return <TicketPage key={shown.ticket} ticket={shown.ticket} />;
    case "stock": return <StockPages tab={shown.tab} id={shown.id} />;
    case "manage": return <ManagePages tab={shown.tab} id={shown.id} />;
    case "administer": return <AdministerPages tab={shown.tab} id={shown.id} />;
    case "people": return <PeoplePage engineer={shown.engineer} />;
    default: return <BoardPage source={source} lang={lang} />;
  }
}
