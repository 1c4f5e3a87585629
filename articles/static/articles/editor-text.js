// Places in a text, and changes to a field that the browser's undo takes back.
//
// The server counts code points, a field counts UTF-16 units: a character beyond the BMP is one or two.

import { reveal } from "./editor-sheets.js";

export class Places {
  constructor(text) {
    this.text = text;
    const pairs = /[\ud800-\udbff][\udc00-\udfff]/g;
    this.pairs = Array.from(text.matchAll(pairs), (match, n) => match.index - n); // in code points
  }

  unit(point) {
    let low = 0;
    let high = this.pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pairs[middle] < point) low = middle + 1;
      else high = middle;
    }
    return point + low;
  }
}

// Maps spans of an earlier text to the present text; null for spans that were edited since.
export function carrier(before, now) {
  if (before === now) return (start, end) => [start, end];
  const most = Math.min(before.length, now.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === now.charCodeAt(head)) head++;
  let tail = 0;
  const shift = now.length - before.length;
  while (tail < most - head && before.charCodeAt(before.length - 1 - tail) === now.charCodeAt(now.length - 1 - tail)) {
    tail++;
  }
  return (start, end) => {
    if (end <= head) return [start, end];
    return start >= before.length - tail ? [start + shift, end + shift] : null;
  };
}

export function select(field, start, end) {
  reveal(field);
  field.setSelectionRange(start, start);
  field.blur(); // a field scrolls to its caret when it gets the focus
  field.focus();
  field.setSelectionRange(start, end);
}

// Edits are [start, end, text], in order and without overlap. One undo step takes them all back.
export function replaceAll(field, edits) {
  if (!edits.length) return;
  const { value } = field;
  const from = edits[0][0];
  const to = edits.at(-1)[1];
  let text = "";
  let position = from;
  for (const [start, end, put] of edits) {
    text += value.slice(position, start) + put;
    position = end;
  }
  replace(field, from, to, text);
}

export function replace(field, start, end, text) {
  const back = reveal(field); // a field that is not shown takes no commands
  change(field, start, end, text);
  back();
}

function change(field, start, end, text) {
  const { value } = field;
  const wanted = value.slice(0, start) + text + value.slice(end);
  if (wanted === value) return;
  if (!typed(field, start, end, text, wanted)) {
    // Browser commands move both ends to grapheme cluster boundaries, so whole words are inserted.
    const [from, to] = [apart(value, start, -1), apart(value, end, 1)];
    const whole = value.slice(from, start) + text + value.slice(end, to);
    if (!typed(field, from, to, whole, wanted)) {
      field.setRangeText(text, start, end, "end");
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }
  field.setSelectionRange(start + text.length, start + text.length);
}

// The commands are the one way to change a field that undo knows of.
function typed(field, start, end, text, wanted) {
  const before = field.value;
  for (const [command, argument] of commands(text)) {
    field.focus();
    field.setSelectionRange(start, end);
    const done = document.execCommand(command, false, argument);
    if (done && field.value === wanted) return true;
    if (field.value !== before) document.execCommand("undo");
  }
  return false;
}

function commands(text) {
  if (text === "") return [["delete", null]];
  if (!text.includes("\n")) return [["insertText", text]];
  // Chromium takes a second for each hundred lines as text, and no time for the same as HTML.
  const element = document.createElement("div");
  element.textContent = text;
  return [["insertHTML", element.innerHTML], ["insertText", text]];
}

function apart(text, place, step) {
  const plain = (at) => at < 0 || at >= text.length || text.charCodeAt(at) < 128;
  while (place > 0 && place < text.length && !(plain(place - 1) && plain(place))) place += step;
  return place;
}
