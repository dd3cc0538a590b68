import { useSpoken } from "../text";

export default function BackupsPage({ id }: { id: string }) {
  const { say } = useSpoken();
  return <div className="page"><header><h1>{say("administer_tab.backups")}</h1></header><p>{id}</p></div>;
}
