// Enhances the editor: an image that is dropped on the page, pasted into the text or chosen is uploaded and inserted
// at the caret, after a question for what it shows. Without this script the page of images has a form for it.

import { apartAtEnds } from "./editor-lines.js";
import { Places, replace } from "./editor-text.js";

const editor = document.querySelector("textarea.markdownx-editor");
const dialog = document.querySelector("[data-image-dialog]");
const picker = document.querySelector("[data-image-picker]");
const form = dialog.querySelector("form");
const error = dialog.querySelector("[data-image-error]");
const progress = dialog.querySelector("progress");
const upload = form.querySelector("[type=submit]");
const words = dialog.dataset;

const fault = (file) => {
  if (!picker.accept.split(",").includes(file.type)) return words.wrongKind;
  return file.size > Number(words.maxBytes) ? words.tooLarge : "";
};

// The answer of the server to an upload: `markdown` and `address`, or an error with a message for the person.
const send = (file, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch reports no upload progress
    request.upload.addEventListener("progress", (event) => (progress.value = event.loaded / event.total));
    request.addEventListener("error", () => reject(new Error(words.failed)));
    request.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // an HTML page: the login or an error
      }
      if (answer.markdown) return resolve(answer);
      const told = Object.values(answer.errors ?? {}).flat().join(" ");
      if (request.responseURL !== form.action) return reject(new Error(words.loggedOut));
      reject(new Error(told || (request.status === 429 ? words.often : words.failed)));
    });
    signal.addEventListener("abort", () => request.abort());
    const data = new FormData(form);
    data.append("file", file);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  });

// Ask what a file shows and upload it. Resolves to the server's answer, or to nothing where the person cancels.
const ask = (file, { alt = "", message = fault(file) } = {}) =>
  new Promise((resolve) => {
    const left = new AbortController();
    let answer;
    dialog.querySelector("[data-image-file]").textContent = file.name;
    form.elements.alt.value = alt;
    error.textContent = message;
    upload.disabled = message !== "";
    progress.hidden = true;
    form.addEventListener(
      "submit",
      async (event) => {
        event.preventDefault();
        upload.disabled = true;
        error.textContent = "";
        progress.value = 0;
        progress.hidden = false;
        try {
          answer = await send(file, left.signal);
          dialog.close();
        } catch (reason) {
          error.textContent = reason.message;
        }
        upload.disabled = false;
        progress.hidden = true;
      },
      { signal: left.signal },
    );
    dialog.addEventListener(
      "close",
      () => {
        left.abort();
        resolve(answer);
      },
      { once: true },
    );
    dialog.showModal();
    form.elements.alt.focus();
  });

let turn = Promise.resolve(); // one question at a time
const add = (files) => {
  for (const file of files) {
    turn = turn.then(async () => {
      const { selectionStart, selectionEnd } = editor; // under a dialog the editor forgets its caret
      const answer = await ask(file);
      editor.focus();
      if (answer) {
        const text = apartAtEnds(editor.value, selectionStart, selectionEnd, answer.markdown);
        replace(editor, selectionStart, selectionEnd, text);
      } else editor.setSelectionRange(selectionStart, selectionEnd);
    });
  }
};

dialog.querySelector("[data-image-cancel]").addEventListener("click", () => dialog.close());
picker.addEventListener("change", () => {
  add([...picker.files]);
  picker.value = "";
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-image-choose]")) picker.click();
  const button = target.closest("[data-upload-data-image]");
  if (button) uploadDataImage(Number(button.dataset.start), Number(button.dataset.end));
});

editor.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  // Word processors put a picture of the text beside the text.
  if (!files.length || types.includes("text/plain")) return;
  event.preventDefault();
  add([...files]);
});

// Anywhere on the page: beside the text a browser would leave for the dropped file.
const holdsFiles = (event) => event.dataTransfer.types.includes("Files");
document.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  if (!dialog.open) add([...event.dataTransfer.files]);
});

// A button with `data-upload-data-image` makes an uploaded image of one that stands in the text as `data:`, within a
// span of code points. Written in Markdown, its text is asked for and the whole is replaced; in HTML its address.
async function uploadDataImage(start, end) {
  const text = editor.value;
  const places = new Places(text);
  let found, file;
  try {
    found = /data:(image\/[a-z+]+);base64,([a-z0-9+/=%\s]+)/i.exec(text.slice(places.unit(start), places.unit(end)));
    const bytes = Uint8Array.from(atob(decodeURIComponent(found[2])), (byte) => byte.charCodeAt(0));
    const type = found[1].toLowerCase().replace("jpg", "jpeg");
    file = new File([bytes], type.replace("/", "."), { type });
  } catch {
    return ask(new File([], ""), { message: words.notThere });
  }
  const first = places.unit(start) + found.index;
  const last = first + found[0].length;
  const opening = /!\[((?:\\.|[^\]\\])*)\]\(<?$/s.exec(text.slice(0, first));
  const closing = /^>?\)/.exec(text.slice(last));
  const whole = opening && closing;
  const answer = await ask(file, { alt: whole ? opening[1].replace(/\\(.)/gs, "$1") : "" });
  editor.focus();
  if (answer && whole) replace(editor, opening.index, last + closing[0].length, answer.markdown);
  else if (answer) replace(editor, first, last, answer.address);
}
