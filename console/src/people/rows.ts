// Registers of people, read whole: page after page by cursor.
import { client } from "../api/client";

type Register = "/v1/engineers" | "/v1/engineer-skills" | "/v1/certificates" | "/v1/tools" | "/v1/shifts" | "/v1/absences" | "/v1/on-call";
const PAGE = 200;

/** Every row of a register, all or an engineer's. */
export async function everyRow<Row>(register: Register, engineer = ""): Promise<Row[]> {
  const rows: Row[] = [];
  let after = "";
  const who = engineer ? { engineer } : {};
  do {
    const { data } = await client.GET(register as "/v1/shifts", { params: { query: { limit: PAGE, ...who, ...(after ? { after } : {}) } } });
    const page = data as unknown as { rows: Row[]; next: string | null }; // the same address gives CSV where that is asked for
    rows.push(...page.rows);
    after = page.next ?? "";
  } while (after);
  return rows;
}
