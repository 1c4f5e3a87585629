// An empty address follows the title while an article is new.

export function followTitle(form) {
  const { slug, title } = form.elements;
  let own = slug.value !== "";
  slug.addEventListener("input", () => (own = slug.value !== ""));
  title.addEventListener("input", () => {
    if (own) return;
    const words = title.value.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-");
    slug.value = [...words].slice(0, 80).join("").replace(/^[-\p{M}]+|-+$/gu, "");
  });
}
