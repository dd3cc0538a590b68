import { useSpoken } from "../text";

export default function RenewalsPage({ id }: { id: string }) {
  const { say } = useSpoken();
  return <div className="page"><header><h1>{say("manage_tab.renewals")}</h1></header><p>{id}</p></div>;
}
