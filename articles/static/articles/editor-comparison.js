// Shows the changes since the saved version, drawn by the server. Requests them only while their fold is open.

export function drawComparison(form) {
  const fold = document.querySelector("[data-comparison]");
  const body = fold.querySelector("[data-comparison-body]");
  fold.hidden = false;

  fold.addEventListener("toggle", () => {
    form.toggleAttribute("data-compares", fold.open);
    if (fold.open) form.dispatchEvent(new Event("ask"));
  });
  form.addEventListener("answer", ({ detail: { comparison } }) => {
    if (comparison) body.innerHTML = comparison; // every character escaped by the server
  });
}
