// What would happen if: asked by form, answered with figures, asked for as changes.
import { useAddress } from "../shell/route";
import { AskPage } from "./scenario/AskPage";
import { RunPage } from "./scenario/RunPage";
import "./scenario/scenario.css";

export default function ScenariosPage({ id }: { id: string }) {
  const from = new URLSearchParams(useAddress().split("?")[1] ?? "").get("from") ?? "";
  return id ? <RunPage key={id} run={id} /> : <AskPage key={from} from={from} />;
}
