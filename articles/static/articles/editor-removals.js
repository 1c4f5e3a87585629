// What of the text does not reach the page: a click selects it, and where it can be written otherwise one click does.
// Where the page has a picker for pictures, it uploads those that stand in the text as data.

import { Rows } from "./editor-rows.js";
import { replace, select } from "./editor-text.js";

export function listRemovals(form) {
  const rows = new Rows(form.querySelector("[data-removals]"));
  const field = form.elements.source;
  let answer = null;

  form.addEventListener("answer", ({ detail }) => {
    answer = detail;
    if (!answer.refusal) rows.draw(answer.removals, answer.removals_total, fill);
  });
  rows.on("go", (removal) => {
    const place = answer.finder()(removal);
    if (place) select(field, place.start, place.end);
    else select(field, field.selectionStart, field.selectionEnd);
  });
  rows.on("rewrite", ({ rewrite }) => {
    const place = rewrite.remedy === "upload" ? null : answer.finder()(rewrite);
    if (!place) return;
    replace(field, place.start, place.end, rewrite.text);
    form.dispatchEvent(new Event("ask"));
  });
}

function fill(parts, { what, reason, place, rewrite }) {
  parts.what.textContent = what;
  parts.reason.textContent = reason;
  parts.place.textContent = place;
  const uploads = rewrite?.remedy === "upload";
  parts.rewrite.hidden = !rewrite;
  parts.rewrite.textContent = rewrite?.label ?? "";
  if (uploads) Object.assign(parts.rewrite.dataset, { uploadDataImage: "", start: rewrite.start, end: rewrite.end });
}
