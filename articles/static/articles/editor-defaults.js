// Shows in the fields that are empty what stands for them, and offers new pictures of the text as cover. Without scripts
// both are those of the text as the page was loaded.

export function showDefaults(form) {
  const { cover } = form.elements;

  form.addEventListener("answer", ({ detail: answer }) => {
    if (answer.refusal) return;
    for (const name of ["excerpt", "description"]) form.elements[name].placeholder = answer[name];
    const offered = new Set([...cover.options].map(({ value }) => value));
    for (const name of answer.covers) if (!offered.has(name)) cover.add(new Option(name, name));
  });
}
