// The library of images: all of the site, the newest first, and those with the words of a search. They are radio buttons,
// so arrow keys choose among them. `onChoice` gets the chosen image.

import { partsOf } from "./editor-rows.js";

const PAUSE = 250; // milliseconds without a keystroke

export class Library {
  chosen = null;
  #part;
  #query;
  #list;
  #status;
  #more;
  #onChoice;
  #next = null;
  #asked = 0;
  #waiting = 0;

  constructor(part, onChoice) {
    this.#part = part;
    this.#onChoice = onChoice;
    this.#query = part.querySelector("[type=search]");
    this.#list = part.querySelector("[data-library-list]");
    this.#status = part.querySelector("[role=status]");
    this.#more = part.querySelector("[data-library-more]");
    this.#more.addEventListener("click", () => this.#ask(this.#next));
    this.#query.addEventListener("input", () => {
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => this.search(), PAUSE);
    });
  }

  get isSearching() {
    return document.activeElement === this.#query;
  }

  open() {
    this.#query.value = "";
    this.search();
  }

  search() {
    this.#list.replaceChildren();
    this.#choose(null);
    return this.#ask(null);
  }

  async #ask(before) {
    clearTimeout(this.#waiting);
    const number = ++this.#asked;
    const { url, failed, often, none, empty } = this.#part.dataset;
    let answer = { error: failed };
    try {
      const parameters = new URLSearchParams({ q: this.#query.value, before: before ?? "" });
      const response = await fetch(`${url}?${parameters}`);
      if (response.headers.get("Content-Type")?.startsWith("application/json")) answer = await response.json();
      else if (response.status === 429) answer.error = often;
    } catch {
      // the network; the status says so
    }
    if (number !== this.#asked) return; // a later answer is there, or comes
    const cards = (answer.images ?? []).map((image) => this.#card(image));
    this.#list.append(...cards);
    if (before && cards.length) cards[0].querySelector("input").focus();
    this.#next = answer.next ?? (answer.error ? before : null);
    this.#more.hidden = !this.#next;
    this.#status.textContent = answer.error ?? (this.#list.children.length ? "" : this.#query.value.trim() ? none : empty);
  }

  #card(image) {
    const card = this.#part.querySelector("template").content.firstElementChild.cloneNode(true);
    const parts = partsOf(card);
    parts.thumbnail.src = image.thumbnail;
    parts.alt.textContent = image.alt || image.file_name || this.#part.dataset.decoration;
    parts.file.textContent = image.alt ? image.file_name : "";
    parts.by.textContent = image.uploaded_by;
    parts.on.textContent = image.uploaded_on;
    card.querySelector("input").addEventListener("change", () => {
      this.#choose(image);
      card.scrollIntoView({ block: "nearest" }); // what is asked of it takes room
    });
    return card;
  }

  #choose(image) {
    this.chosen = image;
    this.#onChoice(image);
  }
}
