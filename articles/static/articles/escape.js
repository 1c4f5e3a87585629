// Enhances the Escape button: swaps the page's text for the marked one in place. Without this script the
// button is a link to the marked page, which works the same.

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-escape]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const response = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.querySelector("[data-page]").replaceWith(page.querySelector("[data-page]"));
    history.replaceState(null, "", link.href);
    document.querySelector("a[data-escape]")?.focus();
  } catch {
    location.assign(link.href);
  }
});
