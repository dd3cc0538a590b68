// Within the what-if frame: which engineer is supposed not to be there.
import { useSpoken } from "../text";
import { Dialog } from "./Dialog";
import type { Board } from "./model";

export function AwayDialog({ board, chosen, onClose, onAway }: { board: Board; chosen: string; onClose(): void; onAway(engineer: string): void }) {
  const { say } = useSpoken();
  return (
    <Dialog title={`${say("what_if.start")}: ${say("action.ill")}`} onClose={onClose}>
      <form className="day" onSubmit={(event) => { event.preventDefault(); onAway(String(new FormData(event.currentTarget).get("engineer"))); }}>
        <label>{say("visit.engineer")}<select name="engineer" defaultValue={chosen || undefined}>{board.engineers.map((one) => <option key={one.id}>{one.id}</option>)}</select></label>
        <p><button type="submit" className="main">{say("what_if.start")}</button></p>
      </form>
    </Dialog>
  );
}
