import { useSpoken } from "../text";

export default function ImportsPage({ id }: { id: string }) {
  const { say } = useSpoken();
  return <div className="page"><header><h1>{say("administer_tab.imports")}</h1></header><p>{id}</p></div>;
}
