"""What is done to the hosts, step by step, and what readers and writers met meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from django.core.management import call_command

from articles.models import Revision

from .hosts import Web
from .people import Answer, ask
from .site import STEADY, Site

SECONDS = 5  # of each fault
SECONDS_STALE = 1
SECONDS_UNCONFIRMED = 60
SECONDS_TO_COME_BACK = 30
TIMES = 12  # so that hardly ever one of two processes gets all questions


@dataclass
class Fault:
    """What happens to whom, and whose readers may notice.

    A host in `cut` reaches no database that answers within two seconds, or no primary that vouches for the replica.
    """

    name: str
    begin: Callable[[], object]
    end: Callable[[], object]
    hurt: frozenset[str] = frozenset()
    cut: frozenset[str] = frozenset()
    seconds: float = SECONDS


def faults(site: Site) -> list[Fault]:
    """Return what is done to each host; its readers may notice, others may not."""
    both, web1 = frozenset({"web1", "web2"}), frozenset({"web1"})
    w1, db1, db2, cache, s3 = site.webs[0], site.db1, site.db2, site.redis, site.s3
    minute = SECONDS_UNCONFIRMED + 15
    return [
        Fault("nothing", lambda: None, lambda: None),
        Fault("db2 slow", db2.slow_down, db2.speed_up),
        Fault("db2 cut off", db2.cut_off, db2.join),
        Fault("db2 killed", db2.kill, db2.start),
        Fault("redis slow", cache.slow_down, cache.speed_up),
        Fault("redis cut off", cache.cut_off, cache.join),
        Fault("redis killed", cache.kill, cache.start),
        Fault("s3 slow", s3.slow_down, s3.speed_up),
        Fault("s3 cut off", s3.cut_off, s3.join),
        Fault("web1 slow", w1.slow_down, w1.speed_up, hurt=web1, cut=web1),
        Fault("web1 cut off", w1.cut_off, w1.join, hurt=web1, cut=web1),
        Fault("web1 killed", w1.kill, w1.start, hurt=web1),
        Fault("db1 slow", db1.slow_down, db1.speed_up, hurt=both, cut=both),
        Fault("db1 killed", db1.kill, db1.start, hurt=both, cut=both),
        Fault("db1 cut off", db1.cut_off, db1.join, hurt=both, cut=both, seconds=minute),
    ]


def upgrades(site: Site) -> list[Fault]:
    """Return the steps of an upgrade without a break. A host that is not ready gets no readers."""
    new = site.new_release()
    web1, web2 = site.webs
    early = frozenset({"web2"})

    def start_too_early() -> None:
        web2.kill()
        web2.code = new
        web2.open()
        while web2.probe() == 0:
            time.sleep(0.1)

    def migrate() -> None:
        site.too_early = web2.probe()
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=new, check=True)

    def replace_web1() -> None:
        web1.kill()
        web1.code = new
        web1.start()

    return [
        Fault("web2 new, migration", start_too_early, migrate, hurt=early),
        Fault("web1 old, web2 new", lambda: None, lambda: None),
        Fault("web1 new, web2 new", replace_web1, lambda: None, hurt=frozenset({"web1"})),
    ]


@dataclass
class Phase:
    """What readers and writers met from the beginning of a fault until the site was back."""

    site: Site
    fault: Fault
    begin: float
    in_place: float  # from when on the fault was whole
    lifted: float  # and until when
    end: float
    back: float

    def __post_init__(self) -> None:
        readers = self.site.readers
        self.answers = [a for r in readers for a in list(r.answers) if self.begin <= a.sent < self.back]
        self.errors = [a for a in self.answers if a.status == 0 or a.status >= 500]
        self.saves = sum(self.begin <= at < self.back for w in self.site.writers for at, _ in w.acknowledged)
        self.stale = list(self._stale())

    def _stale(self) -> Iterator[tuple[Answer, float]]:
        """Yield what was shown while it was gone, and how many seconds after that was acknowledged."""
        for moderator in self.site.moderators:
            for since, until in moderator.intervals():
                for answer in self.answers:
                    is_within = since < answer.sent and answer.sent + answer.seconds < until
                    if is_within and moderator.marker in answer.text:
                        yield answer, answer.sent - since

    def row(self) -> str:
        times = [1000 * answer.seconds for answer in self.answers]
        cells = [
            *(len(self.answers), len(self.errors), f"{median(times):.0f} ms", f"{max(times):,.0f} ms"),
            f"{max((seconds for _, seconds in self.stale), default=0):.2f} s",
            *(self.saves, f"{self.back - self.end:.1f} s"),
        ]
        return f"{self.fault.name:22}" + "".join(f"{cell:>10}" for cell in cells)

    def faults(self) -> Iterator[str]:
        kinds = Counter(
            f"{self.fault.name}: {answer.host} answered {answer.status} at {answer.path}"
            for answer in self.errors
            if answer.host not in self.fault.hurt
            and not (self.fault.name.startswith("s3") and answer.path == self.site.image)
        )
        yield from (f"{kind}, {count} times" for kind, count in kinds.items())
        for answer, seconds in self.stale:
            if seconds > (SECONDS_UNCONFIRMED if answer.host in self.fault.cut else SECONDS_STALE):
                place = f"{answer.host} showed {answer.path}"
                yield f"{self.fault.name}: {place} {seconds:.2f} s after it was gone, in {answer.seconds:.2f} s"
        if self.lifted - self.in_place > SECONDS_UNCONFIRMED + SECONDS_STALE:
            yield from self._faults_of_the_minute()

    def _faults_of_the_minute(self) -> Iterator[str]:
        """Yield what is wrong if hosts without a database do not show confirmed pages for a minute, and then 503."""
        for host in self.fault.cut:
            steady = [a for a in self.answers if (a.host, a.path) == (host, STEADY)]
            mine = [a for a in steady if a.sent + a.seconds < self.lifted]
            early = [a for a in mine if SECONDS < a.sent - self.begin < SECONDS_UNCONFIRMED / 2]
            late = [a for a in mine if a.sent - self.in_place > SECONDS_UNCONFIRMED + SECONDS_STALE]
            if 200 not in {answer.status for answer in early}:  # a process shows what it confirmed itself
                yield f"{host} did not show a confirmed page: {Counter(answer.status for answer in early)}"
            if {answer.status for answer in late} != {503}:
                yield f"{host} did not answer 503 after a minute: {Counter(answer.status for answer in late)}"


def seconds_until_back(site: Site) -> float:
    """Wait until every host is ready and shows a page from all its processes, and a save was acknowledged.

    Which process answers is chance, so each host is asked `TIMES` in a row.
    """
    start = time.monotonic()
    while time.monotonic() < start + SECONDS_TO_COME_BACK:
        if all(web.probe() == 200 and _shows_a_page(web) for web in site.webs) and any(
            at > start for writer in site.writers for at, _ in writer.acknowledged
        ):
            return time.monotonic() - start
        time.sleep(0.1)
    raise TimeoutError("the site did not come back")


def _shows_a_page(web: Web) -> bool:
    return all(ask(web, STEADY).status == 200 for _ in range(TIMES))


def faults_at_the_end(site: Site) -> Iterator[str]:
    if site.too_early != 503:
        yield f"a release that waits for its migration answered {site.too_early} at /readyz"
    try:
        call_command("verify_history", "--pages")
    except SystemExit as end:
        yield f"verify_history --pages ended with {end.code}"
    revisions = Revision.objects.with_text().filter(article=site.writers[0].article)
    kept = {line for revision in revisions for line in revision.source.splitlines()}
    for writer in site.writers:
        yield from (
            f"{line} was acknowledged and is gone" for _, line in writer.acknowledged if line not in kept
        )
    for web in site.webs:
        if (web.folder / "media").exists():
            yield f"{web.name} stored uploads on its own disk"
