// Ways parts are brought to visits, read anew with every version of the board.
import { useEffect, useState } from "react";
import { client } from "../api/client";
import { useHere } from "../shell/here";
import type { Delivery } from "./transfers";

const PAGE = 200;

async function everyDelivery(): Promise<Delivery[]> {
  const found: Delivery[] = [];
  let after = "";
  do {
    const { data } = await client.GET("/v1/deliveries", { params: { query: { limit: PAGE, ...(after ? { after } : {}) } } });
    const page = data as unknown as { rows: Delivery[]; next: string | null };
    found.push(...page.rows);
    after = page.next ?? "";
  } while (after);
  return found;
}

/** The rows, for who may see stock; undefined: they may not, or they are not read yet. */
export function useDeliveries(version: string | undefined): readonly Delivery[] | undefined {
  const { may } = useHere();
  const [rows, setRows] = useState<readonly Delivery[]>();
  const wanted = may("stock_read") && version !== undefined;
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    // The last answer stays while the server is away: the board itself says that it is stale.
    everyDelivery().then((found) => { if (!gone) setRows(found); }, () => undefined);
    return () => { gone = true; };
  }, [wanted, version]);
  return rows;
}
