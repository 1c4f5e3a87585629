// Images in the text: the button of the toolbar opens a dialog with the images of the site and an upload; an image that
// is dropped on the page or pasted into the text is uploaded, after a question for what it shows. Without scripts the
// page of images has a form for it.

import { Library } from "./editor-library.js";
import { placed } from "./editor-lines.js";
import { captioned, imageOf } from "./editor-markdown.js";
import { head, isHeic, scaled } from "./editor-photos.js";
import { Places, replace } from "./editor-text.js";

export function offerImages(main, session) {
  const editor = main.elements.source;
  const said = main.querySelector("[data-said]");
  const dialog = document.querySelector("[data-image-dialog]");
  const picker = document.querySelector("[data-image-picker]");
  const form = dialog.querySelector("form");
  const { alt, decoration, caption } = form.elements;
  const about = dialog.querySelector("[data-image-about]");
  const name = dialog.querySelector("[data-image-file]");
  const preview = dialog.querySelector("[data-image-preview]");
  const error = dialog.querySelector("[data-image-error]");
  const progress = dialog.querySelector("progress");
  const insert = form.querySelector("[type=submit]");
  const shelf = dialog.querySelector("[data-library]");
  const words = dialog.dataset;

  const library = new Library(shelf, (image) => {
    if (asked.file) return;
    about.hidden = insert.hidden = image === null;
    if (!image) return;
    alt.value = image.alt;
    error.textContent = "";
  });

  // What is asked about now: `file` and what is `ready` of it to be sent, or neither while the library is shown.
  let asked = { file: null, ready: null };

  // The file to send, or an error with a message for the person.
  async function prepare(file) {
    const bytes = await head(file);
    if (isHeic(bytes)) throw new Error(words.heic);
    if (!picker.accept.split(",").includes(file.type)) throw new Error(words.wrongKind);
    const ready = await scaled(file, bytes, Number(words.wishedSide), preview);
    if (ready.size > Number(words.maxBytes)) throw new Error(words.tooLarge);
    return ready;
  }

  function show(file, message = "") {
    asked = { file, ready: message ? Promise.reject(new Error(message)) : file && prepare(file) };
    shelf.hidden = file !== null;
    about.hidden = insert.hidden = file === null;
    name.textContent = file?.name ?? "";
    name.parentElement.hidden = file === null;
    preview.hidden = true;
    error.textContent = "";
    insert.textContent = file ? words.uploadAndInsert : words.insert;
    insert.disabled = false;
    if (!file) return library.open();
    alt.focus();
    const { ready } = asked;
    ready.catch((reason) => {
      if (asked.ready !== ready) return;
      error.textContent = reason.message;
      insert.disabled = true;
    });
  }

  // Asks what a file shows, or without one for an image of the library or a file. Resolves to what is to be inserted, or
  // to nothing where the person cancels.
  const ask = (file, { shown = "", message = "", isAlone = true } = {}) =>
    new Promise((resolve) => {
      const left = new AbortController();
      let answer;
      form.reset();
      alt.disabled = false;
      alt.value = shown;
      caption.parentElement.hidden = !isAlone;
      progress.hidden = true;
      dialog.showModal();
      show(file, message);
      form.addEventListener(
        "submit",
        async (event) => {
          event.preventDefault();
          if (library.isSearching) return library.search();
          if (insert.hidden || insert.disabled) return;
          answer = await chosen(left.signal);
          if (answer) dialog.close();
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
    });

  // What the person chose, uploaded if it is a file; nothing, with an error in the dialog, where that fails.
  async function chosen(signal) {
    const described = decoration.checked ? "" : alt.value.trim();
    const more = { caption: caption.value.trim(), isSilent: !described && !decoration.checked };
    if (!asked.file) {
      const { address } = library.chosen;
      return { address, markdown: imageOf(described, address), ...more };
    }
    insert.disabled = true;
    error.textContent = "";
    progress.value = 0;
    progress.hidden = false;
    try {
      const ready = await asked.ready;
      return { ...(await upload(ready, described, signal)), ...more };
    } catch (reason) {
      if (signal.aborted) return; // the next question may be open
      error.textContent = reason.message;
      insert.disabled = false;
      progress.hidden = true;
    }
  }

  // The server's answer, which has `markdown` and `address`. Who is logged out can log in above the dialog.
  async function upload(file, described, signal, mayRenew = true) {
    if (session.state === "in") {
      const answer = await send(file, described, signal);
      if (answer) return answer;
    }
    await session.renew();
    if (session.state === "in" && mayRenew) return upload(file, described, signal, false);
    if (session.state === "other") throw new Error(words.other.replace("{name}", session.name));
    if (session.state === "out") session.ask();
    throw new Error(session.state === "out" ? words.loggedOut : words.failed);
  }

  // The server's answer to an upload; null where it asks to log in, or the token is that of another session.
  const send = (file, described, signal) =>
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
        if (request.responseURL !== form.action || request.status === 403) return resolve(null);
        const told = Object.values(answer.errors ?? {}).flat().join(" ");
        reject(new Error(told || (request.status === 429 ? words.often : words.failed)));
      });
      signal.addEventListener("abort", () => {
        request.abort();
        reject(new Error(""));
      });
      const data = new FormData();
      data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      data.append("alt", described);
      data.append("file", file);
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.send(data);
    });

  function tell(answer) {
    const note = document.createElement("li");
    note.className = answer.isSilent ? "warning" : "success";
    note.textContent = answer.isSilent ? words.silent : words.inserted;
    said.replaceChildren(note);
  }

  let turn = Promise.resolve(); // one question at a time
  const add = (file) => {
    turn = turn.then(async () => {
      const { selectionStart, selectionEnd } = editor; // under a dialog the editor forgets its caret
      const answer = await ask(file);
      editor.focus();
      if (!answer) return editor.setSelectionRange(selectionStart, selectionEnd);
      const piece = captioned(answer.markdown, answer.caption);
      const { start, end, text } = placed(editor.value, selectionStart, selectionEnd, piece);
      replace(editor, start, end, text);
      tell(answer);
    });
  };

  // The first file takes the place of the library; the others are asked about after it.
  function take(files) {
    if (dialog.open && !asked.file && files.length) {
      alt.value = "";
      show(files.shift());
    }
    files.forEach(add);
  }

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-image-choose]")) add(null);
    const button = target.closest("[data-upload-data-image]");
    if (button) uploadDataImage(Number(button.dataset.start), Number(button.dataset.end));
  });
  dialog.querySelector("[data-image-cancel]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-image-upload]").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    take([...picker.files]);
    picker.value = "";
  });
  decoration.addEventListener("change", () => (alt.disabled = decoration.checked));
  session.onChange(() => {
    if (session.state === "in" && error.textContent === words.loggedOut) error.textContent = "";
  });

  editor.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    // Word processors put a picture of the text beside the text.
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    [...files].forEach(add);
  });

  // Anywhere on the page: beside the text a browser would leave for the dropped file.
  const holdsFiles = (event) => event.dataTransfer.types.includes("Files");
  document.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
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
      return ask(new File([], ""), { message: words.notThere, isAlone: false });
    }
    const first = places.unit(start) + found.index;
    const last = first + found[0].length;
    const opening = /!\[((?:\\.|[^\]\\])*)\]\(<?$/s.exec(text.slice(0, first));
    const closing = /^>?\)/.exec(text.slice(last));
    const whole = opening && closing;
    const shown = whole ? opening[1].replace(/\\(.)/gs, "$1") : "";
    const answer = await ask(file, { shown, isAlone: false });
    editor.focus();
    if (answer && whole) replace(editor, opening.index, last + closing[0].length, answer.markdown);
    else if (answer) replace(editor, first, last, answer.address);
  }
}
