// Adds a button to each block of code that copies it as it is seen. Without this script, it is selected and copied.

const words = document.querySelector("script[data-copy]")?.dataset;

for (const box of document.querySelectorAll(".prose .code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("pre").innerText);
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copy), 2000);
  });
  box.append(button);
}
