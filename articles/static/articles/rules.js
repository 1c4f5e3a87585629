// Enhances the form of a rule: each row offers just the comparisons that fit its field, and says what its value looks
// like. Without this script all comparisons are offered, and the server says which of them fit.

const form = document.querySelector("[data-rule]");
const fitting = form ? JSON.parse(form.dataset.rule) : {};

function fit(row) {
  const [field, comparison, value] = ["field", "comparison", "value"].map((name) => row.querySelector(`[name$="-${name}"]`));
  const known = fitting[field.value];
  for (const option of comparison.options) {
    option.hidden = option.disabled = Boolean(known) && !known.fit.includes(option.value);
  }
  if (known && !known.fit.includes(comparison.value)) comparison.value = known.fit[0];
  value.placeholder = known ? known.example : "";
}

for (const row of form?.querySelectorAll("[data-row]") ?? []) {
  fit(row);
  row.querySelector("select").addEventListener("change", () => fit(row));
}
