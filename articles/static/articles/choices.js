// Enhances the choice between two versions: typing your own text also chooses it. Without this script the server asks
// again if a text was typed and another side was chosen.

for (const own of document.querySelectorAll("textarea[name^='own-']")) {
  const choice = own.form.querySelector(`[name="${own.name.replace("own-", "side-")}"][value="own"]`);
  own.addEventListener("input", () => (choice.checked = true));
}
