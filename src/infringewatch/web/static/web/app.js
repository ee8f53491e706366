// Keys of the review pages. Everything they do is also a button or a link.
"use strict";

const rows = () => [...document.querySelectorAll(".hit-row")];
const current = () => document.activeElement?.closest(".hit-row");
const pickOf = (row) => row?.querySelector(".pick input");
const picked = () => document.querySelectorAll(".pick input:checked").length;
const VERDICTS = { i: "infringing", n: "not_infringing", u: "unsure", a: "authorised" };
let goes = false;
let lastPicked = null;

// The server writes times in this zone from the next page on.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`zone=${encodeURIComponent(zone)}`))
  document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; SameSite=Lax`;

const focusRow = (row) => {
  row?.querySelector(".hit-link")?.focus();
  row?.scrollIntoView({ block: "nearest" });
};

function step(by, reach) {
  const all = rows();
  const from = current();
  const at = all.indexOf(from);
  const row = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  focusRow(row);
  if (reach) for (const one of [from, row]) if (one) pick(one, true);
}

function pick(row, on) {
  const box = pickOf(row);
  if (!box) return;
  box.checked = on ?? !box.checked;
  lastPicked = row;
  showPicked();
}

function pickUpTo(row) {
  const all = rows();
  const [from, to] = [all.indexOf(lastPicked ?? row), all.indexOf(row)].sort((a, b) => a - b);
  for (const one of all.slice(Math.max(0, from), to + 1)) pickOf(one).checked = true;
  lastPicked = row;
  showPicked();
}

function showPicked() {
  const count = picked();
  document.body.classList.toggle("picking", count > 0);
  for (const place of document.querySelectorAll("[data-picked]")) place.textContent = count;
}

function actOnRow(row, url, values) {
  const all = rows();
  const at = all.indexOf(row);
  const view = Object.fromEntries(new URLSearchParams(row.dataset.view));
  htmx
    .ajax("POST", url, { source: row, target: row, swap: "delete", values: { ...view, ...values, from: "queue" } })
    .then(() => {
      if (!row.isConnected) focusRow(all[at + 1] ?? all[at - 1]);
    })
    .catch(() => {}); // the message line has told it
}

function press(key) {
  const bars = picked() ? ".batch-bar" : ".decision-bar";
  const button = document.querySelector(`${bars} [data-key="${key}"], .message [data-key="${key}"]`);
  if (button) return button.click();
  if (picked()) return;
  const row = current() ?? rows()[0];
  if (!row) return;
  if (key in VERDICTS) actOnRow(row, row.dataset.decide, { verdict: VERDICTS[key], seen: row.dataset.seen });
  if (key === "s") actOnRow(row, row.dataset.snooze, { days: 7 });
}

const palette = () => document.getElementById("palette");

function openPalette() {
  if (palette().open) return palette().close();
  palette().showModal();
  const input = palette().querySelector("input");
  input.select();
  htmx.trigger(input, "palette");
}

function walkPalette(event) {
  const links = [...palette().querySelectorAll("a")];
  const at = links.findIndex((link) => link.ariaSelected === "true");
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by && links.length) {
    const next = (at + by + links.length) % links.length;
    links.forEach((link, place) => (link.ariaSelected = String(place === next)));
    links[next].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter") (links[at] ?? links[0])?.click();
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette()) {
    event.preventDefault();
    return openPalette();
  }
  if (event.target.closest?.("#palette")) return walkPalette(event);
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (goes) {
    goes = false;
    document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    J: () => step(1, true),
    K: () => step(-1, true),
    x: () => pick(current() ?? rows()[0]),
    X: () => pickUpTo(current() ?? rows()[0]),
    g: () => (goes = true),
    c: () => document.querySelector("[name=text]")?.focus(),
    "/": () => document.getElementById("search")?.focus(),
    "?": () => document.getElementById("help")?.showModal(),
    Escape: () => press("Escape"),
  };
  if (event.key in acts) acts[event.key]();
  else if ("inuasz".includes(event.key)) press(event.key);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const row = event.target.closest(".hit-row");
  if (event.target.matches(".pick input")) {
    if (event.shiftKey) pickUpTo(row);
    else pick(row, event.target.checked);
  } else if (row && event.shiftKey && pickOf(row)) {
    event.preventDefault();
    pickUpTo(row);
  }
  if (event.target.closest("[data-drawer]")) document.body.classList.toggle("drawer-open");
  else if (!event.target.closest(".rail")) document.body.classList.remove("drawer-open");
  if (event.target === palette()) palette().close();
  for (const open of document.querySelectorAll("details.chip[open]")) if (!open.contains(event.target)) open.open = false;
});

document.addEventListener("reset", () => setTimeout(showPicked));
document.addEventListener("htmx:afterSettle", showPicked);
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.closest?.(".batch-bar")) return;
  showPicked();
  if (!current()) focusRow(rows()[0]);
});

const failed = document.getElementById("message")?.dataset.failed;
for (const name of ["htmx:responseError", "htmx:sendError"])
  document.addEventListener(name, () => {
    const line = document.getElementById("message");
    if (!line) return;
    line.classList.add("fault");
    line.textContent = failed;
  });
