// What machines read in the text and readers of its page do not see: a click selects it in the text. Without scripts
// the page lists what the text had when it was loaded.

import { Rows } from "./editor-rows.js";
import { select } from "./editor-text.js";

export function listUnseen(form) {
  const rows = new Rows(form.querySelector("[data-unseen]"));
  const field = form.elements.source;
  let answer = null;

  form.addEventListener("answer", ({ detail }) => {
    answer = detail;
    if (!answer.refusal) rows.draw(answer.unseen, answer.unseen_total, fill);
  });
  rows.on("go", (item) => {
    const place = answer.finder()(item);
    if (place) select(field, place.start, place.end);
    else select(field, field.selectionStart, field.selectionEnd);
  });
}

function fill(parts, { kind_label, shown, place }) {
  parts.kind.textContent = kind_label;
  parts.shown.innerHTML = shown; // drawn and escaped by the server, as everywhere
  parts.place.textContent = place;
}
