// Finds the language of the text by its name in the reader's language, its own name or its tag. Without scripts the
// browser lists the same names, and the server offers the tag for a name.

import { Combobox, folded } from "./editor-combobox.js";
import { replace } from "./editor-text.js";

const MOST = 50; // suggestions

export function findLanguages(form) {
  const field = form.elements.language;
  const name = form.querySelector("[data-language-name]");
  const languages = [...document.querySelectorAll("#languages option")].map(({ value, textContent }) => {
    const names = textContent.split(" – ");
    return { value, names, folded: [value, ...names].map(folded), parts: [...names, value] };
  });
  const byTag = new Map(languages.map((language) => [folded(language.value), language]));
  let settled = field.value; // what the checks go by while a name is typed

  const found = () => {
    const words = folded(field.value);
    const ranked = languages.map((language) => [rank(language, words), language]).filter(([place]) => place >= 0);
    return ranked.sort(([a], [b]) => a - b).slice(0, MOST).map(([, language]) => language);
  };
  const settle = () => {
    const words = folded(field.value);
    const named = byTag.has(words) ? [] : languages.filter((language) => language.folded.includes(words));
    if (named.length === 1) return put(named[0].value);
    if (words) settled = field.value;
    delete field.dataset.settled;
    say();
  };
  const put = (tag) => {
    replace(field, 0, field.value.length, tag); // undoable
    field.setSelectionRange(tag.length, tag.length);
  };
  const say = () => (name.textContent = byTag.get(folded(field.value))?.names.join(" – ") ?? "");

  new Combobox(field, {
    suggest: found,
    take: (_, tag) => put(tag),
    takesFirst: () => !byTag.has(folded(field.value)),
  });
  field.addEventListener("input", () => {
    if (byTag.has(folded(field.value))) settle();
    else field.dataset.settled = settled;
    say();
  });
  field.addEventListener("change", () => {
    settle();
    form.dispatchEvent(new Event("ask"));
  });
}

// The place of a language among those that fit, 0 for the best; below 0 where it does not.
function rank(language, words) {
  const [tag, ...names] = language.folded;
  if (tag === words || !words) return 0;
  if (names.some((name) => name === words)) return 1;
  if (names.some((name) => name.startsWith(words))) return 2;
  if (tag.startsWith(words)) return 3;
  if (names.some((name) => name.split(/[\s(]+/).some((word) => word.startsWith(words)))) return 4;
  return -1;
}
