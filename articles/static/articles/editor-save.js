// Saves without leaving the page: caret, selection, scrolling, undo and focus stay. The server answers as it does to a
// form without scripts; what that page says is taken over here. A conflict is shown as a page of its own.

import { reveal } from "./editor-sheets.js";
import { keepingWords } from "./editor-talk.js";

const PATIENCE = 60_000; // milliseconds for an answer
const KEYS = { s: "_save", Enter: "_submit" };

export function saveInPlace(form, session, scratch, status) {
  const said = form.querySelector("[data-said]");
  let isSaving = false;
  let isSentAsPage = false;

  form.addEventListener("submit", (event) => {
    if (isSentAsPage) return;
    event.preventDefault();
    if (!isSaving) save(event.submitter ?? form.querySelector("[type=submit]"));
  });
  addEventListener("keydown", (event) => {
    const name = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && !form.contains(event.target)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(`[name=${name}]`));
  });

  async function save(button) {
    isSaving = true;
    said.replaceChildren();
    status.say("saving");
    await scratch.whileSaving(() => post(button, true)).finally(() => (isSaving = false));
  }

  // Returns whether the text is saved.
  async function post(button, mayRenew) {
    if (session.state === "out") await session.renew();
    if (session.state !== "in") return ask();
    const body = new FormData(form);
    body.append(button.name, "");
    let response;
    let page;
    try {
      response = await fetch(location.pathname, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      return status.say("failed");
    }
    if (response.status === 409) return sendAsPage(button);
    const saved = page.querySelector("form[data-editor]");
    if (response.ok && saved) return response.redirected ? takeOver(page, response.url) : showErrors(page);
    const wait = response.headers.get("Retry-After");
    if (response.status === 429) return status.say("often", { n: wait });
    if (response.status < 500 && mayRenew && (await session.renew())) {
      return session.state === "in" ? post(button, false) : ask();
    }
    status.say("failed");
  }

  function ask() {
    if (session.state === "out") session.ask();
    status.say(session.state === "out" ? "loggedOut" : "other", { name: session.name });
  }

  function sendAsPage(button) {
    isSentAsPage = true;
    form.requestSubmit(button);
    // Nothing else is sent until the next page is there, or this one is shown again.
    return new Promise((resolve) => addEventListener("pageshow", () => resolve((isSentAsPage = false)), { once: true }));
  }

  function takeOver(page, url) {
    keepingWords(() => {
      for (const part of document.querySelectorAll("[data-fresh]")) {
        const fresh = page.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
        if (fresh) part.replaceWith(fresh);
      }
    });
    const fresh = page.querySelector("form[data-editor]");
    for (const name of ["base", "contained"]) form.elements.namedItem(name).value = fresh.elements.namedItem(name).value;
    form.querySelector("[name=change_kind]").checked = true; // the first, "not said": the kind was that of the version saved
    form.dataset.article = fresh.dataset.article;
    document.title = page.title;
    document.querySelector(".errornote, .conflict")?.remove();
    showFieldErrors(page);
    for (const message of page.querySelectorAll("[data-said] li")) said.append(message);
    history.replaceState(null, "", url);
    status.say("version");
    form.dispatchEvent(new Event("saved"));
    return true;
  }

  function showErrors(page) {
    showFieldErrors(page);
    const field = form.querySelector("[aria-invalid=true]");
    if (field) reveal(field);
    for (const error of page.querySelectorAll(".errornote li")) said.append(error);
    status.say("invalid");
  }

  // An error stands at its field, as on the page that the server answers with.
  function showFieldErrors(page) {
    const fresh = page.querySelector("form[data-editor]");
    for (const field of form.querySelectorAll("input, textarea, select")) {
      const other = field.name && fresh.elements.namedItem(field.name);
      if (!other || ["hidden", "radio"].includes(field.type)) continue;
      const error = other.parentElement.querySelector(":scope > .errorlist");
      field.parentElement.querySelector(":scope > .errorlist")?.remove();
      if (error) field.before(error);
      for (const name of ["aria-invalid", "aria-describedby"]) {
        if (other.hasAttribute(name)) field.setAttribute(name, other.getAttribute(name));
        else field.removeAttribute(name);
      }
    }
  }
}
