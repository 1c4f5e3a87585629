// Says when an article has changed since this browser last showed it. Which version was read on which day is kept in
// this browser only, and sent nowhere. Without this script nothing is kept, and nothing said.

const NAME = "palimpsest.visits";
const MOST = 200; // articles, those read last

function kept() {
  try {
    return new Map(JSON.parse(localStorage.getItem(NAME)));
  } catch {
    return new Map(); // no storage here, or not ours
  }
}

function keep(visits) {
  try {
    localStorage.setItem(NAME, JSON.stringify([...visits].slice(-MOST)));
  } catch {
    // no storage here
  }
}

const isVisit = (visit) => Number.isInteger(visit?.version) && !Number.isNaN(Date.parse(visit.day));

function say(notice, { version, day }) {
  const words = notice.querySelector("span");
  const [before, after] = words.textContent.split("{date}");
  const time = document.createElement("time");
  time.dateTime = day;
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format(new Date(day));
  words.replaceChildren(before, time, after ?? "");
  const link = notice.querySelector("a");
  link.href = link.dataset.compare.replace("/compare/0..", `/compare/${version}..`);
  notice.hidden = false;
}

const notice = document.querySelector("[data-visit]");
if (notice) {
  const visits = kept();
  const { visit: slug, version } = notice.dataset;
  const now = new Date();
  const today = new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const last = visits.get(slug);
  let before; // the last visit to another version, told for the rest of the day
  if (isVisit(last)) {
    if (last.version < version) before = { version: last.version, day: last.day };
    else if (last.day === today && isVisit(last.before)) before = last.before;
  }
  if (before) say(notice, before);
  visits.delete(slug); // so that it comes last
  visits.set(slug, { version: Number(version), day: today, before });
  keep(visits);
}
