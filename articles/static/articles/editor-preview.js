// The page and its length follow the text, and the page scrolls to what the caret is in, unless the person scrolled it
// since. Only blocks that changed are put into the page, so that a long one neither jumps nor is laid out anew.

import { NARROW, shownSheet } from "./editor-sheets.js";
import { carrier } from "./editor-text.js";

const AT = 0.3; // of the height of the sheet: where the caret's block is put
const FAR = 2; // heights of the sheet: no smooth way beyond
const MOST_TRIES = 10;

export function drawPreview(form) {
  const page = form.querySelector("[data-preview-page]");
  const preview = form.querySelector("[data-preview]");
  const title = form.querySelector("[data-preview-title]");
  const length = form.querySelector("[data-length]");
  const check = form.querySelector("[data-to-check]");

  form.addEventListener("answer", ({ detail: answer }) => {
    if (answer.refusal) return;
    page.lang = answer.language;
    page.dir = answer.direction;
    length.textContent = answer.length;
    check.textContent = answer.total + answer.removals_total + answer.unseen_total || "";
    const parsed = document.createElement("template");
    parsed.innerHTML = answer.html; // sanitized by the server, as the published page is
    exchange(preview, [...parsed.content.childNodes]);
  });
  form.elements.title.addEventListener("input", () => (title.textContent = form.elements.title.value));
  preview.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault(); // the text stays open
    open(link.href, "_blank", "noopener");
  });
  followCaret(form, preview);
}

function exchange(parent, blocks) {
  const old = [...parent.childNodes];
  const most = Math.min(old.length, blocks.length);
  let head = 0;
  while (head < most && old[head].isEqualNode(blocks[head])) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail).isEqualNode(blocks.at(-1 - tail))) tail++;
  const next = old[old.length - tail] ?? null;
  for (const block of old.slice(head, old.length - tail)) block.remove();
  const added = document.createDocumentFragment();
  added.append(...blocks.slice(head, blocks.length - tail));
  parent.insertBefore(added, next);
}

function followCaret(form, preview) {
  const field = form.elements.source;
  const sheet = form.querySelector("[data-page-sheet]");
  let answer = null;
  let starts = []; // of the blocks in the source that was sent
  let isOwn = false; // whether the person scrolled the page, and has not moved the caret since
  let caret = -1;
  let due = 0;
  let tries = 0;

  const later = () => (due ||= requestAnimationFrame(follow));
  const again = () => {
    tries = 0;
    later();
  };

  function follow() {
    due = 0;
    if (!answer?.places?.length || isOwn || shownSheet() !== "page") return;
    const block = blockAt(field.selectionStart);
    if (!block) return;
    const [element, part] = block;
    const within = element.getBoundingClientRect();
    const top = within.top - sheet.getBoundingClientRect().top + part * within.height;
    const height = sheet.clientHeight;
    if (top >= 0.1 * height && top <= 0.7 * height) return;
    const isFar = Math.abs(top) > FAR * height;
    const isStill = isFar || matchMedia("(prefers-reduced-motion: reduce)").matches;
    sheet.scrollBy({ top: top - AT * height, behavior: isStill ? "instant" : "smooth" });
    if (isStill && tries++ < MOST_TRIES) later(); // what comes into view is laid out only now, and may be higher
  }

  // The element that the text at a place became, and how far in its source the place is, from 0 to 1.
  function blockAt(unit) {
    const { places, sent } = answer;
    const span = carrier(field.value, sent.source)(unit, unit) ?? [Math.min(unit, sent.source.length)];
    let at = 0;
    while (at + 1 < starts.length && starts[at + 1] <= span[0]) at++;
    const element = preview.children[places[at][1]];
    const end = starts[at + 1] ?? sent.source.length;
    return element && [element, Math.min(1, Math.max(0, (span[0] - starts[at]) / Math.max(1, end - starts[at])))];
  }

  const moved = () => {
    if (document.activeElement !== field || field.selectionStart === caret) return;
    caret = field.selectionStart;
    isOwn = false;
    again();
  };
  sheet.addEventListener("scrollend", () => tries++ < MOST_TRIES && later());
  document.addEventListener("selectionchange", moved);
  field.addEventListener("input", moved);
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    sheet.addEventListener(kind, () => (isOwn = true), { passive: true });
  }
  form.querySelector("[data-tabs]").addEventListener("change", () => {
    isOwn = false;
    again();
  });
  form.addEventListener("answer", ({ detail }) => {
    if (detail.refusal) return;
    answer = detail;
    starts = detail.places.map(([start]) => detail.unitsOf({ field: "source", start, end: start })[0]);
    if (document.activeElement === field || NARROW.matches) again();
  });
}
