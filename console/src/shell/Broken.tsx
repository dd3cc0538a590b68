// A page that fails says so and leaves the way to the others open.
import { Component, type ReactNode } from "react";
import type { Say } from "../text";

/** What browsers say when a part of a page that is loaded later is no longer there: another build stands in its place. */
const GONE = /dynamically imported module|importing a module script failed|unable to preload/i;

interface Props { say: Say; children: ReactNode }

export class Broken extends Component<Props, { reason: string }> {
  override state = { reason: "" };

  static getDerivedStateFromError(error: unknown): { reason: string } {
    return { reason: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { say, children } = this.props;
    const { reason } = this.state;
    if (!reason) return children;
    return (
      <div className="empty" role="alert">
        <p>{GONE.test(reason) ? say("page.updated") : say("page.broken", { reason })}</p>
        <p><button type="button" onClick={() => location.reload()}>{say("board.again")}</button></p>
      </div>
    );
  }
}
