// Enhances comparisons: n, p and the two links go to the next change and the one before, and their bar counts along;
// two sliders choose other versions. On the page of a review they go to its places: blocks with a change or a finding.
// Without this script the links load the page at a change, and fields take numbers.

import { pressed } from "./keys.js";

const MARGIN = 8; // pixels by which a change may stand off the edge that it was scrolled to
const way = document.querySelector("[data-way]");
const anchor = way?.dataset.anchor ?? "change-";
const changes = [...document.querySelectorAll(`[data-place], [data-change], .marked [id^="${anchor}"]`)].filter(
  ({ id, dataset }) => "place" in dataset || /^\d+$/.test(id.slice(anchor.length)),
);
const numberOf = ({ id }) => Number(id.slice(anchor.length));

let visited = null; // the change that a key or a link went to last

/** Returns the height of what stays in view above the changes. */
const head = () => (way ? way.getBoundingClientRect().height : 0);

/** Returns whether a change is on the screen. */
function isInView(change) {
  const { top, bottom } = change.getBoundingClientRect();
  return bottom > head() && top < innerHeight;
}

/** Makes a change the current one: the bar counts it, and its links lead to those beside it. */
function show(change) {
  for (const other of changes) other.classList.toggle("at", other === change);
  if (!way) return;
  const words = way.querySelector("b");
  const says = words.dataset.says.replace("%s", numberOf(change).toLocaleString(document.documentElement.lang));
  if (words.textContent !== says) words.textContent = says;
  for (const [name, step, part] of [["prev", -1, way.dataset.before], ["next", 1, way.dataset.after]]) {
    const id = `${anchor}${numberOf(change) + step}`;
    const link = way.querySelector(`[data-step=${name}]`);
    if (document.getElementById(id)) link.href = `#${id}`;
    else if (part) link.href = `${part}#${id}`;
    else link.removeAttribute("href");
    link.role = link.href ? null : "link";
    link.ariaDisabled = link.href ? null : "true";
  }
}

/** Returns the closed fold that a change is in. */
const foldOf = (change) => change.closest("details:not([open])");

/** Goes to the change after the current place, or before it; into a closed fold from the one beside. Returns whether there is one. */
function go(step) {
  const tops = changes.map((change) => (foldOf(change) ? NaN : change.getBoundingClientRect().top - head()));
  const beside = step > 0 ? tops.findIndex((top) => top > MARGIN) : tops.findLastIndex((top) => top < -MARGIN);
  const change = changes[visited && isInView(visited) ? changes.indexOf(visited) + step : beside];
  if (!change) return false;
  foldOf(change)?.setAttribute("open", "");
  scrollBy({ top: change.getBoundingClientRect().top - head() - MARGIN / 2 });
  change.tabIndex = -1;
  change.focus({ preventScroll: true });
  visited = change;
  show(change);
  return true;
}

addEventListener("keydown", (event) => {
  const step = { n: 1, p: -1 }[pressed(event)];
  if (!step || go(step)) return;
  const part = step > 0 ? way?.dataset.after : way?.dataset.before;
  if (part && visited) location.assign(`${part}#${anchor}${numberOf(visited) + step}`);
});

way?.addEventListener("click", (event) => {
  const link = event.target.closest("[data-step]");
  if (link && go(link.dataset.step === "next" ? 1 : -1)) event.preventDefault();
});

if (way && changes.length) {
  // Counts along while the page is scrolled: the current change is the last one above the middle of the window.
  let waits = false;
  addEventListener("scroll", () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      if (visited && isInView(visited)) return;
      const above = changes.findLast((change) => change.getBoundingClientRect().top < innerHeight / 2);
      show(above ?? changes[0]);
    });
  });
}

for (const box of document.querySelectorAll(".marked :is(pre, table)")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; // so that keys can scroll it
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
