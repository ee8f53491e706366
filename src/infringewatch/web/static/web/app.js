// Keys of the review pages. Everything they do is also a button or a link.
"use strict";

const rows = () => [...document.querySelectorAll(".hit-row")];
const current = () => document.activeElement?.closest(".hit-row");
const VERDICTS = { i: "infringing", n: "not_infringing", u: "unsure", a: "authorised" };
let goes = false;

const focusRow = (row) => {
  const link = row?.querySelector(".hit-link");
  link?.focus();
  row?.scrollIntoView({ block: "nearest" });
};

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  focusRow(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
}

function actOnRow(row, url, values) {
  const all = rows();
  const at = all.indexOf(row);
  const view = Object.fromEntries(new URLSearchParams(row.dataset.view));
  const source = row;
  htmx
    .ajax("POST", url, { source, target: row, swap: "delete", values: { ...view, ...values, from: "queue" } })
    .then(() => {
      if (!row.isConnected) focusRow(all[at + 1] ?? all[at - 1]);
    });
}

function press(key) {
  const button = document.querySelector(`.decision-bar [data-key="${key}"], .message [data-key="${key}"]`);
  if (button) return button.click();
  const row = current() ?? rows()[0];
  if (!row) return;
  if (key in VERDICTS) actOnRow(row, row.dataset.decide, { verdict: VERDICTS[key], revision: row.dataset.revision });
  if (key === "s") actOnRow(row, row.dataset.snooze, { days: 7 });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) {
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
    g: () => (goes = true),
    "/": () => document.getElementById("search")?.focus(),
    "?": () => document.getElementById("help")?.showModal(),
  };
  if (event.key in acts) acts[event.key]();
  else if ("inuasz".includes(event.key)) press(event.key);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-drawer]")) document.body.classList.toggle("drawer-open");
  else if (!event.target.closest(".rail")) document.body.classList.remove("drawer-open");
  for (const open of document.querySelectorAll("details.chip[open]")) if (!open.contains(event.target)) open.open = false;
});
