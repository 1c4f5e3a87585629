// Enhances comparisons: n, p and the two links go to the next change and the one before, and their bar counts along;
// two sliders choose other versions. Without this script the links load the page at a change, and fields take numbers.

import { pressed } from "./keys.js";

const MARGIN = 8; // pixels by which a change may stand off the edge that it was scrolled to
const way = document.querySelector("[data-way]");
const anchor = way?.dataset.anchor ?? "change-";
const changes = [...document.querySelectorAll(`[data-change], .marked [id^="${anchor}"]`)].filter(({ id }) =>
  /^\d+$/.test(id.slice(anchor.length)),
);
const numberOf = ({ id }) => Number(id.slice(anchor.length));

/** Returns the height of what stays in view above the changes. */
const head = () => (way ? way.getBoundingClientRect().height : 0);

/** Makes a change the current one: the bar counts it, and its links lead to those beside it. */
function show(change) {
  for (const other of changes) other.classList.toggle("at", other === change);
  if (!way) return;
  const words = way.querySelector("b");
  const says = words.dataset.says.replace("%s", numberOf(change).toLocaleString(document.documentElement.lang));
  if (words.textContent !== says) words.textContent = says;
}

/** Goes to the change after the current place, or before it. Returns whether there is one on this page. */
function go(step) {
  const tops = changes.map((change) => change.getBoundingClientRect().top - head());
  let index = changes.indexOf(document.activeElement);
  const isInView = index >= 0 && tops[index] > -MARGIN - 1 && tops[index] < innerHeight / 2;
  if (isInView) index += step;
  else index = step > 0 ? tops.findIndex((top) => top > MARGIN) : tops.findLastIndex((top) => top < -MARGIN);
  const change = changes[index];
  if (!change) return false;
  change.closest("details:not([open])")?.setAttribute("open", "");
  scrollBy({ top: change.getBoundingClientRect().top - head() - MARGIN / 2 });
  change.tabIndex = -1;
  change.focus({ preventScroll: true });
  show(change);
  return true;
}

addEventListener("keydown", (event) => {
  const step = { n: 1, p: -1 }[pressed(event)];
  if (!step || go(step)) return;
  const link = way?.querySelector(step > 0 ? "[rel=next]" : "[rel=prev]");
  const isElsewhere = link && !document.getElementById(link.hash.slice(1));
  if (isElsewhere) link.click();
});

way?.addEventListener("click", (event) => {
  const link = event.target.closest("[rel]");
  if (link && go(link.rel === "next" ? 1 : -1)) event.preventDefault();
});

if (way && changes.length) {
  // Counts along while the page is scrolled: the current change is the last one above the middle of the window.
  let waits = false;
  addEventListener("scroll", () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      if (changes.includes(document.activeElement)) {
        const { top, bottom } = document.activeElement.getBoundingClientRect();
        if (bottom > head() && top < innerHeight) return;
      }
      const above = changes.findLast((change) => change.getBoundingClientRect().top < innerHeight / 2);
      show(above ?? changes[0]);
    });
  });
}

for (const form of document.querySelectorAll("[data-pair]")) {
  const ranges = form.querySelector("[data-ranges]");
  const [older, newer] = ranges.querySelectorAll("input");
  const fields = [form.elements.old, form.elements.new];
  ranges.hidden = false;
  [older, newer].forEach((range, index) => {
    range.addEventListener("input", () => {
      if (older.valueAsNumber >= newer.valueAsNumber) {
        if (index) range.value = Math.min(range.max, older.valueAsNumber + 1);
        else range.value = Math.max(range.min, newer.valueAsNumber - 1);
      }
      fields[index].value = range.value;
    });
    fields[index].addEventListener("input", () => {
      range.value = fields[index].value;
    });
  });
}
