"""Published pages and lists as visitors get them: the documented server under load, its memory, and a cold start.

    python tests/benchmarks/server.py [TEXT.md] [--wagtail PYTHON] [--pages PAGE,PAGE]

Needs `wrk`. Two workers of gunicorn with four threads. Each page is measured in turns with a view of a bare Django on
the same server, which answers with as many bytes. On SQLite; where `DATABASE_URL` names a PostgreSQL, also there in a
database of its own; and where `REDIS_URL` is set, there once more with Redis. The lists are of 40 articles, the first
page of each. With `--wagtail`, an interpreter that has Wagtail and gunicorn, a Wagtail site with the same text too.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.figures import ROUNDS, Figure, show

PEER = Path(__file__).parent
TEXT = "# Tides\n\n" + "The tide table hangs by the gate, and the *keeper* reads it to whoever asks. " * 150
PUBLISHED = "published page"
PAGES = {PUBLISHED: "/articles/tides/", "home": "/", "list of a tag": "/tags/coast/"}
TARGETS = {"SQLite": "at least 1", "PostgreSQL": "at least 0.85", "PostgreSQL and Redis": "at least 0.85"}
MORE = """
from django.contrib.auth.models import User
from articles import workflow
from articles.text.content import Content
ada, eve = (User.objects.get(username=name) for name in ("ada", "eve"))
for n in range(39):
    text = "The gate is shut. " * 40
    content = Content(title=f"Gate {n}", slug=f"gate-{n}", language="en", tags=("coast",), source=text)
    workflow.publish(workflow.save_revision(None, by=ada, content=content), by=eve)
"""
BARE = """
from django.conf import settings
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x")
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
BODY = b"x" * {size}
urlpatterns = [path("", lambda request: HttpResponse(BODY))]
application = get_wsgi_application()
"""


COMMAND = "-m gunicorn {app} --workers 2 --threads 4 --bind 127.0.0.1:{port} --log-level critical"


@contextmanager
def served(
    python: str, application: str, folder: Path, environment: dict[str, str]
) -> Iterator[tuple[str, int]]:
    """The application under two workers; its address and the master's process id."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [python, *COMMAND.format(app=application, port=port).split()]
    process = subprocess.Popen(command, cwd=folder, env=os.environ | environment)
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            break
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.05)
    try:
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def load(url: str, master: int, seconds: int = 3) -> tuple[float, float]:
    """Requests a second, and microseconds of processor time that each takes of the workers."""
    before = processor_seconds(master)
    run = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", url], capture_output=True, text=True, check=True
    )
    assert "Non-2xx" not in run.stdout, run.stdout
    number = int(re.search(r"(\d+) requests in", run.stdout)[1])
    return number / seconds, 1_000_000 * (processor_seconds(master) - before) / number


def workers(master: int) -> list[Path]:
    pids = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return [Path("/proc", pid) for pid in pids]


def processor_seconds(master: int) -> float:
    """Processor time of all workers so far; a load on the machine changes it less than the time that passes."""
    fields = [(worker / "stat").read_text().rpartition(")")[2].split() for worker in workers(master)]
    return sum(int(f[11]) + int(f[12]) for f in fields) / os.sysconf("SC_CLK_TCK")


def megabytes(master: int) -> list[float]:
    """Proportional memory of each worker."""
    pss = [(worker / "smaps_rollup").read_text() for worker in workers(master)]
    return [int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1]) / 1024 for text in pss]


def manage(*command: str, environment: dict[str, str]) -> None:
    """Run a command of the site."""
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def stores(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the databases to measure, each with the settings of its site; PostgreSQL in a database of its own."""
    yield "SQLite", {"DATABASE_URL": f"sqlite:///{folder}/site.sqlite3", "REDIS_URL": ""}
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if url.scheme.startswith("postgres"):
        with psycopg.connect(url.geturl(), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS palimpsest_server")
            connection.execute("CREATE DATABASE palimpsest_server")
        database = {"DATABASE_URL": url._replace(path="/palimpsest_server").geturl()}
        yield "PostgreSQL", database | {"REDIS_URL": ""}
        if redis := os.environ.get("REDIS_URL"):
            yield "PostgreSQL and Redis", database | {"REDIS_URL": redis, "REDIS_PREFIX": "palimpsest-server"}


def site(folder: Path, text: str, settings: dict[str, str]) -> dict[str, str]:
    """Make a site with the text and 39 other articles, unless its database has them; return its settings."""
    environment = {**settings, "SECRET_KEY": "x" * 60, "LIMITS": "0"}
    if settings["REDIS_URL"]:  # its database was filled before
        return environment
    source = folder / "tides.md"
    source.write_text(text)
    make = "from django.contrib.auth.models import User; [User.objects.create_superuser(n) for n in ('ada', 'eve')]"
    approve = (
        "from articles import workflow; from articles.models import *; from django.contrib.auth.models import User;"
        "r = Revision.objects.get(); w = Review.objects.filter(revision=r).first();"
        "w = w or workflow.submit(r, by=User.objects.get(username='ada'));"
        "workflow.approve(w, by=User.objects.get(username='eve'))"
    )
    save = ["save_article", str(source), "--slug", "tides", "--title", "Tides", "--author", "ada"]
    for command in (
        ["migrate", "-v0"],
        ["shell", "-c", make],
        save,
        ["shell", "-c", approve],
        ["shell", "-c", MORE],
    ):
        manage(*command, environment=environment)
    return environment


def figures(text: str, wagtail: str | None, pages: list[str]) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for store, settings in stores(folder):
            environment = site(folder, text, settings)
            with served(sys.executable, "cms_site.wsgi", ROOT, environment) as (url, master):
                for page in pages:
                    target = TARGETS[store] if page == PUBLISHED else "at least 0.5"
                    yield from beside_bare(url + PAGES[page], master, f"{page}, {store}", folder, target)
                memory = tuple(megabytes(master))
                yield Figure("server", f"a worker after that, {store}", "MB", memory, target="at most 150")
                if wagtail and store == "SQLite":
                    yield beside_wagtail(url + PAGES[PUBLISHED], master, wagtail, folder)
        yield Figure("server", "cold start until the first page", "ms", tuple(starts(environment)))


def beside_bare(url: str, master: int, name: str, folder: Path, target: str) -> Iterator[Figure]:
    """The rate and the processor time of a page, in turns with those of a bare view of as many bytes."""
    size = len(urllib.request.urlopen(url).read())
    (folder / "bare.py").write_text(BARE.format(size=size))
    with served(sys.executable, "bare", folder, {}) as (bare, its_master):
        load(url, master, 1)  # each worker makes the page once
        rounds = [(load(url, master), load(f"{bare}/", its_master)) for _ in range(ROUNDS)]
    (rates, times), (its_rates, its_times) = (
        zip(*column, strict=True) for column in zip(*rounds, strict=True)
    )
    against = "bare Django view"
    yield Figure("server", f"{name}, {size // 1024} kB", "a second", rates, against, its_rates, target)
    yield Figure("server", "processor time of each", "µs", times, against, its_times)


def beside_wagtail(url: str, master: int, wagtail: str, folder: Path) -> Figure:
    peer = {"PEER_FOLDER": str(folder)}
    command = [wagtail, "-m", "peer.site", "1", str(folder / "tides.md")]
    subprocess.run(command, cwd=PEER, env=os.environ | peer, check=True, input=b"", stdout=subprocess.DEVNULL)
    with served(wagtail, "peer.site", PEER, peer) as (other, its_master):
        rounds = [(load(url, master)[0], load(f"{other}/tides/", its_master)[0]) for _ in range(ROUNDS)]
    mine, theirs = (tuple(column) for column in zip(*rounds, strict=True))
    return Figure("server", PUBLISHED, "a second", mine, "Wagtail", theirs, "at least 6")


def starts(environment: dict[str, str]) -> Iterator[float]:
    for _ in range(ROUNDS):
        start = time.perf_counter()
        with served(sys.executable, "cms_site.wsgi", ROOT, environment) as (url, _):
            urllib.request.urlopen(f"{url}/articles/tides/").close()
            took = 1000 * (time.perf_counter() - start)
        yield took


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text", nargs="?")
    parser.add_argument("--wagtail", metavar="PYTHON")
    parser.add_argument("--pages", default=",".join(PAGES), help="some of them, with commas")
    options = parser.parse_args()
    text = Path(options.text).read_text() if options.text else TEXT
    show(figures(text, options.wagtail, options.pages.split(",")))
