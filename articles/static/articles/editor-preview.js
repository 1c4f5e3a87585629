// The preview and the length follow the text. Only blocks that changed are put into the page, so that a long
// preview neither jumps nor is laid out anew.

export function drawPreview(form) {
  const preview = form.querySelector("[data-preview]");
  const length = form.querySelector("[data-length]");

  form.addEventListener("answer", ({ detail: answer }) => {
    if (answer.refusal) return;
    preview.lang = answer.language;
    preview.dir = answer.direction;
    length.textContent = answer.length;
    const parsed = document.createElement("template");
    parsed.innerHTML = answer.html; // sanitized by the server, as the published page is
    exchange(preview, [...parsed.content.childNodes]);
  });
}

function exchange(parent, blocks) {
  const old = [...parent.childNodes];
  const most = Math.min(old.length, blocks.length);
  let head = 0;
  while (head < most && old[head].isEqualNode(blocks[head])) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail).isEqualNode(blocks.at(-1 - tail))) tail++;
  const next = old[old.length - tail] ?? null;
  for (const block of old.slice(head, old.length - tail)) block.remove();
  const added = document.createDocumentFragment();
  added.append(...blocks.slice(head, blocks.length - tail));
  parent.insertBefore(added, next);
}
