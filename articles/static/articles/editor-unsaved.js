// Unsaved text: leaving asks first, a form is sent once, and this tab keeps the text until it stands in a saved
// version, so that an expired session loses nothing.

const EVERY = 1000; // milliseconds between two writes to the tab's store: a long text takes it a while

// The base comes along: text brought back onto a newer version meets the same conflict as a late save.
export const FIELDS = ["title", "source", "slug", "language", "tags", "summary", "base"];

export function keepUnsaved(form) {
  const key = `unsaved ${location.pathname}`;
  const fields = FIELDS.map((name) => form.elements.namedItem(name));
  const typed = () => JSON.stringify(fields.map((field) => field.value));
  const loaded = typed();
  const offer = document.querySelector("[data-kept]");
  let changed = false;
  let waiting = 0;

  const keep = () => {
    clearTimeout(waiting);
    waiting = 0;
    try {
      sessionStorage.setItem(key, typed());
    } catch {
      // The store is full or forbidden: leaving the page still asks.
    }
  };
  form.addEventListener("input", () => {
    changed = true;
    waiting ||= setTimeout(keep, EVERY);
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    changed = false;
    keep();
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
  addEventListener("pagehide", () => waiting && keep());
  document.addEventListener("visibilitychange", () => waiting && keep());
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
      fields[FIELDS.indexOf("source")].dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
