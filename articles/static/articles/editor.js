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

// Leaving with unsaved text asks first.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => changed && event.preventDefault());
}

// An empty address follows the title while an article is new.
const slug = document.querySelector("input[data-follows-title]");
if (slug) {
  const title = document.querySelector("input[name=title]");
  let own = slug.value !== "";
  slug.addEventListener("input", () => (own = slug.value !== ""));
  title.addEventListener("input", () => {
    if (own) return;
    slug.value = title.value
      .normalize("NFC")
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 80);
  });
}
