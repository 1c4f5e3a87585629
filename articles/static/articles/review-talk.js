// On the page of a review, a remark may be about the passage that is selected in the changed lines, as it stands in the
// new version. Without this script it is about the whole version.

const changes = document.querySelector("section[aria-labelledby=changes]");
const form = document.querySelector("form[data-talk=new]");
const about = form?.querySelector("[data-about]");

function draw(passage) {
  form.elements.passage.value = passage;
  about.hidden = !passage;
  about.querySelector("[data-about-passage]").textContent = passage;
}

// The selected text of a range, a line for each row; of removed rows nothing.
function passageIn(range) {
  const part = range.cloneContents();
  for (const row of part.querySelectorAll(".removed")) row.remove();
  const lines = [...part.querySelectorAll(".line")];
  return (lines.length ? lines.map(({ textContent }) => textContent).join("\n") : part.textContent).trim();
}

if (about && changes) {
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (selection.isCollapsed) return; // a click into the form keeps what was selected
    const range = selection.getRangeAt(0);
    const { commonAncestorContainer: within } = range;
    const element = within.nodeType === Node.ELEMENT_NODE ? within : within.parentElement;
    if (changes.contains(element) && element.closest("table.diff") && !element.closest(".removed")) draw(passageIn(range));
  });
  about.querySelector("[data-about-all]").addEventListener("click", () => draw(""));
}
