// Lists whose rows are made from a template of the page: each part of a row is named by its data-part.

const MOST_ROWS = 100; // beyond that, the page says how many more there are

export function partsOf(element) {
  return Object.fromEntries(Array.from(element.querySelectorAll("[data-part]"), (part) => [part.dataset.part, part]));
}

export class Rows {
  constructor(fold) {
    this.fold = fold;
    this.list = fold.querySelector("[data-rows]");
    this.template = fold.querySelector("template");
    this.count = fold.querySelector("[data-count]");
    this.more = fold.querySelector("[data-more]");
    this.items = [];
    fold.querySelector("[data-without-script]")?.remove();
  }

  draw(items, total, fill) {
    this.items = items;
    const rows = items.slice(0, MOST_ROWS).map((item, n) => {
      const row = this.template.content.firstElementChild.cloneNode(true);
      row.dataset.row = n;
      fill(partsOf(row), item);
      return row;
    });
    const focused = this.list.contains(document.activeElement) ? this.#indexOf(document.activeElement) : null;
    this.list.replaceChildren(...rows);
    this.count.textContent = total;
    this.fold.classList.toggle("empty", total === 0);
    this.more.hidden = total <= rows.length;
    this.more.textContent = this.more.dataset.words.replace("{n}", total).replace("{m}", rows.length);
    // Who works through the list by keyboard stays in it.
    if (focused !== null) (rows[Math.min(focused, rows.length - 1)] ?? this.fold).querySelector("button, summary").focus();
  }

  on(action, act) {
    this.list.addEventListener("click", ({ target }) => {
      const button = target.closest(`[data-act="${action}"]`);
      if (button) act(this.items[this.#indexOf(button)]);
    });
  }

  #indexOf(element) {
    return Number(element.closest("[data-row]").dataset.row);
  }
}
