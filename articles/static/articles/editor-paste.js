// After a paste or a drop, says which odd characters came along, and cleans just what was pasted, undoably: the
// flagged ones, and no-break spaces between letters, which are ordinary where someone typed them on purpose.

import { carrier, replaceAll } from "./editor-text.js";

const NO_BREAK_SPACE = /(?<=\p{L})[\u00a0\u202f](?=\p{L})/gu;

export function tellWhatWasPasted(form) {
  const field = form.elements.source;
  const note = form.querySelector("[data-pasted]");
  const summary = note.querySelector("[data-pasted-summary]");
  let pasted = null; // start and end in UTF-16 units, moved along by later edits
  let before = null; // selection and length before an edit
  let text = ""; // in which the spans of what was found count
  let found = [];

  const isPaste = (event) => /^insertFrom(Paste|Drop)/.test(event.inputType);
  field.addEventListener("beforeinput", (event) => {
    if (pasted || isPaste(event)) before = { start: field.selectionStart, length: field.value.length };
  });
  field.addEventListener("input", (event) => {
    if (!before) return;
    const end = field.selectionEnd;
    const grown = field.value.length - before.length;
    if (isPaste(event)) {
      pasted = { start: Math.min(before.start, end), end };
      note.hidden = true;
      form.dispatchEvent(new Event("ask"));
    } else if (pasted) {
      if (before.start < pasted.start) pasted.start = Math.max(0, pasted.start + grown);
      if (before.start <= pasted.end) pasted.end = Math.max(pasted.start, pasted.end + grown);
    }
    before = null;
  });

  form.addEventListener("pasted", ({ detail }) => {
    pasted = { ...detail };
    note.hidden = true;
  });

  form.addEventListener("answer", ({ detail: answer }) => {
    text = answer.sent.source;
    if (!pasted || text !== field.value) return; // the next answer knows
    found = [...flagged(answer), ...spaces()].sort((a, b) => a.start - b.start);
    note.hidden = found.length === 0;
    if (note.hidden) pasted = null;
    else tell();
  });

  function flagged(answer) {
    const spans = answer.findings.filter(({ field }) => field === "source").map((finding) => {
      const [start, end] = answer.unitsOf(finding);
      return { start, end, name: finding.name, put: finding.put };
    });
    return spans.filter(({ start, end }) => start >= pasted.start && end <= pasted.end);
  }

  function spaces() {
    const first = Math.max(0, pasted.start - 1);
    const matches = text.slice(first, pasted.end + 1).matchAll(NO_BREAK_SPACE);
    const name = note.dataset.noBreakSpace;
    return Array.from(matches, ({ index }) => ({ start: first + index, end: first + index + 1, name, put: " " }));
  }

  function tell() {
    const counts = new Map();
    for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
    summary.textContent = [...counts].map(([name, count]) => `${count} × ${name}`).join(", ");
    note.querySelector("[data-clean]").hidden = found.every(({ put }) => put === null);
  }

  const dismiss = () => {
    pasted = null;
    note.hidden = true;
    field.focus();
  };
  note.querySelector("[data-clean]").addEventListener("click", () => {
    const carry = carrier(text, field.value);
    const edits = [];
    for (const { start, end, put } of found) {
      const span = put === null ? null : carry(start, end);
      if (span && span[0] >= (edits.at(-1)?.[1] ?? 0)) edits.push([...span, put]);
    }
    dismiss();
    replaceAll(field, edits);
    form.dispatchEvent(new Event("ask"));
  });
  note.querySelector("[data-keep]").addEventListener("click", dismiss);
}
