// The flagged characters: a click selects one in its field, and it is replaced by what was probably meant, alone or
// with all of its kind, or kept, which takes it off the list for as long as this tab edits the article. The gravest one,
// or the one last gone to, stays in view above the page. F8 goes to the next, Alt+R replaces all like the one in view.

import { Rows, partsOf } from "./editor-rows.js";
import { reveal } from "./editor-sheets.js";
import { replaceAll, select } from "./editor-text.js";

const BESIDE = 12; // UTF-16 units around a character by which it is known again after edits elsewhere

const GRAVITY = ["alert", "warning", "notice"];

const kindOf = (finding) => JSON.stringify([finding.field, finding.check, finding.written, finding.put]);

export function listFindings(form) {
  const rows = new Rows(form.querySelector("[data-findings]"));
  const restore = rows.fold.querySelector("[data-restore]");
  const worst = form.querySelector("[data-worst]");
  const parts = partsOf(worst);
  const kept = new Kept(`kept ${form.dataset.account} ${location.pathname}`);
  let answer = null;
  let items = []; // those in the list, in order of their places
  let current = null; // the one in view above the page

  const alike = (finding) => items.filter((other) => kindOf(other) === kindOf(finding));

  const draw = () => {
    const shown = answer.findings.filter((finding) => !kept.has(placeOf(answer, finding)));
    const kinds = new Map();
    for (const finding of shown) kinds.set(kindOf(finding), (kinds.get(kindOf(finding)) ?? 0) + 1);
    const hidden = answer.findings.length - shown.length;
    rows.draw(shown, answer.total - hidden, (parts, finding) => fill(parts, finding, kinds.get(kindOf(finding))));
    restore.hidden = hidden === 0;
    restore.textContent = restore.dataset.words.replace("{n}", hidden);
    items = shown;
    view(shown.find((finding) => current && placeOf(answer, finding) === current.at) ?? gravest(shown));
  };

  const view = (finding) => {
    worst.hidden = !finding;
    current = finding ? { finding, at: placeOf(answer, finding) } : null;
    if (finding) fill(parts, finding, alike(finding).length);
  };

  const go = (finding) => {
    const place = answer.finder()(finding);
    view(finding);
    if (place) return select(place.element, place.start, place.end);
    const element = form.elements.namedItem(finding.field);
    reveal(element);
    element.focus();
  };

  const next = (step) => {
    if (!items.length) return;
    const at = items.indexOf(current?.finding);
    go(isVisited || step < 0 ? items.at((at + step) % items.length) : items[Math.max(0, at)]);
    isVisited = true;
  };
  let isVisited = false; // whether the one in view was gone to

  const acts = {
    go,
    replace: (finding) => replaceFindings(form, answer, [finding]),
    "replace-all": (finding) => replaceFindings(form, answer, alike(finding)),
    keep: (finding) => {
      kept.add(placeOf(answer, finding));
      draw();
    },
    next: () => next(1),
  };

  form.addEventListener("answer", ({ detail }) => {
    answer = detail;
    draw();
  });
  for (const [name, act] of Object.entries(acts)) rows.on(name, act);
  worst.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-act]")?.dataset.act;
    if (name && current) acts[name](current.finding);
  });
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]") || !answer) return;
    if (event.key === "F8" && !event.ctrlKey && !event.altKey && !event.metaKey) next(event.shiftKey ? -1 : 1);
    else if (event.code === "KeyR" && event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      if (current && current.finding.put !== null) acts["replace-all"](current.finding);
    } else return;
    event.preventDefault();
  });
  restore.addEventListener("click", () => {
    kept.clear();
    draw();
    rows.fold.querySelector("summary").focus();
  });
}

// Replaces findings of one field by what was meant, except those that were edited since or overlap.
function replaceFindings(form, answer, findings) {
  const find = answer.finder();
  let end = 0;
  const edits = [];
  for (const finding of findings) {
    const place = finding.put === null ? null : find(finding);
    if (place === null || place.start < end) continue;
    edits.push([place.start, place.end, finding.put]);
    end = place.end;
  }
  replaceAll(form.elements.namedItem(findings[0].field), edits);
  form.dispatchEvent(new Event("ask"));
}

const gravest = (findings) =>
  findings.reduce((most, other) => (most && GRAVITY.indexOf(most.severity) <= GRAVITY.indexOf(other.severity) ? most : other), null);

// Fills the parts that a row or the line above the page has.
function fill(parts, finding, count) {
  parts.severity.textContent = finding.severity_label;
  parts.severity.className = `badge ${finding.severity}`;
  parts.shown.innerHTML = finding.shown; // drawn and escaped by the server, as everywhere
  parts.place.textContent = finding.place;
  parts.meant.hidden = !finding.meant;
  parts.letter.textContent = finding.meant;
  if (parts.message) {
    parts.code.textContent = finding.code_points;
    parts.message.textContent = finding.message;
    parts.payload.hidden = !finding.payload;
    parts.spelt.innerHTML = finding.payload_shown; // drawn and escaped by the server, too
  }
  const fixed = finding.put !== null;
  parts.replace.hidden = !fixed;
  parts.replace.textContent = finding.put === "" ? parts.replace.dataset.remove : parts.replace.dataset.words;
  parts.all.hidden = !fixed || count < 2;
  parts.all.textContent = parts.all.dataset.words.replace("{n}", count);
}

function placeOf(answer, finding) {
  const [start, end] = answer.unitsOf(finding);
  const text = answer.sent[finding.field];
  return kindOf(finding) + text.slice(Math.max(0, start - BESIDE), end + BESIDE);
}

class Kept {
  constructor(key) {
    this.key = key;
    this.places = new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
  }

  has(place) {
    return this.places.has(place);
  }

  add(place) {
    this.places.add(place);
    this.#store();
  }

  clear() {
    this.places.clear();
    this.#store();
  }

  #store() {
    try {
      sessionStorage.setItem(this.key, JSON.stringify([...this.places]));
    } catch {
      // The store is full or forbidden: the list is forgotten when the page closes.
    }
  }
}
