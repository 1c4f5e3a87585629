// Offers the tags in use while one is typed, the newest first. Without scripts tags are written by hand.

import { Combobox, folded } from "./editor-combobox.js";
import { replace } from "./editor-text.js";

const PAUSE = 150; // milliseconds without a keystroke

export function offerTags(form) {
  const field = form.elements.tags;
  const { tagsUrl } = form.dataset;
  let asked = 0;

  async function suggest() {
    const number = ++asked;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (number !== asked) return [];
    const [start, end] = around(field);
    const response = await fetch(`${tagsUrl}?${new URLSearchParams({ q: field.value.slice(start, end).trim() })}`).catch(() => null);
    const isAnswer = response?.ok && response.headers.get("Content-Type")?.startsWith("application/json");
    if (!isAnswer) return []; // tags can be written without offers
    const others = new Set((field.value.slice(0, start) + "," + field.value.slice(end)).split(",").map(folded));
    const { tags } = await response.json();
    return tags.filter((tag) => !others.has(folded(tag))).map((tag) => ({ value: tag, parts: [tag] }));
  }

  function take(_, tag) {
    const [start, end] = around(field);
    const isLast = end === field.value.length;
    const text = (start ? " " : "") + tag + (isLast ? ", " : "");
    replace(field, start, end, text);
    field.focus();
    field.setSelectionRange(start + text.length, start + text.length);
  }

  new Combobox(field, { suggest, take });
}

// The span of the tag at the caret, between commas.
function around({ value, selectionStart }) {
  const end = value.indexOf(",", selectionStart);
  return [value.lastIndexOf(",", selectionStart - 1) + 1, end < 0 ? value.length : end];
}
