import { useSpoken } from "../text";

export default function ExposurePage({ id }: { id: string }) {
  const { say } = useSpoken();
  return <div className="page"><header><h1>{say("manage_tab.exposure")}</h1></header><p>{id}</p></div>;
}
