// Lines of Markdown as edits: what a key does in a list or a quote, and blocks that need lines of their own.

const QUOTE = /^\s{0,3}(?:>\s?)+/;
const ITEM = /^((?:\s{0,3}>\s?)*\s*)([-*+]|\d{1,9}[.)])(\s+|$)(\[[ xX]\]\s+)?/;
const STARTS = /^\s{0,3}(?:#{1,6}(?:\s|$)|\[[^\]]+\]:|(?:[*_]\s*){3,}$)/; // a block without a blank line before it
const ENDS = /^\s{0,3}(?:#{1,6}(?:\s|$)|(?:[*_]\s*){3,}$|(?:-+|=+)\s*$)/; // a block without a blank line after it
const FENCE = /^[\s>]*(`{3,}|~{3,})/;

const edit = (start, end, text, caret = start + text.length) => ({ start, end, text, from: caret, to: caret });

export const lineStart = (text, place) => text.lastIndexOf("\n", place - 1) + 1;

export function lineEnd(text, place) {
  const end = text.indexOf("\n", place);
  return end < 0 ? text.length : end;
}

// Whether a place is between the fences of a block of code.
export function isInFence(text, place) {
  let fence = null;
  for (const line of text.slice(0, lineStart(text, place)).split("\n")) {
    const mark = line.match(FENCE)?.[1];
    if (!mark) continue;
    if (!fence) fence = mark;
    else if (mark[0] === fence[0] && mark.length >= fence.length) fence = null;
  }
  return fence !== null;
}

// What stands before a line's own text: the marks of quotes and lists, and what a block below them begins its lines with.
function lead(text, first) {
  const line = text.slice(first, lineEnd(text, first));
  const item = line.match(ITEM);
  if (item) {
    const [whole, outer, marker, gap] = item;
    const width = gap.length > 4 || !line.slice(whole.length).trim() ? 1 : gap.length;
    return { marks: whole, prefix: outer + " ".repeat(marker.length + width), isItem: true };
  }
  const quote = line.match(QUOTE)?.[0];
  if (quote) return { marks: quote, prefix: quote, isItem: false };
  const indent = line.match(/^\s*/)[0];
  for (const { content } of indent ? above(text, first) : []) {
    if (content <= indent.length) return { marks: " ".repeat(content), prefix: " ".repeat(content), isItem: false };
  }
  return { marks: "", prefix: "", isItem: false };
}

// The block with the line ends that keep it apart from the text around the span that it replaces. In a list or a quote
// it stays inside, and so does the rest of the line behind it.
export function apart(text, start, end, block) {
  const first = lineStart(text, start);
  let { marks, prefix, isItem } = lead(text, first);
  if (start < first + marks.length) [marks, prefix, isItem] = ["", "", false];
  const bare = prefix.trimEnd();
  const isBlank = (line) => !line.replace(bare, "").trim();
  const parted = `\n${bare}\n${prefix}`;
  let open = "";
  if (text.slice(first + marks.length, start).trim()) open = parted;
  else if (!isItem && first > 0 && !isBlank(text.slice(lineStart(text, first - 1), first - 1))) open = `\n${prefix}`;
  const stop = lineEnd(text, end);
  let close = "";
  if (text.slice(end, stop).trim()) close = parted;
  else if (stop < text.length) {
    const next = text.slice(stop + 1, lineEnd(text, stop + 1));
    if (!isBlank(next)) close = `\n${next.startsWith(bare) && bare.trim() ? bare : ""}`;
  }
  const lines = block.replace(/\n+$/, "").split("\n");
  return open + lines.map((line, n) => (n && line ? prefix : n ? bare : "") + line).join("\n") + close;
}

// The edit that puts a picture on lines of its own: at the caret, or after the paragraph that has the caret inside. It
// takes the place of what is selected: of words inside a line in that line, unless it has several lines itself.
export function placed(text, start, end, piece) {
  if (isInFence(text, start)) return edit(start, end, piece);
  if (start !== end) {
    const isAtEnd = start === lineStart(text, start) || end === lineEnd(text, end);
    return edit(start, end, isAtEnd || piece.includes("\n") ? apart(text, start, end, piece) : piece);
  }
  const first = lineStart(text, start);
  const isBefore = start === first && !(first && continues(text, first));
  const place = isBefore ? start : paragraphEnd(text, start);
  return edit(place, place, apart(text, place, place, piece));
}

function paragraphEnd(text, place) {
  let end = lineEnd(text, place);
  while (end < text.length && continues(text, end + 1)) end = lineEnd(text, end + 1);
  return end;
}

// Whether the line that begins at a place goes on with the paragraph of the line before.
function continues(text, first) {
  const line = text.slice(first, lineEnd(text, first));
  const before = text.slice(lineStart(text, first - 1), first - 1);
  const [[quote, words], [quoteBefore, wordsBefore]] = [line, before].map((whole) => {
    const marks = whole.match(QUOTE)?.[0] ?? "";
    return [marks.replace(/\s/g, ""), whole.slice(marks.length)];
  });
  const isText = words.trim() && wordsBefore.trim() && quote === quoteBefore;
  return Boolean(isText && !STARTS.test(words) && !ITEM.test(words) && !FENCE.test(words) && !ENDS.test(wordsBefore) && !FENCE.test(wordsBefore));
}

// Enter: the next item or line of a quote; in an empty one the end of the list or quote. Null leaves it to the browser.
export function continued(text, start, end) {
  const first = lineStart(text, start);
  const line = text.slice(first, lineEnd(text, start));
  const item = line.match(ITEM);
  const lead = item?.[0] ?? line.match(QUOTE)?.[0];
  if (!lead || start < first + lead.length || isInFence(text, start)) return null;
  if (!line.slice(lead.length).trim() && start === end) return edit(first, first + line.length, "\n");
  return edit(start, end, `\n${item ? next(item) : lead}`);
}

function next([, indent, marker, gap, box]) {
  const number = parseInt(marker, 10);
  const sign = Number.isNaN(number) ? marker : `${number + 1}${marker.at(-1)}`;
  return indent + sign + (gap || " ") + (box ? "[ ] " : "");
}

// Tab and Shift+Tab: the selected items one level in or out. Null where they cannot go, and Tab leaves the field.
export function indented(text, start, end, back) {
  const first = lineStart(text, start);
  const last = lineEnd(text, end > start && text[end - 1] === "\n" ? end - 1 : end);
  const lines = text.slice(first, last).split("\n");
  const item = lines[0].match(/^(\s*)([-*+]|\d{1,9}[.)])(\s|$)/);
  if (!item || isInFence(text, start)) return null;
  const indent = back ? outerIndent(text, first, item[1].length) : innerIndent(text, first, item[1].length);
  if (indent === null) return null;
  const step = indent - item[1].length;
  const moved = lines.map((line) => (step > 0 ? " ".repeat(step) + line : line.slice(Math.min(-step, line.search(/\S|$/)))));
  const whole = moved.join("\n");
  if (start === end) return edit(first, last, whole, Math.max(first, start + step));
  return { start: first, end: last, text: whole, from: first, to: first + whole.length };
}

// The indents of the items above a place, the nearest first, up to the paragraph before the list.
function* above(text, first) {
  for (const line of text.slice(0, first).split("\n").reverse().slice(1)) {
    const item = line.match(/^(\s*)((?:[-*+]|\d{1,9}[.)])\s+)/);
    if (item) yield { indent: item[1].length, content: item[0].length };
    else if (/^\S/.test(line)) return;
  }
}

function innerIndent(text, first, indent) {
  for (const item of above(text, first)) {
    if (item.indent <= indent) return item.indent === indent ? item.content : null;
  }
  return null;
}

function outerIndent(text, first, indent) {
  if (!indent) return null;
  for (const item of above(text, first)) if (item.indent < indent) return item.indent;
  return 0;
}
