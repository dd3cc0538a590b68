// The typed client of the HTTP interface: the language asked for, a key with every write, problems as errors.
import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "contract";
import type { Lang } from "../text";

export interface ProblemBody { code: string; detail: string; status: number; title: string; params?: Record<string, unknown>; at?: { file?: string; column?: string }; problems?: { code: string; detail: string }[] }

/** A refusal of the server: its code for the program, its sentences for the user. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  /** The values of the refusal, by name. */
  readonly params: Record<string, unknown>;
  /** The file it is about, where it is at a place of one; else empty. */
  readonly file: string;
  /** The field it is about; empty: none is named. */
  readonly field: string;
  constructor(body: ProblemBody) {
    super(body.problems?.map((one) => one.detail).join("\n") ?? body.detail);
    this.code = body.code;
    this.status = body.status;
    this.params = body.params ?? {};
    this.file = body.at?.file ?? "";
    this.field = body.at?.column ?? "";
  }
}

let spoken: Lang = "en";
export const speak = (lang: Lang): void => { spoken = lang; };

let region = "";
/** The region every question is about; empty: the only one there is. */
export const inRegion = (name: string): void => { region = name; };

/** What is about the person or the company takes no region. */
const NO_REGION = /^\/v1\/(me|sessions?|regions|users|keys|first-account|people|company-audit|rights|names|imports\/datasets)(\/|$)/;

/** The address with the region it is about. */
export function addressIn(address: string, name: string): string {
  const url = new URL(address);
  if (name && !NO_REGION.test(url.pathname) && !url.searchParams.has("region")) url.searchParams.set("region", name);
  return url.href;
}

/** An address for a link: files and pages to print are opened by the browser itself. */
export const hrefOf = (path: string): string => addressIn(location.origin + path, region);

/** The same request to another address; its body is read whole, because a stream is not sent over HTTP/1.1. */
async function movedTo(address: string, asked: Request): Promise<Request> {
  const body = asked.method === "GET" || asked.method === "HEAD" ? null : await asked.arrayBuffer();
  const { method, headers, credentials, signal } = asked;
  return new Request(address, { method, headers, credentials, signal, ...(body?.byteLength ? { body } : {}) });
}

/** A name for one command: the same name is done once, however often it is sent. */
export const newKey = (): string =>
  // Not randomUUID, which a browser has only on https and on this machine: a desk in a closed network may be served without.
  [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

const manners: Middleware = {
  async onRequest({ request: asked }) {
    const request = region ? await movedTo(addressIn(asked.url, region), asked) : asked;
    request.headers.set("Accept-Language", spoken === "zh" ? "zh-Hans" : "en");
    if (request.method !== "GET" && !request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", newKey());
    return request;
  },
  async onResponse({ response }) {
    if (response.ok || response.status === 304) return;
    const type = response.headers.get("Content-Type") ?? "";
    if (type.startsWith("application/problem+json")) throw new Problem((await response.clone().json()) as ProblemBody);
    throw new Problem({ code: "request.failed", detail: `${response.status} ${response.statusText}`, status: response.status, title: "" });
  },
};

export const client = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin" });
client.use(manners);
