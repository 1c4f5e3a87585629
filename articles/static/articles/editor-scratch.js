// Keeps what is typed: on the server after a pause, and in this browser until the server has it. At most one request
// is under way. Without scripts the form saves as it is.

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const PAUSE = 2000; // milliseconds without a change
const LONGEST = 10_000; // between two writes while typing goes on
const EVERY = 1000; // between two writes to the browser: a long text takes it a while
const PATIENCE = 15_000; // for an answer
const AGAIN = [5000, 10_000, 20_000, 60_000]; // after the first, second … failure
const KEEPALIVE = 60_000; // bytes that a browser sends after its page is gone, at most

export class Scratch {
  edits = 0;
  #sent = 0; // the edits that the server has
  #stored = 0; // the edits that this browser has
  #since = 0; // when the first edit after those that were sent was made
  #failures = 0;
  #error = ""; // its words when it refused the last ones
  #refused = 0; // the edits that the server will not take, whenever it is asked
  #asked = 0; // when the last request began
  #busy = null;
  #timer = 0;
  #storing = 0;
  #isSaving = false;
  #form;
  #session;
  #outbox;
  #status;

  constructor(form, session, outbox, status) {
    this.#form = form;
    this.#session = session;
    this.#outbox = outbox;
    this.#status = status;
    form.addEventListener("input", () => this.#changed());
    session.onChange(() => {
      this.#tell();
      this.#send();
    });
    addEventListener("online", () => this.#send());
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.#leave());
    addEventListener("beforeunload", (event) => {
      if (!this.#isSaving && this.edits > Math.max(this.#sent, this.#stored)) event.preventDefault();
    });
    document.querySelector("#logout-form")?.addEventListener("submit", (event) => this.#logOut(event));
  }

  // Runs a save while nothing else is sent; `act` returns whether the text as it was before is saved.
  async whileSaving(act) {
    this.#isSaving = true;
    await this.#busy;
    await this.#store(); // the page may end with the save
    const { edits } = this;
    try {
      if (await act()) this.#acknowledged(edits);
    } finally {
      this.#isSaving = false;
      if (this.edits > this.#sent) this.#later();
    }
  }

  record() {
    const { article } = this.#form.dataset;
    const fields = Object.fromEntries([...new FormData(this.#form)].filter(([name]) => !OWN.has(name)));
    return { token: this.#form.elements.copy.value, edits: this.edits, article, fields, at: Date.now() };
  }

  // Sends a record of this account. Returns the response, or null if there was none: a page that a network puts in
  // place of the answer is none.
  async post(record) {
    const body = new FormData();
    for (const [name, value] of Object.entries(record.fields)) body.append(name, value);
    body.append("copy", record.token);
    body.append("edits", record.edits);
    body.append("article", record.article);
    body.append("account", this.#form.dataset.account);
    body.append("csrfmiddlewaretoken", this.#form.elements.csrfmiddlewaretoken.value);
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const keepalive = new Blob(Object.values(record.fields)).size < KEEPALIVE; // outlives the page
      const response = await fetch(this.#form.dataset.keepUrl, { method: "POST", body, signal, keepalive });
      return response.ok && !isJson(response) ? null : response;
    } catch {
      return null;
    }
  }

  #changed() {
    if (this.edits === this.#sent) this.#since = performance.now();
    this.edits++;
    this.#storing ||= setTimeout(() => this.#store(), EVERY);
    this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    const now = performance.now();
    const due = this.#failures
      ? this.#asked + AGAIN[Math.min(this.#failures, AGAIN.length) - 1]
      : Math.min(now + PAUSE, this.#since + LONGEST);
    this.#timer = setTimeout(() => this.#send(), Math.max(0, due - now));
  }

  async #store() {
    clearTimeout(this.#storing);
    this.#storing = 0;
    const record = this.record();
    if (record.edits <= Math.max(this.#sent, this.#stored)) return;
    try {
      await this.#outbox.put(record);
      this.#stored = Math.max(this.#stored, record.edits);
      if (this.#sent >= record.edits) await this.#outbox.delete(record); // the server was quicker
    } catch {
      // The disk is full, or the store is forbidden: leaving the page asks until the server has the text.
    }
    if (this.#failures || this.#session.state !== "in") this.#tell();
  }

  #send() {
    const isDone = () => this.edits <= Math.max(this.#sent, this.#refused) || this.#session.state !== "in";
    if (this.#busy || this.#isSaving || isDone()) return this.#busy;
    clearTimeout(this.#timer);
    this.#asked = performance.now();
    this.#busy = this.#sendNow().finally(() => {
      this.#busy = null;
      if (!isDone()) this.#later();
    });
    return this.#busy;
  }

  async #sendNow(mayRenew = true) {
    const record = this.record();
    const response = await this.post(record);
    if (response?.ok) {
      this.#acknowledged(record.edits);
      return this.#status.say("kept");
    }
    await this.#store();
    const error = await errorIn(response);
    this.#error = error;
    if (response?.status === 401 || response?.status === 409 || (response?.status === 403 && !error)) {
      // Another session began, or none is left; a 403 without words says that the token is outdated.
      const answered = await this.#session.renew();
      if (answered && this.#session.state !== "in") return;
      if (answered && mayRenew) return this.#sendNow(false);
    } else if (error) {
      this.#refused = record.edits;
    }
    this.#failures++;
    this.#tell();
  }

  #acknowledged(edits) {
    this.#failures = 0;
    this.#error = "";
    this.#sent = Math.max(this.#sent, edits);
    this.#since = performance.now();
    this.#outbox.delete({ token: this.#form.elements.copy.value, edits }).catch(() => {});
  }

  #tell() {
    if (this.edits === this.#sent) return this.#status.clear();
    const { state, name } = this.#session;
    if (this.#stored < this.edits && this.#failures && !this.#storing) this.#status.say("nowhere");
    else if (state === "out") this.#status.say("loggedOut");
    else if (state === "other") this.#status.say("other", { name });
    else if (this.#error) this.#status.say("refused", { error: this.#error });
    else this.#status.say("inBrowser");
  }

  // The page may be gone at once.
  #leave() {
    if (this.edits === this.#sent || this.#isSaving) return;
    this.#store();
    this.#send();
  }

  async #logOut(event) {
    if (this.edits === this.#sent || this.#session.state !== "in") return;
    event.preventDefault();
    await this.#busy;
    await this.#send();
    await this.#store();
    event.target.submit();
  }
}

// The words of a refusal; empty if this is none of the editor's own.
export async function errorIn(response) {
  return response && isJson(response) ? (await response.json()).error : "";
}

const isJson = (response) => response.headers.get("Content-Type")?.startsWith("application/json");

const OWN = new Set(["csrfmiddlewaretoken", "copy", "contained", "beside"]);

export const clock = (time) => time.toLocaleTimeString(document.documentElement.lang, CLOCK);

// What the bar says, in its own words.
export class Status {
  #element = document.querySelector("[data-saved]");

  say(name, values = {}) {
    const words = Object.entries({ time: clock(new Date()), ...values }).reduce(
      (text, [key, value]) => text.replace(`{${key}}`, value),
      this.#element.dataset[name],
    );
    if (this.#element.textContent !== words) this.#element.textContent = words;
    this.#element.dataset.state = name;
  }

  clear() {
    this.#element.textContent = "";
  }
}
