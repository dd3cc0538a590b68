// For an administrator: terms, accounts, settings and what keeps the data whole.
import { lazy } from "react";
import { Tabs } from "../shell/Tabs";
import { speakAlso, useSpoken } from "../text";
import en from "../text/administer.en.json";
import zh from "../text/administer.zh.json";
import { tabsOf, type Tab } from "./tabs";
import "../shell/pages.css";
import "../stock/stock.css";
import "./terms.css";

speakAlso({ en, zh });

const ContractsPage = lazy(() => import("./ContractsPage"));
const SchemesPage = lazy(() => import("./SchemesPage"));
const PracticePage = lazy(() => import("./PracticePage"));
const UsersPage = lazy(() => import("./UsersPage"));
const KeysPage = lazy(() => import("./KeysPage"));
const RightsPage = lazy(() => import("./RightsPage"));
const AuditPage = lazy(() => import("./AuditPage"));
const SettingsPage = lazy(() => import("./SettingsPage"));
const ImportsPage = lazy(() => import("./ImportsPage"));
const BackupsPage = lazy(() => import("./BackupsPage"));

export default function AdministerPages({ tab, id }: { tab: string; id: string }) {
  const { say } = useSpoken();
  const words = { pages: say("administer.pages"), tab: (one: Tab) => say(`administer_tab.${one}`) };
  return <Tabs section="administer" tab={tab} tabsOf={tabsOf} words={words} page={(shown) => <Shown tab={shown} id={id} />} />;
}

function Shown({ tab, id }: { tab: Tab; id: string }) {
  switch (tab) {
    case "contracts": return <ContractsPage id={id} />;
    case "schemes": return <SchemesPage id={id} />;
    case "practice": return <PracticePage />;
    case "users": return <UsersPage id={id} />;
    case "keys": return <KeysPage id={id} />;
    case "rights": return <RightsPage id={id} />;
    case "audit": return <AuditPage id={id} />;
    case "settings": return <SettingsPage />;
    case "imports": return <ImportsPage id={id} />;
    case "backups": return <BackupsPage />;
  }
}
