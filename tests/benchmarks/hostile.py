"""A site under attack: what a reader of a published page notices, and what a worker's memory comes to.

    python tests/benchmarks/hostile.py [--clients 50] [--seconds 20]

gunicorn runs with two workers of four threads. The clients compare two long hostile texts, each from an IP address of
its own, and again as soon as they are answered; with `Retry-After` they wait a second, less than they are told.
"""

from __future__ import annotations

import argparse
import http.client
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.figures import Figure, show
from tests.benchmarks.server import manage, served

PAGE = "/articles/tides/"
SHAPES = ("look-alikes", "invisible characters")
MAKE = """
from django.contrib.auth.models import User
from articles import workflow
from articles.models import Article
from articles.text.content import Content
from tests.hostile import UNITS, filled
ada, eve = (User.objects.create_superuser(name) for name in ("ada", "eve"))
tides = Content(title="Tides", slug="tides", language="en", source="The tide table hangs by the gate. " * 300)
workflow.publish(workflow.save_revision(None, by=ada, content=tides), by=eve)
for n, shape in enumerate({shapes!r}):
    text, article = filled(UNITS[shape], {size}), None
    for source in (text, text.replace(" ", " x ", 500)):
        content = Content(title="Long", slug=f"long-{{n}}", language="en", source=source)
        base = article.latest_revision.number if article else None
        revision = workflow.save_revision(article, by=ada, content=content, base=base)
        review = workflow.submit(revision, by=ada)
        workflow.approve(review, by=eve)
        article = Article.objects.get(slug=f"long-{{n}}")
"""


def get(url: str, path: str, address: str) -> tuple[int, float]:
    """Return the status and the seconds that a request takes."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
    connection.request("GET", path, headers={"X-Forwarded-For": address})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, time.perf_counter() - start


def attack(url: str, number: int, stop: threading.Event, statuses: Counter[int]) -> None:
    """Compare until told to stop."""
    turn = 0
    while not stop.is_set():
        turn += 1
        path = f"/articles/long-{number % len(SHAPES)}/compare/1..2/?view=source&part={1 + turn % 3}"
        address = f"2001:db8:{number:x}:{turn:x}::1"  # of another network each time: no budget stops it
        status, _ = get(url, path, address)
        statuses[status] += 1
        if status in (429, 503):
            stop.wait(1)


def pages(url: str, seconds: float) -> list[float]:
    """Return how long a published page takes, in milliseconds, every tenth of a second."""
    taken = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status, took = get(url, PAGE, "192.0.2.1")
        assert status == 200, status
        taken.append(1000 * took)
        time.sleep(0.1)
    return taken


def memory(master: int) -> tuple[float, float]:
    """Return the resident memory of the larger worker, and the most that it ever was, in MB."""
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    texts = [Path(f"/proc/{pid}/status").read_text() for pid in workers]

    def largest(name: str) -> float:
        return max(int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) / 1024 for text in texts)

    return largest("VmRSS"), largest("VmHWM")


def figures(clients: int, seconds: float, size: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        environment = {
            "DATABASE_URL": f"sqlite:///{name}/site.sqlite3",
            "SECRET_KEY": "x" * 60,
            "TRUSTED_PROXIES": "1",
        }
        for command in (["migrate", "-v0"], ["shell", "-c", MAKE.format(shapes=SHAPES, size=size)]):
            manage(*command, environment=environment)
        with served(sys.executable, "cms_site.wsgi", ROOT, environment) as (url, master):
            pages(url, 1)
            idle = pages(url, seconds / 2)
            before, _ = memory(master)
            stop, statuses = threading.Event(), Counter()
            threads = [threading.Thread(target=attack, args=(url, n, stop, statuses)) for n in range(clients)]
            for thread in threads:
                thread.start()
            time.sleep(1)
            busy = pages(url, seconds)
            stop.set()
            for thread in threads:
                thread.join()
            time.sleep(1)
            after, peak = memory(master)
        print(dict(statuses), f"p95 {sorted(busy)[int(0.95 * len(busy))]:.0f} ms", file=sys.stderr)
        label = f"published page beside {clients} hostile comparisons"
        yield Figure("hostile", label, "ms", tuple(busy), "idle", tuple(idle), "at most 3")
        yield Figure("hostile", "memory of a worker before", "MB", (before,))
        yield Figure("hostile", "memory of a worker after that", "MB", (after,), target="at most 150")
        yield Figure("hostile", "its peak", "MB", (peak,), target="at most 250")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--size", type=int, default=180_000, help="bytes of each text")
    options = parser.parse_args()
    show(figures(options.clients, options.seconds, options.size))
