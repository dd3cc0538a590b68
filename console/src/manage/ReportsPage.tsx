import { useSpoken } from "../text";

export default function ReportsPage({ id }: { id: string }) {
  const { say } = useSpoken();
  return <div className="page"><header><h1>{say("manage_tab.reports")}</h1></header><p>{id}</p></div>;
}
