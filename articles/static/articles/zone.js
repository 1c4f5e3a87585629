// Begins a choice of time zones with the one of this browser. Without it, the choice begins with the site's zone.

const select = document.querySelector("select[data-zone]");
if (select) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if ([...select.options].some((option) => option.value === timeZone)) select.value = timeZone;
}
