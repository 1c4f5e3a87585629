// The words of a ready-made reason go into the field of the reason, where they may be edited; own words are kept. A
// digit chooses one while the focus is on the list. Without this script the server takes the chosen one's words.

function fill(select) {
  const { reason } = select.form.elements;
  const texts = [...select.options].map((option) => option.dataset.text ?? "");
  if (texts.includes(reason.value)) reason.value = texts[select.selectedIndex];
}

for (const select of document.querySelectorAll("[data-template]")) {
  select.addEventListener("change", () => fill(select));
  select.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key) || !select.options[event.key]) return;
    event.preventDefault();
    select.selectedIndex = Number(event.key);
    fill(select);
  });
}
