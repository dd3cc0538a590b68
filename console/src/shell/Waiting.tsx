// What a page shows instead of its content, or above it: loading, failed, stale.
import { useSpoken } from "../text";
import type { Read } from "./read";

export function Waiting({ of }: { of: Pick<Read<unknown>, "value" | "failed" | "again"> }) {
  const { say } = useSpoken();
  if (of.failed) {
    return (
      <div className={of.value === undefined ? "empty" : "stale-line"} role="alert">
        <p>{say(of.value === undefined ? "page.failed" : "page.stale", { reason: of.failed })} <button type="button" onClick={of.again}>{say("board.again")}</button></p>
      </div>
    );
  }
  return of.value === undefined ? <p className="empty" role="status">{say("page.loading")}</p> : null;
}
