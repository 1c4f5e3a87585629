// Formatting of Markdown as edits: each function takes the text and the selection, and gives the span to replace,
// what to put there, and what is selected then. Applied a second time it takes its marks off again.

import { apart, isInFence, lineEnd } from "./editor-lines.js";

const LINE_MARKS = /^\s*(?:(?:[-*+]|\d+[.)]|#{1,6}|>)\s+)*/;
const ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;
const QUOTED = /^\s{0,3}>\s?/;
const WORD = /[\p{L}\p{M}\p{N}_]/u;

const edit = (start, end, text, from, to) => ({ start, end, text, from, to });

export const FORMATS = {
  bold: (text, start, end) => emphasis(text, start, end, 2),
  italic: (text, start, end) => emphasis(text, start, end, 1),
  heading: (text, start, end) => prefixed(text, start, end, /^##\s+/, () => "## "),
  subheading: (text, start, end) => prefixed(text, start, end, /^###\s+/, () => "### "),
  bulleted: (text, start, end) => prefixed(text, start, end, /^[-*+]\s+/, () => "- ", ITEM),
  numbered: (text, start, end) => prefixed(text, start, end, /^\d+[.)]\s+/, (n) => `${n + 1}. `, ITEM),
  quote,
  rule,
  footnote,
  code,
  link,
  table,
};

// A picture. `ImageName.markdown` writes the same.
export const imageOf = (alt, address) => `![${alt.replace(/[\\`*_[\]<&~|^]/g, "\\$&")}](${address})`;

// A picture with a caption below it, as the page shows it: a figure in HTML, in which the picture is Markdown.
export function captioned(picture, caption) {
  if (!caption) return picture;
  const escaped = caption.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<figure>\n\n${picture}\n\n<figcaption>${escaped}</figcaption>\n</figure>`;
}

// Stars on both sides of every selected line; one is emphasis, two are strong, three are both.
function emphasis(text, start, end, stars) {
  [start, end] = start === end ? wordAt(text, start) : [start, end];
  const [before, after] = [run(text, start, -1), run(text, end, 1)];
  const around = Math.min(before, after, 3);
  if (start === end && before === after && around && around !== stars && around < 3) {
    return edit(start, end, "*".repeat(2 * stars), start + stars, start + stars);
  }
  if (has(around, stars)) {
    const inside = text.slice(start, end);
    return edit(start - stars, end + stars, inside, start - stars, end - stars);
  }
  const lines = text.slice(start, end).split("\n").map(parts);
  const written = lines.filter((line) => line.words);
  const off = written.length > 0 && written.every((line) => has(inner(line.words), stars));
  const mark = "*".repeat(stars);
  const put = lines.map(({ lead, words, tail }) => {
    if (!words) return lead + (written.length ? "" : mark + mark) + tail;
    return lead + (off ? words.slice(stars, -stars) : mark + words + mark) + tail;
  });
  const whole = put.join("\n");
  if (lines.length > 1) return edit(start, end, whole, start, start + whole.length);
  const [{ lead, words }] = lines;
  const from = start + lead.length + (off ? 0 : stars);
  return edit(start, end, whole, from, from + words.length - (off ? 2 * stars : 0));
}

const has = (count, stars) => (stars === 1 ? count === 1 || count === 3 : count >= 2);

const inner = (words) => Math.min(run(words, 0, 1), run(words, words.length, -1), Math.floor(words.length / 2), 3);

function run(text, place, step) {
  let count = 0;
  while (text[step > 0 ? place + count : place - 1 - count] === "*") count++;
  return count;
}

function parts(line) {
  const lead = line.match(LINE_MARKS)[0];
  const words = line.slice(lead.length).trimEnd();
  return { lead, words, tail: line.slice(lead.length + words.length) };
}

function wordAt(text, place) {
  let [start, end] = [place, place];
  while (start > 0 && WORD.test(text[start - 1])) start--;
  while (end < text.length && WORD.test(text[end])) end++;
  return start < place && place < end ? [start, end] : [place, place];
}

// The selected lines, or the one of the caret.
function linesAt(text, start, end) {
  const first = text.lastIndexOf("\n", start - 1) + 1;
  const last = lineEnd(text, end > start && text[end - 1] === "\n" ? end - 1 : end);
  return { first, last, lines: text.slice(first, last).split("\n") };
}

// The edit that puts lines in the place of others, and keeps the caret where it is in its line. What would swallow the
// lines beside it, as lists and quotes do, is kept apart from those that are not `like` it.
function exchanged(text, start, end, { first, last }, put, like) {
  const differs = (line) => line.trim() && !like.test(line);
  const open = like && first > 0 && differs(text.slice(text.lastIndexOf("\n", first - 2) + 1, first - 1)) ? "\n" : "";
  const close = like && last < text.length && differs(text.slice(last + 1, lineEnd(text, last + 1))) ? "\n" : "";
  const inside = put.join("\n");
  const whole = open + inside + close;
  const from = first + open.length;
  if (start !== end) return edit(first, last, whole, from, from + inside.length);
  const caret = Math.max(from, start + open.length + inside.length - (last - first));
  return edit(first, last, whole, caret, caret);
}

// A mark at the start of each selected line; another mark of a list or heading gives way to it.
function prefixed(text, start, end, mark, put, like) {
  const at = linesAt(text, start, end);
  const written = at.lines.filter((line) => line.trim());
  const off = written.length > 0 && written.every((line) => mark.test(line));
  let number = 0;
  const changed = at.lines.map((line) => {
    if (!line.trim() && at.lines.length > 1) return line;
    const bare = line.replace(/^(?:#{1,6}|[-*+]|\d+[.)])\s+/, "");
    return off ? bare : put(number++) + bare;
  });
  return exchanged(text, start, end, at, changed, off ? null : like);
}

// Every selected line, the empty ones too, so that it stays one quote.
function quote(text, start, end) {
  const at = linesAt(text, start, end);
  const off = at.lines.every((line) => QUOTED.test(line));
  const changed = at.lines.map((line) => (off ? line.replace(QUOTED, "") : `> ${line}`.trimEnd() + (line || at.lines.length > 1 ? "" : " ")));
  return exchanged(text, start, end, at, changed, off ? null : QUOTED);
}

function rule(text, start, end) {
  const whole = apart(text, start, end, "---");
  const caret = start + whole.lastIndexOf("---") + 3;
  return edit(start, end, whole, caret, caret);
}

// The number stands behind the selection, and the note at the end of the text, where the caret goes.
function footnote(text, start, end) {
  if (isInFence(text, start)) return edit(start, end, text.slice(start, end), start, end);
  const numbers = Array.from(text.matchAll(/\[\^(\d{1,6})\]/g), (match) => Number(match[1]));
  const number = numbers.reduce((most, other) => Math.max(most, other), 0) + 1;
  const rest = text.slice(end).trimEnd();
  const follows = /(?:^|\n)\[\^[^\]\n]+\]:[^\n]*$/.test(text.slice(0, end) + rest);
  const whole = `[^${number}]${rest}${follows ? "\n" : "\n\n"}[^${number}]: `;
  return edit(end, text.length, `${whole}\n`, end + whole.length, end + whole.length);
}

// Backticks within a line, fences around lines.
function code(text, start, end) {
  const inside = text.slice(start, end);
  if (inside.includes("\n")) return fenced(text, start, end);
  const [before, after] = [text.slice(0, start).match(/`*$/)[0], text.slice(end).match(/^`*/)[0]];
  if (before && before === after) {
    return edit(start - before.length, end + after.length, inside, start - before.length, end - before.length);
  }
  const marked = inside.match(/^(`+)([^`](?:.*[^`])?)\1$/);
  if (marked) return edit(start, end, marked[2], start, start + marked[2].length);
  const ticks = "`".repeat(longest(inside, /`+/g) + 1);
  const pad = inside.startsWith("`") || inside.endsWith("`") ? " " : "";
  const from = start + ticks.length + pad.length;
  return edit(start, end, ticks + pad + inside + pad + ticks, from, from + inside.length);
}

function fenced(text, start, end) {
  const first = text.lastIndexOf("\n", start - 1) + 1;
  const last = lineEnd(text, text[end - 1] === "\n" ? end - 1 : end);
  const lines = text.slice(first, last);
  const opened = lines.match(/^(`{3,})[^\n]*\n([^]*)\n\1$/);
  if (opened) return edit(first, last, opened[2], first, first + opened[2].length);
  const fence = "`".repeat(Math.max(3, longest(lines, /`+/g) + 1));
  const whole = `${fence}\n${lines}\n${fence}`;
  return edit(first, last, whole, first, first + whole.length);
}

const longest = (text, pattern) => Math.max(0, ...Array.from(text.matchAll(pattern), (match) => match[0].length));

function link(text, start, end, words) {
  [start, end] = start === end ? wordAt(text, start) : [start, end];
  const inside = text.slice(start, end);
  const whole = inside.match(/^\[([^\]]*)\]\([^)\s]*\)$/);
  if (whole) return edit(start, end, whole[1], start, start + whole[1].length);
  const target = text.slice(end).match(/^\]\([^)\s]*\)/);
  if (text[start - 1] === "[" && target) {
    return edit(start - 1, end + target[0].length, inside, start - 1, end - 1);
  }
  if (/^(?:https?:\/\/|mailto:)\S+$/.test(inside)) {
    return edit(start, end, `[${words.text}](${inside})`, start + 1, start + 1 + words.text.length);
  }
  const label = inside || words.text;
  const from = start + label.length + 3;
  return edit(start, end, `[${label}](${words.address})`, from, from + words.address.length);
}

// Selected lines become rows, parted at tabs as a spreadsheet copies them; nothing selected gives an empty table.
function table(text, start, end, words) {
  const inside = text.slice(start, end).replace(/\n+$/, "");
  const blank = [[`${words.column} 1`, `${words.column} 2`], ["", ""]];
  const rows = inside ? inside.split("\n").map((line) => line.split("\t")) : blank;
  const width = Math.max(...rows.map((row) => row.length));
  const written = rows.map((row) => {
    const cells = Array.from({ length: width }, (_, n) => (row[n] ?? "").trim().replaceAll("|", "\\|"));
    return `| ${cells.join(" | ")} |`;
  });
  written.splice(1, 0, `|${" --- |".repeat(width)}`);
  const whole = apart(text, start, start + inside.length, written.join("\n"));
  const from = start + whole.indexOf(written[0]) + 2;
  return edit(start, start + inside.length, whole, from, from + written[0].split(" | ")[0].length - 2);
}
