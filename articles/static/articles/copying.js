// Formatted copies of a text without the marks of its page, which are for reading and no part of the text. Without
// this script plain text is copied the same, and only formatted text brings the marks along.

const MARK = "mark.finding";
const DRAWN = `${MARK}, .anchor, .no-picture, article button`;

document.addEventListener("copy", (event) => {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const within = range.commonAncestorContainer;
  const copied = document.createElement("div");
  copied.append(range.cloneContents());
  const drawn = copied.querySelectorAll(DRAWN);
  if (!drawn.length && !(within.closest ? within : within.parentElement).closest(MARK)) return;
  for (const element of drawn) {
    if (element.matches(MARK)) element.replaceWith(...element.childNodes);
    else element.remove();
  }
  for (const link of copied.querySelectorAll("a[href]")) link.setAttribute("href", link.href);
  for (const picture of copied.querySelectorAll("img[src]")) {
    picture.setAttribute("src", picture.src);
    picture.removeAttribute("srcset");
  }
  event.clipboardData.setData("text/plain", selection.toString());
  event.clipboardData.setData("text/html", copied.innerHTML);
  event.preventDefault();
});
