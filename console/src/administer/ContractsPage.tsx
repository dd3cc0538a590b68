import { useSpoken } from "../text";

export default function ContractsPage({ id }: { id: string }) {
  const { say } = useSpoken();
  return <div className="page"><header><h1>{say("administer_tab.contracts")}</h1></header><p>{id}</p></div>;
}
