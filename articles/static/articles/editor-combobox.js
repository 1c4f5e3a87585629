// A field with a list of suggestions below it: the combobox of ARIA 1.2. Down and Up go through the list, Enter takes
// the suggestion, Escape closes the list. It opens only for who types or clicks in the field.

export class Combobox {
  #field;
  #list;
  #suggest;
  #take;
  #active = -1;
  #isTyping = false;
  #asked = 0;

  // `suggest` returns rows, or a promise of them: { value, parts }, where parts are texts to show. `take` puts the value
  // of one into the field. With `takesFirst`, Enter takes the first suggestion where none was gone to.
  constructor(field, { suggest, take, takesFirst = () => false }) {
    this.#field = field;
    this.#suggest = suggest;
    this.#take = take;
    this.#list = document.createElement("ul");
    this.#list.id = `${field.id}_options`;
    this.#list.className = "options";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", field.labels[0].firstChild.textContent.trim());
    this.#list.hidden = true;
    field.after(this.#list);
    field.removeAttribute("list");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.#list.id]]) {
      field.setAttribute(name, value);
    }
    field.addEventListener("keydown", (event) => {
      this.#isTyping = true;
      if (!event.isComposing && !event.ctrlKey && !event.metaKey && !event.shiftKey) this.#key(event, takesFirst);
    });
    field.addEventListener("input", () => {
      if (this.#isTyping) this.open();
      else this.close();
      this.#isTyping = false;
    });
    field.addEventListener("click", () => this.open());
    field.addEventListener("blur", () => this.close());
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
    this.#list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.#choose(option);
    });
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  async open() {
    const number = ++this.#asked;
    const rows = await this.#suggest(this.#field);
    if (number !== this.#asked || document.activeElement !== this.#field) return;
    this.#list.replaceChildren(...rows.map((row, n) => this.#option(row, n)));
    this.#list.hidden = rows.length === 0;
    this.#field.setAttribute("aria-expanded", String(this.isOpen));
    this.#go(-1);
  }

  close() {
    this.#asked++;
    this.#list.hidden = true;
    this.#field.setAttribute("aria-expanded", "false");
    this.#go(-1);
  }

  #option({ value, parts }, n) {
    const option = document.createElement("li");
    option.id = `${this.#list.id}_${n}`;
    option.dataset.value = value;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    for (const part of parts) {
      const shown = document.createElement("bdi");
      shown.textContent = part;
      if (option.firstChild) option.append(" – ");
      option.append(shown);
    }
    return option;
  }

  async #key(event, takesFirst) {
    const { key, altKey } = event;
    const options = this.#list.children;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (altKey && key === "ArrowUp") return this.close();
      if (!this.isOpen) await this.open();
      if (!altKey && this.isOpen) this.#step(key === "ArrowDown" ? 1 : -1);
    } else if (key === "Enter" && !altKey && this.isOpen) {
      const option = options[this.#active] ?? (takesFirst() ? options[0] : null);
      if (!option) return this.close();
      event.preventDefault();
      this.#choose(option);
    } else if (key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  #step(by) {
    const { length } = this.#list.children;
    const from = this.#active < 0 && by < 0 ? 0 : this.#active;
    this.#go((from + by + length) % length);
  }

  #go(number) {
    this.#list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = number;
    const option = this.#list.children[number];
    if (!option) return this.#field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.#field.setAttribute("aria-activedescendant", option.id);
  }

  #choose(option) {
    this.#isTyping = false;
    this.close();
    this.#take(this.#field, option.dataset.value);
  }
}

// Text by which people search: without case, width and accents.
export const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
