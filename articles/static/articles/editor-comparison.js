// Shows the changes since the saved version, drawn by the server. Requests them only while their sheet is shown.

import { shownSheet } from "./editor-sheets.js";

export function drawComparison(form) {
  const body = form.querySelector("[data-comparison-body]");
  body.replaceChildren();

  const look = () => {
    const isShown = shownSheet() === "changes";
    form.toggleAttribute("data-compares", isShown);
    if (isShown) form.dispatchEvent(new Event("ask"));
  };
  form.querySelector("[data-tabs]").addEventListener("change", look);
  look();
  form.addEventListener("answer", ({ detail: { comparison } }) => {
    if (comparison) body.innerHTML = comparison; // every character escaped by the server
  });
}
