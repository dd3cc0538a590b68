// For a manager: what was missed, what it may cost, what should change.
import { lazy } from "react";
import { useHere } from "../shell/here";
import { Link } from "../shell/route";
import { speakAlso, useSpoken } from "../text";
import en from "../text/manage.en.json";
import zh from "../text/manage.zh.json";
import { tabsOf, type Tab } from "./tabs";
import "../shell/pages.css";
import "../stock/stock.css";

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
  const { me } = useHere();
  const tabs = tabsOf(me.actions);
  const shown = tab === "" ? tabs[0] : tabs.find((one) => one === tab);
  return (
    <div className="stock-frame">
      <nav className="sub" aria-label={say("manage.pages")}>
        {tabs.map((one) => <Link key={one} to={{ name: "manage", tab: one, id: "" }} aria-current={one === shown ? "page" : undefined}>{say(`manage_tab.${one}`)}</Link>)}
      </nav>
      {shown ? <Shown tab={shown} id={id} /> : <p className="empty" role="alert">{say("nav.none")}</p>}
    </div>
  );
}

function Shown({ tab, id }: { tab: Tab; id: string }) {
  switch (tab) {
    case "morning": return <MorningPage id={id} />;
    case "approvals": return <ApprovalsPage id={id} />;
    case "reports": return <ReportsPage id={id} />;
    case "scenarios": return <ScenariosPage id={id} />;
    case "staffing": return <StaffingPage id={id} />;
    case "team": return <TeamPage id={id} />;
    case "renewals": return <RenewalsPage id={id} />;
    case "exposure": return <ExposurePage id={id} />;
  }
}
