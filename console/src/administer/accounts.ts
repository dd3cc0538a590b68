// Accounts and keys as the pages read and write them.
import type { components } from "contract";
import { client } from "../api/client";

export type User = components["schemas"]["UserOut"];

const PAGE = 200;
const MOST = 2000;

/** Accounts to choose among, open ones by name. */
export async function openUsers(): Promise<User[]> {
  const found: User[] = [];
  let after = "";
  do {
    const { data } = await client.GET("/v1/users", { params: { query: { limit: PAGE, ...(after ? { after } : {}) } } });
    found.push(...data!.users);
    after = data!.next ?? "";
  } while (after && found.length < MOST);
  return found.filter((one) => one.closed_at === null).sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

/** What people call the holder. */
export const nameOf = (user: User): string => (user.shown && user.shown !== user.name ? `${user.shown} (${user.name})` : user.name);

/** Everything kept about somebody, as a file to hand over. */
export function handOver(name: string, document_: unknown): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(document_, null, 1)], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
