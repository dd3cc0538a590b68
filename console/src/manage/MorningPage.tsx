import { useSpoken } from "../text";

export default function MorningPage({ id }: { id: string }) {
  const { say } = useSpoken();
  return <div className="page"><header><h1>{say("manage_tab.morning")}</h1></header><p>{id}</p></div>;
}
