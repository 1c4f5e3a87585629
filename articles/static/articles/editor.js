// Enhances the editor: the preview follows the text. Without this script the preview shows the text as it was
// loaded, and saving works the same.

const PAUSE = 400; // milliseconds without a keystroke before the server is asked

for (const editor of document.querySelectorAll("textarea.markdownx-editor")) {
  const preview = editor.closest("[data-editor]").querySelector("[data-preview]");
  const status = editor.closest("[data-editor]").querySelector("[data-preview-status]");
  const token = editor.form.querySelector("[name=csrfmiddlewaretoken]").value;
  let waiting = 0;
  let request = null;

  const refresh = async () => {
    request?.abort(); // an answer that arrives late never replaces a newer one
    request = new AbortController();
    const { signal } = request;
    try {
      const response = await fetch(editor.dataset.markdownxUrlsPath, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        body: new URLSearchParams({ content: editor.value }),
        signal,
      });
      if (!response.ok || response.redirected) throw new Error();
      preview.innerHTML = await response.text(); // sanitised by the server, as the published page is
      status.textContent = "";
    } catch {
      if (!signal.aborted) status.textContent = status.dataset.failed;
    }
  };

  editor.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, PAUSE);
  });
}

// Unsaved text: leaving asks first, a form is sent once, and this tab keeps the text until it stands in a saved
// version, so that an expired session loses nothing.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  const key = `unsaved ${location.pathname}`;
  // The base comes along: text brought back onto a newer version meets the same conflict as a late save.
  const names = ["title", "source", "slug", "language", "tags", "summary", "base"];
  const fields = names.map((name) => form.elements.namedItem(name));
  const typed = () => JSON.stringify(fields.map((field) => field.value));
  const loaded = typed();
  const offer = document.querySelector("[data-kept]");
  let changed = false;

  const keep = () => {
    try {
      sessionStorage.setItem(key, typed());
    } catch {
      // a full or forbidden store: leaving still asks
    }
  };
  form.addEventListener("input", () => {
    changed = true;
    keep();
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    changed = false;
    keep();
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
  addEventListener("beforeunload", (event) => changed && event.preventDefault());

  const text = (json) => json && JSON.stringify(JSON.parse(json).slice(0, 2));
  const forget = () => {
    sessionStorage.removeItem(key);
    offer.hidden = true;
  };
  for (const other of [key, "unsaved " + location.pathname.replace(/[0-9]+\/change\/$/, "add/")]) {
    if (text(sessionStorage.getItem(other)) === text(loaded)) sessionStorage.removeItem(other);
  }
  if (sessionStorage.getItem(key) && !form.querySelector(".errorlist")) {
    offer.hidden = false;
    offer.querySelector("[data-kept-forget]").addEventListener("click", forget);
    offer.querySelector("[data-kept-restore]").addEventListener("click", () => {
      JSON.parse(sessionStorage.getItem(key)).forEach((value, n) => (fields[n].value = value));
      offer.hidden = true;
      fields[names.indexOf("source")].dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

// An empty address follows the title while an article is new.
const slug = document.querySelector("input[data-follows-title]");
if (slug) {
  const title = document.querySelector("input[name=title]");
  let own = slug.value !== "";
  slug.addEventListener("input", () => (own = slug.value !== ""));
  title.addEventListener("input", () => {
    if (own) return;
    const words = title.value.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-");
    slug.value = [...words].slice(0, 80).join("").replace(/^[-\p{M}]+|-+$/gu, "");
  });
}
