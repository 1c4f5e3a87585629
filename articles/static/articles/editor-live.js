// Asks the server what the text amounts to while somebody types, and hands its answer to the form's listeners as an
// "answer" event; an "ask" event of the form asks at once. One request is under way at a time, and the last change is
// always asked about. Errors are said in place, and asking goes on.

import { Places, carrier } from "./editor-text.js";

const FIELDS = ["title", "source", "slug", "language", "tags", "excerpt", "description", "cover", "software_share", "summary", "base"];
const BETWEEN = 700; // milliseconds between the beginnings of two requests: fewer than the server answers in a minute
const LONGEST = 1000; // if the server needs long for a long text
const PATIENCE = 30_000; // for an answer
const AGAIN = 5000; // after an error of the server or the network

export function askWhileTyping(form, session) {
  const field = form.elements.source;
  const status = form.querySelector("[data-live-status]");
  let waiting = 0; // the timer of the next request
  let isAsking = false;
  let isOutdated = false; // whether something changed since the request under way was sent
  let began = -Infinity;
  let took = 0;
  let refusedUntil = 0;

  const later = (pause) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(), pause);
  };

  function changed() {
    if (isAsking) isOutdated = true;
    else if (!waiting) {
      const due = Math.max(began + Math.min(LONGEST, Math.max(BETWEEN, 2 * took)), refusedUntil);
      later(Math.max(0, due - performance.now()));
    }
  }

  async function ask() {
    if (isAsking) return (isOutdated = true);
    clearTimeout(waiting);
    waiting = 0;
    if (session.state !== "in") return;
    isAsking = true;
    isOutdated = false;
    began = performance.now();
    await send(true);
    took = performance.now() - began;
    isAsking = false;
    if (isOutdated && !waiting) changed();
  }

  async function send(mayRenew) {
    const sent = Object.fromEntries(FIELDS.map((name) => [name, valueOf(form.elements.namedItem(name))]));
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const response = await fetch(field.dataset.markdownxUrlsPath, { method: "POST", body: body(sent), signal });
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
      const answer = isJson ? await response.json() : {};
      if (response.ok) take(sent, answer);
      else await refused(response, answer.error, mayRenew);
    } catch {
      say(status.dataset.failed);
      later(AGAIN);
    }
  }

  function body(sent) {
    const data = new FormData();
    for (const [name, value] of Object.entries(sent)) data.append(name, value);
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("article", form.dataset.article);
    if (form.matches("[data-compares]")) data.append("compare", "yes");
    return data;
  }

  function take(sent, answer) {
    say(answer.refusal ?? "");
    form.dispatchEvent(new CustomEvent("answer", { detail: new Answer(form, sent, answer) }));
  }

  async function refused(response, error, mayRenew) {
    const wait = Number(response.headers.get("Retry-After"));
    if (wait) {
      say(error ?? status.dataset.often.replace("{n}", wait));
      refusedUntil = performance.now() + wait * 1000;
      later(wait * 1000);
    } else if (response.status === 401 || response.status === 403) {
      // After a new login in another tab, the token of this form is outdated.
      if (!error || response.status === 401) await session.renew();
      if (!error && session.state === "in" && mayRenew) return send(false);
      say(session.state === "in" ? (error ?? status.dataset.failed) : ""); // the bar says who is logged in
    } else {
      say(error ?? (response.status < 500 ? status.dataset.tooLarge : status.dataset.failed));
      if (response.status >= 500) later(AGAIN);
    }
  }

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  form.addEventListener("input", changed);
  form.addEventListener("ask", () => ask());
  session.onChange(() => ask());
  addEventListener("online", () => ask());
  addEventListener("pageshow", (event) => event.persisted && ask());
  ask();
}

// A field in which a name is being typed says what it holds until then.
const valueOf = (field) => field.dataset.settled ?? field.value;

// Maps the server's answer, which is about the fields as sent, to the fields as they are now.
class Answer {
  #form;
  #places = new Map();

  constructor(form, sent, answer) {
    Object.assign(this, answer);
    this.#form = form;
    this.sent = sent;
  }

  // The span in UTF-16 units of the field as it was sent.
  unitsOf({ field, start, end }) {
    if (!this.#places.has(field)) this.#places.set(field, new Places(this.sent[field]));
    const places = this.#places.get(field);
    return [places.unit(start), places.unit(end)];
  }

  // Returns the field and present span of an item; null if it was edited since or no longer matches `written`.
  finder() {
    const carriers = new Map();
    return (item) => {
      const element = this.#form.elements.namedItem(item.field);
      const before = this.sent[item.field];
      if (!carriers.has(item.field)) carriers.set(item.field, carrier(before, element.value));
      const [start, end] = this.unitsOf(item);
      if ("written" in item && before.slice(start, end) !== item.written) return null;
      const span = carriers.get(item.field)(start, end);
      return span && { element, start: span[0], end: span[1] };
    };
  }
}
