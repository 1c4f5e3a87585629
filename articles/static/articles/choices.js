// Enhances the choice between two versions: writing a text of one's own chooses it. Without this script the server
// asks again where a text was written and another was chosen.

for (const own of document.querySelectorAll("textarea[name^='own-']")) {
  const choice = own.form.querySelector(`[name="${own.name.replace("own-", "side-")}"][value="own"]`);
  own.addEventListener("input", () => (choice.checked = true));
}
