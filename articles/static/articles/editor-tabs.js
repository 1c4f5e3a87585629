// Tells where the same article is open in another tab of this browser and account. Each tab keeps its own text.

export function tellOtherTabs(form) {
  const note = document.querySelector("[data-other-tab]");
  const channel = new BroadcastChannel("palimpsest editor");
  const others = new Set();
  const { account } = form.dataset;
  const token = form.elements.copy.value;
  const say = (kind) => channel.postMessage({ kind, account, token, article: form.dataset.article });

  channel.addEventListener("message", ({ data }) => {
    const isSame = data.article !== "" && data.article === form.dataset.article && data.account === account;
    if (isSame && data.kind !== "closed") others.add(data.token);
    else others.delete(data.token);
    note.hidden = others.size === 0;
    if (isSame && data.kind === "opened") say("open");
  });
  addEventListener("pagehide", () => say("closed"));
  addEventListener("pageshow", () => say("opened"));
  form.addEventListener("saved", () => say("opened")); // a new article has its address now
}
