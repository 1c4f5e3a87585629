// Enhances the queue and the page of a revision: every action by one key, and a sheet that lists them. Without this
// script links and buttons do all of it.

import { claim } from "./live.js";
import "./reasons.js";
import { areOn, pressed, turn } from "./keys.js";

const find = (css) => document.querySelector(css);
const sheet = find("[data-keys]");

function move(step) {
  const items = [...document.querySelectorAll("[data-item]")];
  const here = items.findIndex((item) => item.closest("li").contains(document.activeElement));
  items[here < 0 ? (step > 0 ? 0 : items.length - 1) : here + step]?.focus();
}

function open(css, field) {
  const details = find(css);
  if (!details) return;
  details.open = true;
  details.querySelector(field)?.focus();
}

const row = () => document.activeElement.closest("[data-queue] li");

/** Taking back may take a page offline, so the key only leads to the button, and Enter presses it. */
const toUndo = () => find("[data-undo]")?.focus();

const KEYS = find("[data-queue]")
  ? {
      j: () => move(1),
      k: () => move(-1),
      o: () => (row() ?? find("[data-queue]")).querySelector("[data-item]")?.click(),
      x: () => row()?.querySelector("input[type=checkbox]")?.click(),
      m: () => row() && claim(row()),
      b: () => find("[data-bar] button")?.focus(),
      f: () => open("[data-filters]", "select"),
      "/": () => open("[data-filters]", "[name=q]"),
      "]": () => find("[rel=next]")?.click(),
      "[": () => find("[rel=prev]")?.click(),
      u: toUndo,
    }
  : {
      f: () => find("#findings")?.focus(),
      u: toUndo,
    };

addEventListener("keydown", (event) => {
  const key = pressed(event);
  if (!key) return;
  const marked = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => !one.hidden);
  const act = KEYS[key] ?? (key === "?" ? () => sheet.showModal() : null) ?? (marked && (() => marked.click()));
  if (!act) return;
  act();
  event.preventDefault();
});

// How many rows are selected, and a box that selects all of them.
const bulk = find("[data-bar]");
if (bulk) {
  const boxes = [...document.querySelectorAll("[data-queue] [name=review]")];
  const whole = bulk.querySelector("[data-page]");
  const count = () => {
    const selected = boxes.filter((box) => box.checked).length;
    bulk.querySelector("[data-selected]").textContent = selected;
    whole.firstElementChild.checked = selected === boxes.length;
  };
  whole.hidden = false;
  whole.addEventListener("change", (event) => {
    for (const box of boxes) box.checked = event.target.checked;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  count();
}

find("[data-keys-hint]").hidden = false;
find("[data-keys-open]").addEventListener("click", () => sheet.showModal());
find("[data-keys-switch]").checked = areOn();
find("[data-keys-switch]").addEventListener("change", (event) => turn(event.target.checked));
