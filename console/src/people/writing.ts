// Rows about people as the interface takes them: read with their version, written whole, refused when somebody was quicker.
import { client, newKey } from "../api/client";
import type { HeldKind, SpanKind } from "./edit";

/** A row as it was seen, and the version a change of it is held to. */
export interface Seen<Row> { row: Row; version: string }

// One shape for all registers: the contract types each address by itself, and they differ in the name of the id alone.
type Asked = { params: { path: Record<string, string>; header?: Record<string, string> }; body?: unknown };
type Answered = Promise<{ data?: unknown; response: Response }>;
const get = client.GET as unknown as (path: string, asked: Asked) => Answered;
const put = client.PUT as unknown as (path: string, asked: Asked) => Answered;
const remove = client.DELETE as unknown as (path: string, asked: Asked) => Answered;

const ADDRESS: Record<SpanKind, [path: string, name: string]> = {
  shift: ["/v1/shifts/{shift}", "shift"],
  on_call: ["/v1/on-call/{on_call}", "on_call"],
  absence: ["/v1/absences/{absence}", "absence"],
};
const PREFIX: Record<SpanKind, string> = { shift: "SH", on_call: "OC", absence: "AB" };
const held = (version: string): Record<string, string> => (version ? { "If-Match": version } : {});

async function seen<Row>(asked: Answered): Promise<Seen<Row>> {
  const { data, response } = await asked;
  return { row: data as Row, version: response.headers.get("ETag") ?? "" };
}

/** An id for a row that has none yet. */
export const newId = (kind: SpanKind | "duty"): string => `${kind === "duty" ? "D" : PREFIX[kind]}-${newKey().slice(0, 8)}`;

export const spanSeen = <Row>(kind: SpanKind, id: string): Promise<Seen<Row>> => seen(get(ADDRESS[kind][0], { params: { path: { [ADDRESS[kind][1]]: id } } }));

export async function writeSpan(kind: SpanKind, id: string, body: unknown, version: string, key: string): Promise<void> {
  const [path, name] = ADDRESS[kind];
  await put(path, { params: { path: { [name]: id }, header: { "Idempotency-Key": key, ...held(version) } }, body });
}

export async function takeAway(kind: SpanKind, id: string, version: string, key: string): Promise<void> {
  const [path, name] = ADDRESS[kind];
  await remove(path, { params: { path: { [name]: id }, header: { "Idempotency-Key": key, ...held(version) } } });
}

export const heldSeen = <Row>(kind: HeldKind, engineer: string): Promise<Seen<{ rows: Row[] }>> => seen(get(`/v1/engineers/{engineer}/${kind}`, { params: { path: { engineer } } }));

export async function writeHeld(kind: HeldKind, engineer: string, rows: unknown[], version: string, key: string): Promise<void> {
  await put(`/v1/engineers/{engineer}/${kind}`, { params: { path: { engineer }, header: { "Idempotency-Key": key, ...held(version) } }, body: { rows } });
}

/** A row on record at its address, with its version. */
export const rowSeen = <Row>(path: string, id: Record<string, string>): Promise<Seen<Row>> => seen(get(path, { params: { path: id } }));

export async function writeRow(path: string, id: Record<string, string>, body: unknown, version: string, key: string): Promise<void> {
  await put(path, { params: { path: id, header: { "Idempotency-Key": key, ...held(version) } }, body });
}

export const engineerSeen = <Row>(engineer: string): Promise<Seen<Row>> => rowSeen("/v1/engineers/{engineer}", { engineer });

export const writeEngineer = (engineer: string, body: unknown, version: string, key: string): Promise<void> => writeRow("/v1/engineers/{engineer}", { engineer }, body, version, key);
