// Enter goes on with a list or quote, Tab moves its items in and out. Elsewhere both keys do what they always do.

import { continued, indented } from "./editor-lines.js";
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
