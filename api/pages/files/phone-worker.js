// The phone's service worker: pages seen before are there without a connection, what is said without one is sent later.
"use strict";

importScripts("/pages/phone-queue.js");

const PAGES = "phone-pages-1";
const SHELL = ["/m/offline", "/pages/pages.css", "/pages/phone.js", "/pages/phone-queue.js", "/pages/mark.svg"];
const PATIENCE_MS = 8000; // a connection that says nothing for so long is none
const NOT_KEPT =
  "This could not be kept: the phone's storage is full. Go back, and send it again when there is a connection.\n" +
  "手机存储已满，未能保存。请返回，有网络时重新发送。";
const told = new BroadcastChannel(QUEUE.channel);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(PAGES).then((kept) => kept.addAll(SHELL)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("sync", (event) => event.waitUntil(send()));
self.addEventListener("message", (event) => {
  if (event.data === "send") event.waitUntil(send());
  if (Array.isArray(event.data)) event.waitUntil(Promise.all(event.data.map((address) => fresh(new Request(address, { headers: { Accept: "text/html" }, redirect: "manual" })))));
});

self.addEventListener("fetch", (event) => {
  const { method } = event.request;
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  const path = url.pathname;
  if (method === "GET" && !url.search && (path === "/m" || path.startsWith("/m/visits/") || SHELL.includes(path))) event.respondWith(fresh(event.request));
  else if (method === "POST" && path.startsWith("/m/visits/")) event.respondWith(say(event.request));
  else if (method === "POST" && path.startsWith("/m/sign-")) event.respondWith(forget().then(() => fetch(event.request)));
});

/** Another person's pages are not this one's: what was kept goes, what waits to be sent stays. */
async function forget() {
  const kept = await caches.open(PAGES);
  const pages = (await kept.keys()).filter((one) => !SHELL.includes(new URL(one.url).pathname));
  await Promise.all(pages.map((one) => kept.delete(one)));
}

function within(milliseconds, promise) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), milliseconds))]);
}

/** From the network; without one as it was kept; else the page that says so. */
async function fresh(request) {
  const kept = await caches.open(PAGES);
  const before = await kept.match(request.url, { ignoreVary: true });
  try {
    const asked = fetch(request);
    const answer = await (before ? within(PATIENCE_MS, asked) : asked);
    if (answer.status === 200 && answer.type !== "opaqueredirect") await kept.put(request.url, await toKeep(answer.clone()));
    return answer;
  } catch {
    return before || (await kept.match("/m/offline", { ignoreVary: true })) || Response.error();
  }
}

/** A kept page is read later: it no longer says how late it is. */
async function toKeep(answer) {
  if (!(answer.headers.get("Content-Type") || "").startsWith("text/html")) return answer;
  return new Response((await answer.text()).replace(/ data-now="[^"]*"/, ""), { headers: answer.headers });
}

/** Send what a form says, or keep it: behind what waits already, so that nothing overtakes. */
async function say(request) {
  const back = new URL(request.url).pathname.replace(/\/[^/]+$/, "");
  const form = await request.clone().formData();
  const said = { url: request.url, fields: [...form.entries()], state: "waits", words: "", made: Date.now() };
  const waiting = (await QUEUE.all()).filter((one) => one.state !== "refused" && one.state !== "other");
  if (!waiting.length) {
    try {
      return await fetch(request);
    } catch {
      // kept below
    }
  }
  try {
    const twice = waiting.some((one) => QUEUE.field(one, "key") === QUEUE.field(said, "key"));
    if (!twice) await QUEUE.keep(said);
  } catch {
    return new Response(NOT_KEPT, { status: 507, headers: { "Content-Type": "text/plain; charset=utf-8" } });
  }
  if (waiting.length) await send();
  else if (self.registration.sync) await self.registration.sync.register("send").catch(() => undefined);
  told.postMessage("changed");
  return Response.redirect(back, 303);
}

let sending = null;

/** Send what waits, the first first; one at a time, however often it is asked for. */
function send() {
  sending = sending || sendAll().finally(() => {
    sending = null;
    told.postMessage("changed");
  });
  return sending;
}

async function sendAll() {
  for (const said of await QUEUE.all()) {
    if (said.state === "refused") continue;
    const answer = await post(said);
    if (!answer) return;
    if (answer.type === "opaqueredirect" || answer.ok) {
      await QUEUE.drop(said.n);
      told.postMessage("sent");
      continue;
    }
    const problem = await answer.json().catch(() => ({}));
    if (answer.status === 401) {
      await QUEUE.keep({ ...said, state: "signed-out" });
      return;
    }
    if (answer.status === 429 || answer.status >= 500 || problem.code === "database.key_in_flight") return;
    const state = problem.code === "phone.other_account" ? "other" : "refused";
    await QUEUE.keep({ ...said, state, code: problem.code || "", words: problem.detail || String(answer.status) });
  }
}

/** One post again, with the key it was made with; null: there is no connection. */
async function post(said) {
  const body = said.fields.some((pair) => pair[1] instanceof Blob) ? new FormData() : new URLSearchParams();
  for (const [name, value] of said.fields) body.append(name, value);
  try {
    return await fetch(said.url, { method: "POST", body, redirect: "manual", headers: { Accept: "application/problem+json" } });
  } catch {
    return null;
  }
}
