import { useSpoken } from "../text";

export default function StaffingPage({ id }: { id: string }) {
  const { say } = useSpoken();
  return <div className="page"><header><h1>{say("manage_tab.staffing")}</h1></header><p>{id}</p></div>;
}
