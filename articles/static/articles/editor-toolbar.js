// The toolbar above the text and its shortcuts. Arrow keys move between its buttons, which are one stop for Tab.
// The buttons for images and for links to own articles are those of `editor-images.js` and `editor-picker.js`.

import { FORMATS } from "./editor-markdown.js";
import { replace } from "./editor-text.js";

const SHORTCUTS = { b: "bold", i: "italic", k: "link" };

export function offerFormatting(form) {
  const bar = form.querySelector("[role=toolbar]");
  const field = form.elements.source;
  const buttons = [...bar.querySelectorAll("button")];
  bar.hidden = false;

  const apply = (format) => {
    const { value, selectionStart, selectionEnd } = field;
    const { start, end, text, from, to } = FORMATS[format](value, selectionStart, selectionEnd, bar.dataset);
    replace(field, start, end, text);
    field.focus();
    field.setSelectionRange(from, to);
  };

  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-format]");
    if (button) apply(button.dataset.format);
  });
  field.addEventListener("keydown", (event) => {
    const format = SHORTCUTS[event.key.toLowerCase()];
    if (!format || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    apply(format);
  });

  const stop = (button) => buttons.forEach((other) => (other.tabIndex = other === button ? 0 : -1));
  stop(buttons[0]);
  bar.addEventListener("focusin", ({ target }) => stop(target));
  bar.addEventListener("keydown", (event) => {
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const at = buttons.indexOf(document.activeElement);
    const to = { [forward]: at + 1, Home: 0, End: -1 }[event.key] ?? (event.key.startsWith("Arrow") && /Left|Right/.test(event.key) ? at - 1 : null);
    if (to === null) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
  });
}
