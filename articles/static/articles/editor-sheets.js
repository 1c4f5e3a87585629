// The sheets beside the text, of which one is shown. Without scripts the radios choose it. What scripts select or change
// is brought into view first; what the person writes beside the article's own fields counts as no change of it.

export const NARROW = matchMedia("(max-width: 56rem)");

const radios = () => [...document.querySelectorAll("[data-tabs] [type=radio]")];

export const shownSheet = () => radios().find((radio) => radio.checked)?.value;

export function show(name) {
  const radio = radios().find(({ value }) => value === name);
  if (!radio || radio.checked) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

// Shows the sheet in which an element stands. Returns what shows the former one again.
export function reveal(element) {
  const name = element.closest("[data-sheet]")?.dataset.sheet;
  const before = shownSheet();
  const isHere = !name || name === before || (name === "text" && !NARROW.matches);
  if (!isHere) show(name);
  return () => isHere || show(before);
}

export function showOneSheet(form) {
  const chosen = radios().some((radio) => radio.checked); // a browser restores them
  if (!chosen) show(NARROW.matches ? "text" : "page");
  NARROW.addEventListener("change", () => !NARROW.matches && shownSheet() === "text" && show("page"));
  form.addEventListener(
    "input",
    (event) => {
      if (event.target.form !== form || event.target.name === "beside") event.stopImmediatePropagation();
    },
    true,
  );
  if (form.querySelector("[data-sheet=details] [aria-invalid=true]") && !form.elements.source.matches("[aria-invalid=true]")) show("details");
}
