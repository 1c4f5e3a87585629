// Enhances what went live: keys that move, tick and mark, and a box that ticks the whole page. Without this script
// boxes, buttons and links do all of it.

import { areOn, pressed, turn } from "./keys.js";

const find = (css) => document.querySelector(css);
const form = find("[data-changes]");
const sheet = find("[data-keys]");
const all = find("[data-all]");
const boxes = () => [...form.querySelectorAll("input[name=change]")];
const row = () => document.activeElement.closest("li");

function move(step) {
  const items = [...form.querySelectorAll("[data-item]")];
  const here = items.findIndex((item) => item.closest("li") === row());
  items[here < 0 ? (step > 0 ? 0 : items.length - 1) : here + step]?.focus();
}

function look() {
  const isTicked = boxes().some((box) => box.checked);
  const button = isTicked ? form.querySelector(".sticky button") : row()?.querySelector("[data-seen]");
  button?.click();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => row()?.querySelector("[data-item]")?.click(),
  x: () => row()?.querySelector("input[name=change]")?.click(),
  l: look,
  "/": () => find("details.filters")?.querySelector("summary").click(),
  "]": () => find("[rel=next]")?.click(),
  "[": () => find("[rel=prev]")?.click(),
  "?": () => sheet.showModal(),
};

addEventListener("keydown", (event) => {
  const act = KEYS[pressed(event)];
  if (!act) return;
  event.preventDefault();
  act();
});

if (all) {
  all.hidden = !boxes().length;
  all.querySelector("input").addEventListener("change", (event) => {
    for (const box of boxes()) box.checked = event.target.checked;
  });
}
find("[data-keys-hint]").hidden = false;
find("[data-keys-open]").addEventListener("click", () => sheet.showModal());
find("[data-keys-switch]").checked = areOn();
find("[data-keys-switch]").addEventListener("change", (event) => turn(event.target.checked));
