// Enhances the queue and the page of a revision: every action by one key, and a sheet that lists them. Without this
// script links and buttons do all of it.

import "./live.js";
import { areOn, pressed, turn } from "./keys.js";

const find = (css) => document.querySelector(css);
const sheet = find("[data-keys]");
const decision = find("[data-decision]");
let armed = null; // the button that Ctrl Enter presses

function move(step) {
  const items = [...document.querySelectorAll("[data-item]")];
  const here = items.findIndex((item) => item.closest("li").contains(document.activeElement));
  items[here < 0 ? (step > 0 ? 0 : items.length - 1) : here + step]?.focus();
}

function open(css, field) {
  const details = find(css);
  if (!details) return;
  details.open = true;
  details.querySelector(field)?.focus();
}

function arm(value) {
  armed = decision?.querySelector(`button[value="${value}"]`);
  if (!armed) return;
  find("[data-armed]").textContent = `${find("[data-armed]").dataset.says} ${armed.textContent}`;
  (value === "approve" ? armed : decision.elements.reason).focus();
}

function pick(number) {
  const select = decision?.querySelector("[data-template]");
  if (!select || !select.options[number]) return;
  select.selectedIndex = number;
  fill(select);
}

/** The words of a ready-made reason into the field, where they may be edited; own words are kept. */
function fill(select) {
  const reason = select.form.elements.reason;
  const texts = [...select.options].map((option) => option.dataset.text ?? "");
  if (texts.includes(reason.value)) reason.value = texts[select.selectedIndex];
}

const KEYS = find("[data-queue]")
  ? {
      j: () => move(1),
      k: () => move(-1),
      o: () => document.activeElement.closest("li")?.querySelector("[data-item]")?.click(),
      x: () => document.activeElement.closest("li")?.querySelector("input[type=checkbox]")?.click(),
      b: () => open("details.bulk", "[name=reason]"),
      "/": () => open("details.filters", "[name=q]"),
      "]": () => find("[rel=next]")?.click(),
      "[": () => find("[rel=prev]")?.click(),
      u: () => find("[data-undo]")?.click(),
    }
  : {
      a: () => arm("approve"),
      c: () => arm("request changes"),
      r: () => arm("reject"),
      e: () => open("#fix", "[name=source]"),
      f: () => find("#findings")?.focus(),
    };

addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && armed && event.target.form === decision) {
    event.preventDefault();
    decision.requestSubmit(armed);
    return;
  }
  const key = pressed(event);
  if (!key) return;
  const marked = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => !one.hidden);
  const act = KEYS[key] ?? (key === "?" ? () => sheet.showModal() : null) ?? (marked && (() => marked.click()));
  if (act) act();
  else if (/[1-9]/.test(key)) pick(Number(key));
  else return;
  event.preventDefault();
});

for (const select of document.querySelectorAll("[data-template]")) {
  select.addEventListener("change", () => fill(select));
}
find("[data-keys-hint]").hidden = false;
find("[data-keys-open]").addEventListener("click", () => sheet.showModal());
find("[data-keys-switch]").checked = areOn();
find("[data-keys-switch]").addEventListener("change", (event) => turn(event.target.checked));
