"""Whether a site stays as it is for hours: readers, searches, comparisons and saves at a tenth of the peak rate.

    python tests/benchmarks/soak.py [--minutes 60] [--rate N] [--database postgres://…]

gunicorn runs with two workers of four threads on an empty database (default: SQLite in a temporary folder). A tenth of
the peak rate is measured first, for ten seconds, unless `--rate` names the requests a second. Each minute it prints the
memory of each worker, the median answer and what failed. It ends with the slope of the memory over the last two thirds
of the time, in kB a minute for each worker, and with status 1 if it is not flat: above 1% of the memory an hour, and
above what the minutes differ by.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from statistics import linear_regression, median, pstdev

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.server import manage, served
from tests.chaos.writers import Writer

ARTICLES, CLIENTS = 40, 4
SAVES = 20  # one request in so many is a save
MAKE = """
from django.contrib.auth.models import User
from django.test import Client
from articles import workflow
from articles.text.content import Content
ada, eve = (User.objects.create_superuser(name) for name in ("ada", "eve"))
for n in range({articles}):
    article = None
    for text in ("The gate is shut. " * 40, "The gate is open at low tide. " * 40 + "\\n\\nw0: 000000.\\n"):
        content = Content(title=f"Gate {{n}}", slug=f"gate-{{n}}", language="en", tags=("coast",), source=text)
        revision = workflow.save_revision(article, by=ada, content=content, base=1 if article else None)
        article = revision.article
        workflow.publish(revision, by=eve)
client = Client()
client.force_login(ada)
print(client.cookies["sessionid"].value)
"""


@dataclass
class Load:
    """Clients that share one rate."""

    url: str
    session: str
    seconds_between: float  # of two requests of all clients; 0 for as many as there can be
    stopped: threading.Event = field(default_factory=threading.Event)
    took: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def run(self, client: int) -> None:
        numbers = itertools.count(client, CLIENTS)
        writer = Writer(_Place(self.url), self.session, client + 1, "w0", self.stopped)  # type: ignore[arg-type]
        due = time.monotonic() + client * self.seconds_between
        for number in numbers:
            if self.stopped.wait(max(0, due - time.monotonic())):
                return
            due = max(due + CLIENTS * self.seconds_between, time.monotonic() - 1)
            start = time.perf_counter()
            if number // CLIENTS % SAVES == 0:
                kept = len(writer.acknowledged)
                writer.write(f"w0: {number:06d}.")
                self.answers["saved" if len(writer.acknowledged) > kept else "not saved"] += 1
            else:
                self.read(number)
            self.took.append(time.perf_counter() - start)

    def read(self, number: int) -> None:
        article = number * 7 % ARTICLES
        address = (
            f"/articles/gate-{article}/",
            "/",
            f"/articles/gate-{article}/",
            f"/search/?q=gate+{article}",
            f"/articles/gate-{article}/compare/1..2/",
            f"/articles/gate-{article}/history/",
            "/tags/coast/",
        )[number % 7]
        try:
            with urllib.request.urlopen(self.url + address, timeout=30) as answer:
                answer.read()
            self.answers["read"] += 1
        except (OSError, HTTPException) as error:
            self.answers[f"{getattr(error, 'code', type(error).__name__)} for {address.split('?')[0]}"] += 1


@dataclass
class _Place:
    """Where a writer finds the site."""

    url: str


def megabytes(master: int) -> list[float]:
    """Return the memory that each worker has for itself; that of libraries depends on who else runs."""
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    rolled = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in workers]
    return [sum(map(int, re.findall(r"^Private_\w+:\s+(\d+)", text, re.M))) / 1024 for text in rolled]


def loaded(url: str, session: str, rate: float) -> tuple[Load, list[threading.Thread]]:
    load = Load(url, session, 1 / rate if rate else 0)
    threads = [threading.Thread(target=load.run, args=[n], daemon=True) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    return load, threads


def stop(load: Load, threads: list[threading.Thread]) -> None:
    load.stopped.set()
    for thread in threads:
        thread.join()


def peak(url: str, session: str) -> float:
    """Return how many of these requests a second the site answers at most."""
    load, threads = loaded(url, session, 0)
    time.sleep(10)
    stop(load, threads)
    return len(load.took) / 10


def slope(memory: list[float]) -> tuple[float, bool]:
    """Return the slope in kB a minute over the last two thirds, and whether that is flat."""
    rest = memory[len(memory) // 3 :]
    if len(rest) < 3:
        return 0.0, True
    minutes = range(len(rest))
    line = linear_regression(minutes, rest)
    spread = pstdev(value - line.intercept - line.slope * n for n, value in zip(minutes, rest, strict=True))
    grown = line.slope * (len(rest) - 1)
    is_flat = line.slope * 60 <= 0.01 * rest[0] or grown <= 2 * spread
    return 1024 * line.slope, is_flat


def made(environment: dict[str, str]) -> str:
    """Make the site; return the session of its author."""
    import subprocess

    manage("migrate", "-v0", environment=environment)
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", MAKE.format(articles=ARTICLES)],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()[-1]


def soak(url: str, master: int, session: str, *, minutes: int, rate: float) -> Iterator[list[float]]:
    """Print a line each minute and yield the memory of each worker, in MB."""
    load, threads = loaded(url, session, rate)
    try:
        for minute in range(1, minutes + 1):
            time.sleep(60)
            memory = sorted(megabytes(master))
            took, load.took = load.took, []
            failed = {what: n for what, n in load.answers.items() if what not in ("read", "saved")}
            print(
                f"{minute:4} min  {' '.join(f'{value:6.1f}' for value in memory)} MB"
                f"  {len(took) / 60:6.1f} a second  median {1000 * median(took or [0]):5.1f} ms  {failed or ''}",
                flush=True,
            )
            yield memory
    finally:
        stop(load, threads)
        print(f"in all: {dict(load.answers)}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--rate", type=float, help="requests a second; a tenth of the peak if not given")
    parser.add_argument("--database", help="its URL; an empty database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "DATABASE_URL": options.database or f"sqlite:///{folder}/site.sqlite3",
            "SECRET_KEY": "x" * 60,
            "LIMITS": "0",
            "PALIMPSEST_ENV": "",
            "MEDIA_ROOT": folder,
            "LOG_LEVEL": "CRITICAL",
        }
        session = made(environment)
        with served(sys.executable, "cms_site.wsgi", ROOT, environment) as (url, master):
            rate = options.rate or peak(url, session) / 10
            print(f"{rate:.1f} requests a second, one in {SAVES} a save, by {CLIENTS} clients", flush=True)
            memory = list(soak(url, master, session, minutes=options.minutes, rate=rate))
    verdicts = [slope(list(column)) for column in zip(*memory, strict=True)]
    for number, (kilobytes, is_flat) in enumerate(verdicts, start=1):
        print(f"worker {number}: {kilobytes:+.1f} kB a minute: {'flat' if is_flat else 'not flat'}")
    return 0 if all(is_flat for _, is_flat in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
