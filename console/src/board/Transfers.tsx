// Transfers that were asked for, with how they stand: of one visit in its details, of all in the panel.
import { useSpoken } from "../text";
import type { Transfer } from "./transfers";

export function TransferList({ transfers, onChoose }: { transfers: readonly Transfer[]; onChoose?(visit: string): void }) {
  const { say, moment } = useSpoken();
  return (
    <ul className="ways transfers">
      {transfers.map((one) => (
        <li key={one.id}>
          {onChoose && <><button type="button" className="link" onClick={() => onChoose(one.visit)}>{one.visit}</button>{" "}</>}
          {one.quantity} × {one.name || one.part}, {say("transfer.from", { from: one.from })}
          <p className={one.state === "overdue" ? "late" : "quiet"}>{say(`transfer.${one.state}`, { at: moment(one.at) })} <small>{one.id}</small></p>
        </li>
      ))}
    </ul>
  );
}

export function Transfers({ transfers, onChoose }: { transfers: readonly Transfer[]; onChoose(visit: string): void }) {
  const { say } = useSpoken();
  return (
    <section className="proposal" aria-label={say("panel.transfers")}>
      <header><h2>{say("panel.transfers")}</h2></header>
      {transfers.length === 0 ? <p className="empty">{say("transfer.none")}</p> : <TransferList transfers={transfers} onChoose={onChoose} />}
    </section>
  );
}
