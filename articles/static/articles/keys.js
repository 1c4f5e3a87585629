// Whether single-key shortcuts are on; a switch on the page turns them off in this browser.

const NAME = "single-keys";
const FIELDS = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit], [type=button])";

export const areOn = () => localStorage.getItem(NAME) !== "off";

export const turn = (on) => localStorage.setItem(NAME, on ? "on" : "off");

/** The key pressed, if it is one alone, outside of fields and dialogs, and keys may act; else null. */
export const pressed = (event) => {
  if (!areOn() || event.defaultPrevented || event.isComposing) return null;
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return null;
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return null;
  return event.key;
};
