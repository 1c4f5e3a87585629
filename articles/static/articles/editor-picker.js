// Links to articles of this site: a button opens a search by words, and a click puts the link at the caret, around what
// is selected. Without scripts the address is written by hand.

import { replace } from "./editor-text.js";

const PAUSE = 250; // milliseconds without a keystroke

export function offerArticles(form) {
  const dialog = document.querySelector("[data-article-dialog]");
  const query = dialog.querySelector("[type=search]");
  const list = dialog.querySelector("[data-article-list]");
  const status = dialog.querySelector("[role=status]");
  const field = form.elements.source;
  let place = [0, 0]; // under a dialog a field forgets its caret
  let asked = 0;
  let waiting = 0;

  form.querySelector("[data-article-choose]").addEventListener("click", () => {
    place = [field.selectionStart, field.selectionEnd];
    query.value = field.value.slice(...place).trim().slice(0, 100);
    dialog.showModal();
    query.select();
    search();
  });
  dialog.querySelector("[data-article-cancel]").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE);
  });

  async function search() {
    clearTimeout(waiting);
    const number = ++asked;
    let answer = { articles: [], error: dialog.dataset.failed };
    try {
      const response = await fetch(`${dialog.dataset.url}?${new URLSearchParams({ q: query.value })}`);
      if (response.headers.get("Content-Type")?.startsWith("application/json")) answer = await response.json();
      else if (response.status === 429) answer.error = dialog.dataset.often;
    } catch {
      // the network; the dialog says so
    }
    if (number !== asked) return; // a later answer is there, or comes
    const articles = answer.articles ?? [];
    status.textContent = answer.error ?? (articles.length ? "" : dialog.dataset.none);
    list.replaceChildren(...articles.map(row));
  }

  function row(article) {
    const item = dialog.querySelector("template").content.firstElementChild.cloneNode(true);
    item.querySelector("[data-part=title]").textContent = article.title;
    item.querySelector("[data-part=address]").textContent = article.address;
    item.querySelector("[data-part=state]").hidden = article.is_public;
    item.querySelector("button").addEventListener("click", () => put(article));
    return item;
  }

  function put({ title, address }) {
    const [start, end] = place;
    const words = field.value.slice(start, end) || title.replace(/[\\[\]]/g, "\\$&");
    dialog.close();
    field.focus();
    replace(field, start, end, `[${words}](${address.replace(/[()]/g, encodeURIComponent)})`);
  }
}
