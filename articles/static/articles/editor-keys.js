// Enter goes on with a list or quote, Tab moves its items in and out. Elsewhere both keys do what they always do. F6 goes
// from the text to what stands beside it, to the bar, and back to the text.

import { continued, indented } from "./editor-lines.js";
import { show, shownSheet, NARROW } from "./editor-sheets.js";
import { replace } from "./editor-text.js";

export function continueLines(form) {
  const field = form.elements.source;
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { value, selectionStart, selectionEnd } = field;
    let change = null;
    if (event.key === "Enter" && !event.shiftKey) change = continued(value, selectionStart, selectionEnd);
    if (event.key === "Tab") change = indented(value, selectionStart, selectionEnd, event.shiftKey);
    if (!change) return;
    event.preventDefault();
    replace(field, change.start, change.end, change.text);
    field.setSelectionRange(change.from, change.to);
  });
}

export function moveBetweenPlaces(form) {
  const text = form.elements.source;
  const bar = form.querySelector("[data-bar]");
  const tabs = form.querySelector("[data-tabs]");
  let beside = "page"; // the sheet last shown, where the text is one of them

  tabs.addEventListener("change", () => shownSheet() !== "text" && (beside = shownSheet()));
  const go = [
    () => {
      if (NARROW.matches) show("text");
      text.focus();
    },
    () => {
      if (NARROW.matches && shownSheet() === "text") show(beside);
      document.querySelector(`[data-sheet="${shownSheet()}"]`).focus();
    },
    () => bar.querySelector("button[type=submit]").focus(),
  ];

  addEventListener("keydown", (event) => {
    if (event.key !== "F6" || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    const { activeElement } = document;
    const sheet = activeElement.closest("[data-sheet]")?.dataset.sheet;
    const here = sheet === "text" ? 0 : sheet || tabs.contains(activeElement) ? 1 : bar.contains(activeElement) ? 2 : -1;
    const step = event.shiftKey ? go.length - 1 : 1;
    go[here < 0 ? 0 : (here + step) % go.length]();
  });
}
