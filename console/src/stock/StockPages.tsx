// The storeroom: one page for each thing a storekeeper does, by right.
import { lazy } from "react";
import { useHere } from "../shell/here";
import { Link } from "../shell/route";
import { useSpoken } from "../text";
import { tabsOf, type Tab } from "./tabs";
import "../shell/pages.css";
import "./stock.css";

const ReorderPage = lazy(() => import("./ReorderPage"));
const PositionsPage = lazy(() => import("./PositionsPage"));
const PartPage = lazy(() => import("./PartPage"));
const OrdersPage = lazy(() => import("./OrdersPage"));
const ReceivingPage = lazy(() => import("./ReceivingPage"));
const HeldPage = lazy(() => import("./HeldPage"));
const PicksPage = lazy(() => import("./PicksPage"));
const CountsPage = lazy(() => import("./CountsPage"));
const LoanersPage = lazy(() => import("./LoanersPage"));
const SuppliersPage = lazy(() => import("./SuppliersPage"));
const TransfersPage = lazy(() => import("./TransfersPage"));

export default function StockPages({ tab, id }: { tab: string; id: string }) {
  const { say } = useSpoken();
  const { me } = useHere();
  const tabs = tabsOf(me.actions);
  const shown = tab === "" ? tabs[0] : tabs.find((one) => one === tab);
  return (
    <div className="stock-frame">
      <nav className="sub" aria-label={say("stock.pages")}>
        {tabs.map((one) => <Link key={one} to={{ name: "stock", tab: one, id: "" }} aria-current={one === shown ? "page" : undefined}>{say(`stock_tab.${one}`)}</Link>)}
      </nav>
      {shown ? <Shown tab={shown} id={id} /> : <p className="empty" role="alert">{say("nav.none")}</p>}
    </div>
  );
}

function Shown({ tab, id }: { tab: Tab; id: string }) {
  switch (tab) {
    case "reorder": return <ReorderPage />;
    case "positions": return id ? <PartPage key={id} part={id} /> : <PositionsPage />;
    case "orders": return <OrdersPage order={id} />;
    case "receiving": return <ReceivingPage />;
    case "held": return <HeldPage />;
    case "picks": return <PicksPage />;
    case "counts": return <CountsPage />;
    case "loaners": return <LoanersPage />;
    case "suppliers": return <SuppliersPage supplier={id} />;
    case "transfers": return <TransfersPage />;
  }
}
