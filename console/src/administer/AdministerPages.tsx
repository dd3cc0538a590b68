// For an administrator: terms, accounts, settings and what keeps the data whole.
import { lazy } from "react";
import { useHere } from "../shell/here";
import { Link } from "../shell/route";
import { speakAlso, useSpoken } from "../text";
import en from "../text/administer.en.json";
import zh from "../text/administer.zh.json";
import { tabsOf, type Tab } from "./tabs";
import "../shell/pages.css";
import "../stock/stock.css";

speakAlso({ en, zh });

const ContractsPage = lazy(() => import("./ContractsPage"));
const SchemesPage = lazy(() => import("./SchemesPage"));
const UsersPage = lazy(() => import("./UsersPage"));
const KeysPage = lazy(() => import("./KeysPage"));
const RightsPage = lazy(() => import("./RightsPage"));
const AuditPage = lazy(() => import("./AuditPage"));
const SettingsPage = lazy(() => import("./SettingsPage"));
const ImportsPage = lazy(() => import("./ImportsPage"));
const BackupsPage = lazy(() => import("./BackupsPage"));

export default function AdministerPages({ tab, id }: { tab: string; id: string }) {
  const { say } = useSpoken();
  const { me } = useHere();
  const tabs = tabsOf(me.actions);
  const shown = tab === "" ? tabs[0] : tabs.find((one) => one === tab);
  return (
    <div className="stock-frame">
      <nav className="sub" aria-label={say("administer.pages")}>
        {tabs.map((one) => <Link key={one} to={{ name: "administer", tab: one, id: "" }} aria-current={one === shown ? "page" : undefined}>{say(`administer_tab.${one}`)}</Link>)}
      </nav>
      {shown ? <Shown tab={shown} id={id} /> : <p className="empty" role="alert">{say("nav.none")}</p>}
    </div>
  );
}

function Shown({ tab, id }: { tab: Tab; id: string }) {
  switch (tab) {
    case "contracts": return <ContractsPage id={id} />;
    case "schemes": return <SchemesPage id={id} />;
    case "users": return <UsersPage id={id} />;
    case "keys": return <KeysPage id={id} />;
    case "rights": return <RightsPage id={id} />;
    case "audit": return <AuditPage id={id} />;
    case "settings": return <SettingsPage id={id} />;
    case "imports": return <ImportsPage id={id} />;
    case "backups": return <BackupsPage id={id} />;
  }
}
