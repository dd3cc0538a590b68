// Names of documents made on a page, and what one page hands to the next in its address.
import type { Line } from "./reorder";

/** A number for a document of one's own: what was asked for once gets one, and another another. */
export function documentOf(kind: string, key: string): string {
  return `${kind}-${key.replaceAll("-", "").slice(0, 10).toUpperCase()}`;
}

/** Lines to send, as the address of the transfers' page: those that leave where the first one does, for where it goes. */
export function transferSearch(lines: readonly Line[]): string {
  const first = lines[0];
  if (!first) return "";
  const said = new URLSearchParams({ from: first.from_place, to: first.place });
  for (const one of lines) if (one.from_place === first.from_place && one.place === first.place) said.append("line", `${one.part} ${one.quantity}`);
  return `?${said}`;
}

export interface ToSend { from: string; to: string; lines: { part: string; quantity: string }[] }

/** The other way round. */
export function toSendOf(search: string): ToSend {
  const said = new URLSearchParams(search);
  const lines = said.getAll("line").flatMap((one) => {
    const [part, quantity] = one.split(" ");
    return part ? [{ part, quantity: quantity ?? "1" }] : [];
  });
  return { from: said.get("from") ?? "", to: said.get("to") ?? "", lines };
}
