// Sends what is said in the sheet Talk without leaving the page, lets a remark be about the selected passage, and leads to
// passages. Without scripts a form loads the page anew, and a remark is about the whole version.

import { errorIn } from "./editor-scratch.js";
import { Places, select } from "./editor-text.js";

const sheet = document.querySelector("[data-sheet=talk]");
const typedTexts = () => [...sheet.querySelectorAll("form[data-talk] textarea")];

export function talkBeside(form) {
  const source = form.elements.source;
  const refused = sheet.querySelector("[data-talk-refused]");
  let passage = null; // what was selected last in the text
  let isSending = false;

  document.addEventListener("selectionchange", () => document.activeElement === source && choose());
  source.addEventListener("select", choose);
  source.addEventListener("input", choose);

  sheet.addEventListener("click", ({ target }) => {
    if (target.closest("[data-about-all]")) drop();
    const button = target.closest("[data-go]");
    if (button) go(Number(button.dataset.go), button.dataset.passage);
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("textarea")) return;
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("[data-send]"));
  });
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isSending) send(event.target, event.submitter);
  });
  form.addEventListener("saved", prepare);
  prepare();
  // The newest entries stand last; they are in view when the sheet is shown first.
  const tab = form.querySelector("[name=beside][value=talk]");
  if (tab.checked) toTheEnd();
  tab.addEventListener("change", toTheEnd, { once: true });

  function prepare() {
    for (const button of sheet.querySelectorAll("[data-go]")) button.hidden = false;
    draw();
  }

  function choose() {
    const { selectionStart, selectionEnd, value } = source;
    passage = selectionStart < selectionEnd ? { start: selectionStart, text: value.slice(selectionStart, selectionEnd) } : null;
    draw();
  }

  function drop() {
    passage = null;
    draw();
  }

  function draw() {
    const about = sheet.querySelector("[data-about]");
    if (!about) return;
    about.hidden = !passage;
    about.querySelector("[data-about-passage]").textContent = passage ? passage.text : "";
    const { elements } = about.closest("form");
    elements.passage.value = passage ? passage.text : "";
    elements.near.value = passage ? [...source.value.slice(0, passage.start)].length : "";
  }

  // The span is that of the saved version; the passage is looked for near it in the text as it is now.
  function go(start, text) {
    const near = new Places(source.value).unit(start);
    const places = [source.value.lastIndexOf(text, near), source.value.indexOf(text, near)].filter((at) => at >= 0);
    refused.textContent = places.length ? "" : sheet.dataset.changed;
    if (!places.length) return;
    const at = places.reduce((best, other) => (Math.abs(other - near) < Math.abs(best - near) ? other : best));
    select(source, at, at + text.length);
  }

  async function send(said, button) {
    isSending = true;
    const body = new FormData(said, button);
    body.append("script", "");
    const response = await fetch(said.action, { method: "POST", body }).catch(() => null);
    isSending = false;
    const html = response?.ok && !response.redirected ? await response.text() : "";
    refused.textContent = html ? "" : (await errorIn(response)) || sheet.dataset.failed;
    if (!html) return;
    for (const field of said.querySelectorAll("textarea")) field.value = "";
    if (button.name === "remark") passage = null;
    keepingWords(() => {
      const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-fresh=talk]");
      sheet.querySelector("[data-fresh=talk]").replaceWith(fresh);
      document.querySelector("[data-open-remarks]").textContent = fresh.dataset.open;
    });
    prepare();
    sheet.focus();
    if (button.name === "remark") toTheEnd();
  }
}

const toTheEnd = () => (sheet.scrollTop = sheet.scrollHeight);

// Draws the thread anew; what is half written in its forms stays.
export function keepingWords(draw) {
  const words = typedTexts()
    .filter(({ value }) => value)
    .map(({ id, value }) => [id, value]);
  draw();
  for (const field of typedTexts()) {
    const [, value] = words.find(([id]) => id === field.id) ?? [];
    if (!value) continue;
    field.value = value;
    const details = field.closest("details");
    if (details) details.open = true;
  }
}
