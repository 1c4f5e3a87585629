// Enhances the choice between two versions: typing your own text also chooses it, and leaving asks first. Without this
// script the server asks again if a text was typed and another side was chosen.

const form = document.querySelector("form.choices");
let isChanged = false;

for (const own of document.querySelectorAll("textarea[name^='own-']")) {
  const choice = own.form.querySelector(`[name="${own.name.replace("own-", "side-")}"][value="own"]`);
  own.addEventListener("input", () => (choice.checked = true));
}
form?.addEventListener("input", () => (isChanged = true));
form?.addEventListener("submit", () => (isChanged = false));
addEventListener("beforeunload", (event) => isChanged && event.preventDefault());
