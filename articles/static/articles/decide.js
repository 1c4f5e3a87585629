// The bar of the decision: a key opens what belongs to a choice, Ctrl Enter carries it out, Escape closes it and keeps
// the words. No single key decides. Without this script the choices are radio buttons, and buttons do the rest.

import "./reasons.js";
import { pressed } from "./keys.js";

const CHOICES = { a: "approve", c: "request changes", r: "reject", e: "fix", ".": "other" };
const form = document.querySelector("form[data-decision]");

const chosen = () => form.querySelector("[name=decision]:checked");

/** The field that a choice is waiting for: its tick, its text or its reason. */
function focusFirst(choice) {
  const { sure, source, reason } = form.elements;
  if (choice === "fix") source.focus();
  else if (choice === "other") form.querySelector(".other a")?.focus();
  else if (choice === "approve" && sure && !sure.checked) sure.focus();
  else reason.focus();
}

function open(key) {
  const radio = form.querySelector(`[name=decision][value="${CHOICES[key]}"]`);
  if (!radio) return false;
  radio.checked = true;
  focusFirst(radio.value);
  return true;
}

function close() {
  const radio = chosen();
  if (!radio) return;
  radio.checked = false;
  form.querySelector(".errors")?.remove();
  radio.focus({ preventScroll: true }); // the page stays where it is; the bar is always in view
}

if (form) {
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey && form.contains(event.target) && chosen() && chosen().value !== "other") {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape" && chosen() && !document.querySelector("dialog[open]")) {
      close();
    } else if (event.target !== form && open(pressed(event))) {
      event.preventDefault();
    }
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    close();
  });
}
