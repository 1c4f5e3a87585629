// Texts that an earlier page left in this browser, since it was closed or killed before the server had them. They are
// sent to the server, which then offers them; what it refuses is offered here.

import { errorIn } from "./editor-scratch.js";
import { replace } from "./editor-text.js";

export async function sendStrays(form, session, outbox, scratch) {
  const own = form.elements.copy.value;
  const records = await outbox.all().catch(() => []);
  let arrived = false;
  for (const record of records.filter(({ token }) => token !== own)) {
    if (session.state !== "in") return;
    const response = await scratch.post(record);
    if (response?.ok) {
      await outbox.delete(record).catch(() => {});
      arrived ||= record.article === form.dataset.article;
      continue;
    }
    const reason = await errorIn(response);
    if (reason && record.article === form.dataset.article) offerHere(form, outbox, record, reason);
  }
  if (arrived) await offerAnew();
}

async function offerAnew() {
  const response = await fetch(location.href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const offer = page.querySelector("[data-fresh=offer]");
  if (offer) document.querySelector("[data-fresh=offer]").replaceWith(offer);
}

function offerHere(form, outbox, record, reason) {
  const note = document.querySelector("[data-stray]");
  note.hidden = false;
  note.querySelector("[data-stray-reason]").textContent = reason;
  note.querySelector("[data-stray-title]").textContent = record.fields.title;
  note.querySelector("[data-stray-use]").onclick = () => {
    for (const [name, value] of Object.entries(record.fields)) {
      const field = form.elements.namedItem(name);
      if (field?.matches?.("input:not([type=hidden]), textarea")) replace(field, 0, field.value.length, value);
      else if (field) field.value = value; // a choice cannot be undone
    }
  };
  note.querySelector("[data-stray-drop]").onclick = () => {
    outbox.delete(record);
    note.hidden = true;
  };
}
