// Enhances the pages of moderation: who is on which revision is told without a reload, and a claim is renewed while
// the page of its revision is open. Without this script a reload tells, and a button claims.

const POLL = 15_000; // milliseconds
const RENEW = 4 * 60_000; // well within the ten minutes that a claim lasts

const places = () => [...document.querySelectorAll("[data-review]")];

async function tell() {
  const page = document.querySelector("[data-live]");
  if (!page || document.hidden) return;
  const ids = places().map((place) => place.dataset.review).join(",");
  // "no-cache" asks each time, with the ETag of the last answer
  const response = await fetch(`${page.dataset.live}?ids=${ids}`, { cache: "no-cache" });
  if (!response.ok) return;
  const { waiting, reviews } = await response.json();
  for (const count of document.querySelectorAll("[data-waiting]")) count.textContent = waiting;
  for (const place of places()) {
    const state = place.querySelector("[data-live-state]");
    const text = reviews[place.dataset.review] ?? "";
    if (state && state.textContent !== text) state.textContent = text;
  }
}

async function renew() {
  const form = document.querySelector("form[data-claim]");
  if (!form || document.hidden) return;
  const body = new FormData(form);
  body.set("script", "1");
  const response = await fetch(form.action, { method: "POST", body });
  for (const button of form.querySelectorAll("button")) {
    button.hidden = (button.name === "release") !== response.ok;
  }
  await tell();
}

/** Claim the version of a row of the queue, or let it go if it is one's own; the state in the row tells the result. */
export async function claim(row) {
  const body = new FormData();
  body.set("script", "1");
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  if ("mine" in row.dataset) body.set("release", "");
  const response = await fetch(row.dataset.claim, { method: "POST", body });
  if (response.ok && !row.toggleAttribute("data-mine")) row.querySelector("[data-live-state]").textContent = "";
  await tell();
}

const quietly = (act) => act().catch(() => {}); // the next poll tries again

setInterval(quietly, POLL, tell);
setInterval(quietly, RENEW, renew);
document.addEventListener("visibilitychange", () => quietly(tell));
quietly(renew);
