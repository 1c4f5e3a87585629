// Pastes what other programs copied as Markdown, which the server makes of their HTML, and lists what was left out.
// Plain text, a paste into a block of code and Ctrl+Shift+V stay as they are. Without this script all is plain text.

import { apart, isInFence } from "./editor-lines.js";
import { carrier, replace } from "./editor-text.js";

const ADDRESS = /^https?:\/\/\S+$/;
const DATA = /data:[\w.+/-]+;base64,[\w+/=%\s-]+/g; // pictures, which the server would leave out

export function pasteAsMarkdown(form) {
  const field = form.elements.source;
  const note = form.querySelector("[data-brought]");
  const message = note.querySelector("[data-brought-message]");
  const list = note.querySelector("[data-brought-list]");
  const usePlain = note.querySelector("[data-use-plain]");
  let wantsPlain = false; // Ctrl+Shift+V, for browsers that hand on the HTML all the same
  let pasted = null; // what was put where, and the plain text that it stands for

  field.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "v") wantsPlain = event.shiftKey;
  });
  field.addEventListener("paste", (event) => {
    const isPlain = wantsPlain;
    wantsPlain = false;
    note.hidden = true;
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain").replaceAll("\r\n", "\n");
    const { value, selectionStart: start, selectionEnd: end } = field;
    const selected = value.slice(start, end);
    if (isPlain || event.defaultPrevented || isInFence(value, start)) return;
    if (ADDRESS.test(plain.trim()) && selected.trim() && !/[\n[\]]/.test(selected)) {
      event.preventDefault();
      replace(field, start, end, `[${selected}](${plain.trim().replace(/[()]/g, encodeURIComponent)})`);
    } else if (html && plain.trim()) {
      event.preventDefault();
      bring(html, plain);
    }
  });

  async function bring(html, plain) {
    const { value, selectionStart: start, selectionEnd: end } = field;
    say(note.dataset.waiting);
    let answer = null;
    let error = note.dataset.failed;
    try {
      const response = await fetch(note.dataset.url, { method: "POST", body: body(html, value) });
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
      const read = isJson ? await response.json() : {};
      if (response.ok && read.markdown) answer = read;
      else error = response.ok ? "" : (read.error ?? error);
    } catch {
      // the network; the plain text is here
    }
    const span = carrier(value, field.value)(start, end) ?? [field.selectionEnd, field.selectionEnd];
    const text = answer && (answer.is_inline ? answer.markdown.trimEnd() : apart(field.value, ...span, answer.markdown));
    put(span, text ?? plain, plain);
    if (answer) tell(answer.dropped, text === plain);
    else say(error);
  }

  function body(html, value) {
    const data = new FormData();
    data.append("html", html.replace(DATA, "data:,"));
    const numbers = Array.from(value.matchAll(/\[\^(\d{1,6})\]/g), (match) => Number(match[1]));
    data.append("first_note", numbers.reduce((most, number) => Math.max(most, number), 0) + 1);
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    return data;
  }

  function put([start, end], text, plain) {
    replace(field, start, end, text);
    pasted = { start, end: start + text.length, value: field.value, plain };
    form.dispatchEvent(new CustomEvent("pasted", { detail: { start, end: start + text.length } }));
    form.dispatchEvent(new Event("ask"));
  }

  function tell(dropped, isSame) {
    say(dropped.length ? note.dataset.left : isSame ? "" : note.dataset.done);
    for (const { message, shown } of dropped) {
      const row = document.createElement("li");
      row.append(message);
      for (const html of shown) {
        const quote = document.createElement("q");
        quote.dir = "auto";
        quote.innerHTML = html; // escaped by the server, with labels for invisible characters
        row.append(" ", quote);
      }
      list.append(row);
    }
    usePlain.hidden = isSame;
  }

  function say(words) {
    list.replaceChildren();
    message.textContent = words;
    note.hidden = words === "";
    usePlain.hidden = true;
  }

  usePlain.addEventListener("click", () => {
    const span = carrier(pasted.value, field.value)(pasted.start, pasted.end);
    if (!span) return say(note.dataset.edited);
    put(span, pasted.plain, pasted.plain);
    say("");
    field.focus();
  });
  note.querySelector("[data-brought-close]").addEventListener("click", () => {
    say("");
    field.focus();
  });
}
