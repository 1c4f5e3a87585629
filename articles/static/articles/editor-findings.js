// The flagged characters: a click selects one in its field, and it is replaced by what was probably meant, alone or
// with all of its kind, or kept, which takes it off the list for as long as this tab edits the article.

import { Rows } from "./editor-rows.js";
import { replaceAll, select } from "./editor-text.js";

const BESIDE = 12; // UTF-16 units around a character by which it is known again after edits elsewhere

const kindOf = (finding) => JSON.stringify([finding.field, finding.check, finding.written, finding.put]);

export function listFindings(form) {
  const rows = new Rows(form.querySelector("[data-findings]"));
  const restore = rows.fold.querySelector("[data-restore]");
  const kept = new Kept(`kept ${form.dataset.account} ${location.pathname}`);
  let answer = null;

  const draw = () => {
    const shown = answer.findings.filter((finding) => !kept.has(placeOf(answer, finding)));
    const kinds = new Map();
    for (const finding of shown) kinds.set(kindOf(finding), (kinds.get(kindOf(finding)) ?? 0) + 1);
    const hidden = answer.findings.length - shown.length;
    rows.draw(shown, answer.total - hidden, (parts, finding) => fill(parts, finding, kinds.get(kindOf(finding))));
    restore.hidden = hidden === 0;
    restore.textContent = restore.dataset.words.replace("{n}", hidden);
  };

  form.addEventListener("answer", ({ detail }) => {
    answer = detail;
    draw();
  });
  rows.on("go", (finding) => {
    const place = answer.finder()(finding);
    if (place) select(place.element, place.start, place.end);
    else form.elements.namedItem(finding.field).focus();
  });
  rows.on("replace", (finding) => replaceFindings(form, answer, [finding]));
  rows.on("replace-all", (finding) => {
    replaceFindings(form, answer, rows.items.filter((other) => kindOf(other) === kindOf(finding)));
  });
  rows.on("keep", (finding) => {
    kept.add(placeOf(answer, finding));
    draw();
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

function fill(parts, finding, count) {
  parts.severity.textContent = finding.severity_label;
  parts.severity.classList.add(finding.severity);
  parts.shown.innerHTML = finding.shown; // drawn and escaped by the server, as everywhere
  parts.code.textContent = finding.code_points;
  parts.message.textContent = finding.message;
  parts.place.textContent = finding.place;
  parts.meant.hidden = !finding.meant;
  parts.letter.textContent = finding.meant;
  parts.payload.hidden = !finding.payload;
  parts.spelt.innerHTML = finding.payload_shown; // drawn and escaped by the server, too
  const fixed = finding.put !== null;
  parts.replace.hidden = !fixed;
  parts.replace.textContent = finding.put === "" ? parts.replace.dataset.remove : parts.replace.textContent;
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
