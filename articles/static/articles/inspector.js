// The inspector of odd characters: opens and closes in place, so that focus, scroll and Back stay; n and p and two
// buttons go from mark to mark, Escape closes, Enter leads from a mark to its entry in the list. Without this script the
// button and the links load the marked page, and entries lead to marks by their addresses.

import { pressed } from "./keys.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const pages = new Map(); // by address without fragment: the page as it was shown
const page = () => document.querySelector("[data-page]");
const bar = () => document.querySelector(".lamp-bar");
const isOpen = () => Boolean(document.querySelector(".escaped"));
const key = (url) => new URL(url, location.href).href.split("#")[0];
const markOf = (number) => document.getElementById(`odd-${number}`);
const entryOf = (number) => document.querySelector(`#about-${number} > a`);
const numberOf = (mark) => Number(mark.id.slice(4));
const marks = () => [...document.querySelectorAll(".prose mark[id^=odd-]")];
const namedMark = () => marks().find(({ id }) => `#${id}` === location.hash);
const current = () => document.querySelector("mark.finding.current");

let shown = key(location.href);

/** Returns the first block of the text on the screen, by its number, and where it stands. */
function place() {
  const blocks = [...document.querySelectorAll(".prose > *")];
  const index = blocks.findIndex((block) => block.getBoundingClientRect().bottom > 0);
  return { index, top: blocks[index]?.getBoundingClientRect().top };
}

/** Shows another page of the same text in place of this one: the same lines stay where they are. */
async function swap(url) {
  const address = key(url);
  let other = pages.get(address);
  if (!other) {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(response.statusText);
    other = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-page]");
    other = document.adoptNode(other);
  }
  const { index, top } = place();
  pages.set(shown, page());
  page().replaceWith(other);
  shown = address;
  const block = document.querySelectorAll(".prose > *")[index];
  if (block) scrollBy({ top: block.getBoundingClientRect().top - top, behavior: "instant" });
}

/** Makes a mark the current one: the bar and the list follow it. */
function follow(mark) {
  for (const other of document.querySelectorAll("mark.finding.current")) other.classList.remove("current");
  document.querySelector(".odd-list [aria-current]")?.removeAttribute("aria-current");
  mark.classList.add("current");
  const number = numberOf(mark);
  const entry = entryOf(number);
  entry.setAttribute("aria-current", "true");
  mark.setAttribute("aria-describedby", entry.parentElement.id);
  const list = entry.closest(".odd-list");
  const { top, bottom } = entry.getBoundingClientRect();
  const edges = list.getBoundingClientRect();
  if (getComputedStyle(list).overflowY === "auto" && (top < edges.top || bottom > edges.bottom)) {
    list.scrollTop += top - edges.top - list.clientHeight / 3;
  }
  const words = bar().querySelector("b");
  const total = Number(words.dataset.total);
  words.textContent = words.dataset.says.replace("%s", number.toLocaleString(document.documentElement.lang));
  for (const [step, other] of [["prev", number - 1], ["next", number + 1]]) {
    const link = bar().querySelector(`[data-step=${step}]`);
    const isEnd = other < 1 || other > total;
    if (isEnd) link.removeAttribute("href");
    else link.href = markOf(other) ? `#odd-${other}` : `?escape=1&at=${other}#odd-${other}`;
    link.role = isEnd ? "link" : null;
    link.ariaDisabled = isEnd ? "true" : null;
  }
}

/** Goes to a mark: the focus, the list and the address follow. */
function go(mark) {
  follow(mark);
  mark.scrollIntoView({ block: "center", behavior: still.matches ? "instant" : "smooth" });
  mark.focus({ preventScroll: true });
  history.replaceState(history.state, "", `#${mark.id}`);
}

/** Goes to the mark after the current one, or before it; without one, to the nearest on the screen or beyond. */
async function step(by) {
  const now = current();
  const tops = now ? [] : marks().map((mark) => mark.getBoundingClientRect().top);
  const nearest = by > 0 ? tops.findIndex((top) => top >= 0) : tops.findLastIndex((top) => top < 0);
  const number = now ? numberOf(now) + by : nearest < 0 ? 0 : numberOf(marks()[nearest]);
  const mark = markOf(number);
  if (mark) return go(mark);
  if (number < 1 || number > Number(bar()?.querySelector("b")?.dataset.total ?? 0)) return;
  const url = `?escape=1&at=${number}`;
  await turn(url);
  if (markOf(number)) go(markOf(number));
}

/** Opens, closes or turns to another part, as a step of the browser's history. */
async function turn(url) {
  try {
    await swap(url);
    history.pushState(null, "", url);
  } catch {
    location.assign(url);
  }
}

async function open(url) {
  await turn(url);
  (bar()?.querySelector("[data-step=next]") ?? document.querySelector("[data-escape=off]"))?.focus({ preventScroll: true });
}

async function close() {
  await turn(document.querySelector("a[data-escape=off]").href);
  document.querySelector("a[data-escape=on]")?.focus({ preventScroll: true });
}

addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const mark = event.target.closest(".prose mark[id^=odd-]");
  if (mark && entryOf(numberOf(mark))) follow(mark);
  const link = event.target.closest("a");
  if (!link) return;
  if (link.dataset.escape) {
    event.preventDefault();
    if (link.dataset.escape === "on") open(link.href);
    else close();
  } else if (link.dataset.step && link.closest(".lamp-bar")) {
    event.preventDefault();
    step(link.dataset.step === "next" ? 1 : -1);
  } else if (link.closest(".odd-list li") && markOf(link.hash.slice(5))) {
    event.preventDefault();
    const to = markOf(link.hash.slice(5));
    history.replaceState(null, "", `#about-${numberOf(to)}`); // Back leads to the entry again
    history.pushState(null, "", `#${to.id}`);
    go(to);
  }
});

addEventListener("keydown", (event) => {
  if (!isOpen()) return;
  if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest?.("input, textarea, select, dialog")) {
    if (document.querySelector("a[data-escape=off]")) close();
    return;
  }
  if (event.key === "Enter" && event.target.matches?.(".prose mark[id^=odd-]")) {
    event.preventDefault(); // or it would press the entry
    entryOf(numberOf(event.target))?.focus();
    return;
  }
  const by = { n: 1, p: -1 }[pressed(event)];
  if (by) step(by);
});

addEventListener("focusin", ({ target }) => {
  if (target.matches?.(".prose mark[id^=odd-]") && target !== current() && entryOf(numberOf(target))) follow(target);
});

addEventListener("popstate", async () => {
  if (key(location.href) !== shown) {
    try {
      await swap(location.href);
    } catch {
      location.reload();
      return;
    }
  }
  const mark = namedMark();
  if (mark) follow(mark);
  const entry = location.hash.startsWith("#about-") && document.getElementById(location.hash.slice(1));
  if (entry) setTimeout(() => entry.querySelector("a").focus()); // after the browser has gone to the fragment itself
});

if (namedMark()) follow(namedMark());
