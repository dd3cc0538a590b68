// A page that fails says so and leaves the way to the others open.
import { Component, type ReactNode } from "react";
import type { Say } from "../text";

interface Props { say: Say; children: ReactNode }

export class Broken extends Component<Props, { reason: string }> {
  override state = { reason: "" };

  static getDerivedStateFromError(error: unknown): { reason: string } {
    return { reason: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { say, children } = this.props;
    if (!this.state.reason) return children;
    return (
      <div className="empty" role="alert">
        <p>{say("page.broken", { reason: this.state.reason })}</p>
        <p><button type="button" onClick={() => location.reload()}>{say("board.again")}</button></p>
      </div>
    );
  }
}
