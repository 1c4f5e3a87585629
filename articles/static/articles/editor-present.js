// Tells who else has the article open, and at once when somebody saved a newer version. Without scripts a save tells.

import { clock } from "./editor-scratch.js";

const EVERY = 15_000; // milliseconds

export function tellWhoIsHere(form, session) {
  const here = form.querySelector("[data-present]");
  const newer = form.querySelector("[data-newer]");

  async function ask() {
    const { article } = form.dataset;
    if (!article || document.hidden || session.state !== "in") return;
    const address = new URL(`../${article}/present/`, new URL(form.dataset.accountUrl, location.href));
    address.searchParams.set("base", form.elements.base.value);
    const response = await fetch(address);
    if (!response.ok) return;
    const answer = await response.json();
    const words = answer.others.map(({ name, since }) => here.dataset.words.replace("{name}", name).replace("{time}", clock(new Date(since))));
    say(here, words.join(" · "));
    say(newer, answer.newer);
  }

  const quietly = () => ask().catch(() => {}); // the next time tells
  setInterval(quietly, EVERY);
  document.addEventListener("visibilitychange", quietly);
  form.addEventListener("saved", () => {
    say(newer, "");
    quietly();
  });
  quietly();
}

function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
