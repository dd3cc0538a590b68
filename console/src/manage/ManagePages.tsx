// For a manager: what was missed, what it may cost, what should change.
import { lazy } from "react";
import { Tabs } from "../shell/Tabs";
import { speakAlso, useSpoken } from "../text";
import en from "../text/manage.en.json";
import zh from "../text/manage.zh.json";
import { tabsOf, type Tab } from "./tabs";
import "../shell/pages.css";
import "../stock/stock.css";
import "./manage.css";

speakAlso({ en, zh });

const MorningPage = lazy(() => import("./MorningPage"));
const ApprovalsPage = lazy(() => import("./ApprovalsPage"));
const ReportsPage = lazy(() => import("./ReportsPage"));
const ScenariosPage = lazy(() => import("./ScenariosPage"));
const StaffingPage = lazy(() => import("./StaffingPage"));
const TeamPage = lazy(() => import("./TeamPage"));
const RenewalsPage = lazy(() => import("./RenewalsPage"));
const ExposurePage = lazy(() => import("./ExposurePage"));

export default function ManagePages({ tab, id }: { tab: string; id: string }) {
  const { say } = useSpoken();
  const words = { pages: say("manage.pages"), tab: (one: Tab) => say(`manage_tab.${one}`) };
  return <Tabs section="manage" tab={tab} tabsOf={tabsOf} words={words} page={(shown) => <Shown tab={shown} id={id} />} />;
}

function Shown({ tab, id }: { tab: Tab; id: string }) {
  switch (tab) {
    case "morning": return <MorningPage id={id} />;
    case "approvals": return <ApprovalsPage id={id} />;
    case "reports": return <ReportsPage />;
    case "scenarios": return <ScenariosPage id={id} />;
    case "staffing": return <StaffingPage id={id} />;
    case "team": return <TeamPage />;
    case "renewals": return <RenewalsPage />;
    case "exposure": return <ExposurePage />;
  }
}
