// Offers the language that the whole text is written in, where it is another one than the field says. Without scripts
// the page says what the text looked like when it was loaded.

import { replace } from "./editor-text.js";

export function offerLanguage(form) {
  const note = form.querySelector("[data-offer]");
  const words = note.querySelector("[data-offer-words]");
  const button = note.querySelector("[data-use-language]");
  const field = form.elements.language;

  button.hidden = false;
  form.addEventListener("answer", ({ detail: answer }) => {
    if (answer.refusal) return;
    note.hidden = !answer.offer;
    button.value = answer.other_language ?? "";
    if (words.textContent !== answer.offer) words.textContent = answer.offer;
  });
  button.addEventListener("click", () => {
    note.hidden = true;
    replace(field, 0, field.value.length, button.value); // undoable, and leaves the focus in the field
    form.dispatchEvent(new Event("ask"));
  });
}
