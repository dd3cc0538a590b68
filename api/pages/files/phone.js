// The phone's page: forms get their key and moment, what waits is shown, a signature is drawn, a code is read, a position told.
"use strict";

const byId = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

// The server's clock: a page that comes from it says how late it is there; one that was kept says nothing, and what was known holds.

const AHEAD = "ahead-ms";
const told = byId("connection") && byId("connection").dataset.now;
if (told) localStorage.setItem(AHEAD, String(Date.parse(told) - Date.now()));
const now = () => Date.now() + Number(localStorage.getItem(AHEAD) || 0);

// Forms

function renewKeys() {
  for (const field of document.querySelectorAll('input[name="key"]')) field.value = QUEUE.newKey();
}

document.addEventListener("submit", (event) => {
  const field = event.target.elements.namedItem("at");
  if (field) field.value = new Date(now()).toISOString();
  const canvas = event.target.querySelector("canvas");
  if (canvas) event.target.elements.namedItem("drawing").value = canvas.dataset.drawn ? canvas.toDataURL("image/png") : "";
});
window.addEventListener("pageshow", renewKeys);

// What waits to be sent

const section = byId("waiting");
const connection = byId("connection");

function worker() {
  return navigator.serviceWorker && navigator.serviceWorker.controller;
}

function send() {
  if (worker()) worker().postMessage("send");
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

async function again(said) {
  const was = QUEUE.field(said, "was") || QUEUE.field(said, "at");
  const fields = said.fields.map(([name, value]) => [name, name === "key" ? QUEUE.newKey() : name === "at" ? "" : name === "was" ? was : value]);
  await QUEUE.keep({ ...said, fields, state: "waits", words: "" });
  await show();
  send();
}

async function drop(said) {
  if (!window.confirm(section.dataset.dropSure)) return;
  await QUEUE.drop(said.n);
  await show();
}

function line(said) {
  const item = document.createElement("li");
  const words = { waits: section.dataset.waits, "signed-out": section.dataset.signedOut, other: section.dataset.other }[said.state];
  const text = document.createElement("p");
  text.textContent = `${clock.format(said.made)} · ${QUEUE.field(said, "label")} · ${words || `${section.dataset.refused} ${said.words}`}`;
  item.dataset.state = said.state;
  item.append(text);
  if (said.state === "refused") {
    if (QUEUE.field(said, "at")) item.append(button(section.dataset.again, () => again(said)));
    item.append(button(section.dataset.drop, () => drop(said)));
  }
  if (said.state === "signed-out" || said.state === "other") {
    const link = document.createElement("a");
    link.className = "button quiet";
    link.href = "/m/sign-in";
    link.textContent = section.dataset.signIn;
    item.append(link);
  }
  return item;
}

async function show() {
  if (!section) return;
  const all = await QUEUE.all();
  section.querySelector("ul").replaceChildren(...all.map(line));
  section.hidden = all.length === 0;
  connection.textContent = navigator.onLine ? "" : `${connection.dataset.offline} ${connection.dataset.asOf}`;
}

async function begin() {
  if (!section || !navigator.serviceWorker) return;
  const channel = new BroadcastChannel(QUEUE.channel);
  let sent = false;
  channel.addEventListener("message", async (event) => {
    sent = sent || event.data === "sent";
    if (event.data !== "changed") return;
    await show();
    // What was sent has changed the page; it is read again unless somebody is filling something in.
    if (sent && !document.querySelector("details[open], canvas[data-drawn]") && document.activeElement === document.body) window.location.reload();
    sent = false;
  });
  await navigator.serviceWorker.register("/m/sw.js", { scope: "/m" });
  await navigator.serviceWorker.ready;
  if (!worker()) await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  document.documentElement.dataset.ready = "yes";
  const here = window.location.pathname;
  const links = Array.from(document.querySelectorAll("a.visit"), (link) => new URL(link.href).pathname);
  worker().postMessage([here, ...links.filter((one) => one !== here)]);
  send();
}

// The first moments of a connection often carry nothing yet: what still waits is sent again, soon at first.
window.addEventListener("online", () => {
  show();
  for (const ms of [0, 1000, 3000, 10000]) setTimeout(() => section && !section.hidden && send(), ms);
});
window.addEventListener("offline", show);
if (section) section.querySelector("[data-send]").addEventListener("click", send);
setInterval(() => section && !section.hidden && send(), 30000);
show();
begin();

// The signature

function drawable(form) {
  const canvas = form.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const wipe = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    delete canvas.dataset.drawn;
  };
  form.querySelector(".drawing").hidden = false;
  form.querySelector("[data-wipe]").addEventListener("click", wipe);
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#15202b";
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...place(event));
    pen.stroke();
    canvas.dataset.drawn = "yes";
  });
  wipe();
}

document.querySelectorAll("form.signing").forEach(drawable);

// A code read from a picture, where the browser can

async function read(event) {
  const field = byId(event.target.dataset.scan);
  const hint = byId(field.getAttribute("aria-describedby"));
  const [file] = event.target.files;
  if (!file) return;
  const found = await new window.BarcodeDetector().detect(await createImageBitmap(file)).catch(() => []);
  if (found.length) field.value = found[0].rawValue;
  else hint.textContent = event.target.dataset.nothing;
  field.focus();
}

if ("BarcodeDetector" in window) {
  for (const input of document.querySelectorAll("[data-scan]")) {
    input.parentElement.hidden = false;
    input.addEventListener("change", read);
  }
}

// Where one is, while on duty and while it is switched on

const position = byId("position");
const EVERY_MS = 120000;

function sayPosition(words) {
  position.querySelector("[role=status]").textContent = words;
}

function tell() {
  const { until, engineer } = position.dataset;
  if (!position.querySelector("input").checked) return sayPosition(position.dataset.off);
  if (!until || now() >= Date.parse(until)) return sayPosition(position.dataset.offDuty);
  navigator.geolocation.getCurrentPosition(
    async ({ coords, timestamp }) => {
      const at = new Date(now() - Math.max(0, Date.now() - timestamp)).toISOString();
      const body = JSON.stringify({ engineer, at, lat: coords.latitude, lon: coords.longitude });
      const headers = { "Content-Type": "application/json", "Idempotency-Key": QUEUE.newKey() };
      const answer = await fetch("/v1/positions", { method: "POST", headers, body }).catch(() => null);
      const problem = answer && !answer.ok ? await answer.json().catch(() => ({})) : {};
      sayPosition(answer && answer.ok ? position.dataset.on : problem.detail || position.dataset.off);
    },
    () => sayPosition(position.dataset.denied),
    { maximumAge: 60000, timeout: 20000 },
  );
}

if (position && navigator.geolocation) {
  const box = position.querySelector("input");
  box.checked = localStorage.getItem("position") === "yes";
  box.addEventListener("change", () => {
    localStorage.setItem("position", box.checked ? "yes" : "no");
    tell();
  });
  position.hidden = false;
  if (box.checked) tell();
  setInterval(() => box.checked && tell(), EVERY_MS);
}
