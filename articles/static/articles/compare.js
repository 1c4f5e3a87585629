// Enhances comparisons: n and p go to the next change and the one before. Without this script links do.

import { pressed } from "./keys.js";

addEventListener("keydown", (event) => {
  const step = { n: 1, p: -1 }[pressed(event)];
  if (!step) return;
  const changes = [...document.querySelectorAll("[data-change]")];
  const tops = changes.map((change) => change.getBoundingClientRect().top);
  const margin = 8; // pixels by which a change may stand off the edge that it was scrolled to
  const index = step > 0 ? tops.findIndex((top) => top > margin) : tops.findLastIndex((top) => top < -margin);
  if (index < 0) return;
  changes[index].scrollIntoView();
  changes[index].tabIndex = -1;
  changes[index].focus({ preventScroll: true });
});
