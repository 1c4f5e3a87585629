// Whose session the browser has. The editor sends nothing but in that of the account which opened the page. Logging in
// takes place in a dialog, or in another tab: when this one is looked at again, it asks who is logged in.

export class Session {
  state = "in"; // or "out", or "other": somebody else is logged in
  name = ""; // of that one
  #form;
  #button;
  #dialog = document.querySelector("[data-login]");
  #listeners = [];

  constructor(form) {
    this.#form = form;
    this.#button = form.querySelector("[data-log-in]");
    this.#button.addEventListener("click", () => this.ask());
    const login = this.#dialog.querySelector("form");
    login.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#logIn(login);
    });
    this.#dialog.querySelector("[data-login-cancel]").addEventListener("click", () => this.#dialog.close());
    addEventListener("focus", () => this.state === "in" || this.renew());
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }

  ask() {
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  // Asks who is logged in, and takes the token of that session. False if the server does not answer.
  async renew() {
    try {
      const response = await fetch(this.#form.dataset.accountUrl, { signal: AbortSignal.timeout(15_000) });
      if (!response.ok) return false;
      this.#take(await response.json());
      return true;
    } catch {
      return false;
    }
  }

  #take({ account, name, token }) {
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
    const before = this.state;
    this.name = name;
    this.state = account === null ? "out" : account === this.#form.dataset.account ? "in" : "other";
    this.#button.hidden = this.state === "in";
    if (this.state === "in") this.#dialog.close();
    if (this.state !== before) for (const listener of this.#listeners) listener();
  }

  async #logIn(login) {
    const error = login.querySelector("[data-login-error]");
    error.textContent = "";
    await this.renew(); // the token with which an anonymous form is sent
    if (this.state === "in") return;
    const body = new URLSearchParams(new FormData(login));
    body.set("csrfmiddlewaretoken", this.#form.elements.csrfmiddlewaretoken.value);
    body.set("next", this.#form.dataset.accountUrl);
    try {
      const response = await fetch(login.action, { method: "POST", body });
      if (response.redirected && response.ok) {
        this.#take(await response.json());
        return this.#dialog.close();
      }
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const words = page.querySelector(".errornote, main, #content")?.textContent.trim();
      error.textContent = words || this.#dialog.dataset.failed;
    } catch {
      error.textContent = this.#dialog.dataset.failed;
    } finally {
      login.elements.password.value = "";
    }
  }
}
