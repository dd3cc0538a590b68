// The storeroom: one page for each thing a storekeeper does, by right.
import { lazy } from "react";
import { Tabs } from "../shell/Tabs";
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
const DefectivesPage = lazy(() => import("./DefectivesPage"));
const PicksPage = lazy(() => import("./PicksPage"));
const CountsPage = lazy(() => import("./CountsPage"));
const LoanersPage = lazy(() => import("./LoanersPage"));
const SuppliersPage = lazy(() => import("./SuppliersPage"));
const TransfersPage = lazy(() => import("./TransfersPage"));

export default function StockPages({ tab, id }: { tab: string; id: string }) {
  const { say } = useSpoken();
  const words = { pages: say("stock.pages"), tab: (one: Tab) => say(`stock_tab.${one}`) };
  return <Tabs section="stock" tab={tab} tabsOf={tabsOf} words={words} page={(shown) => <Shown tab={shown} id={id} />} />;
}

function Shown({ tab, id }: { tab: Tab; id: string }) {
  switch (tab) {
    case "reorder": return <ReorderPage />;
    case "positions": return id ? <PartPage key={id} part={id} /> : <PositionsPage />;
    case "orders": return <OrdersPage order={id} />;
    case "receiving": return <ReceivingPage />;
    case "held": return <HeldPage />;
    case "defectives": return <DefectivesPage />;
    case "picks": return <PicksPage />;
    case "counts": return <CountsPage />;
    case "loaners": return <LoanersPage />;
    case "suppliers": return <SuppliersPage supplier={id} />;
    case "transfers": return <TransfersPage />;
  }
}
