"""Published pages and lists as visitors get them: two gunicorn workers under load, their memory, and a cold start.

    python tests/benchmarks/server.py [TEXT.md] [--wagtail PYTHON]

Needs `wrk`. The lists are of 40 articles, the first page of each. The baseline is a view of a bare Django that answers
with as many bytes, served the same way in turns. With
`--wagtail`, an interpreter that has Wagtail and gunicorn, a Wagtail site with the same text too (`peer`).
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

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.figures import ROUNDS, Figure, show

PEER = Path(__file__).parent
TEXT = "# Tides\n\n" + "The tide table hangs by the gate, and the *keeper* reads it to whoever asks. " * 150
LISTS = {"home, 40 articles": "/", "list of a tag, 40 articles": "/tags/coast/"}
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


@contextmanager
def served(
    python: str, application: str, folder: Path, environment: dict[str, str], *options: str
) -> Iterator[tuple[str, int]]:
    """The application under two workers; its address and the master's process id."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [
        python,
        "-m",
        "gunicorn",
        application,
        "-w",
        "2",
        "-b",
        f"127.0.0.1:{port}",
        "--log-level",
        "critical",
        *options,
    ]
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


def rate(url: str, seconds: int = 3) -> float:
    """Requests a second."""
    run = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", url], capture_output=True, text=True, check=True
    )
    assert "Non-2xx" not in run.stdout, run.stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", run.stdout)[1])


def megabytes(master: int) -> list[float]:
    """Proportional memory of each worker."""
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    pss = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in workers]
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


def site(folder: Path, text: str) -> dict[str, str]:
    environment = {"DATABASE_URL": f"sqlite:///{folder}/site.sqlite3", "SECRET_KEY": "x" * 60, "LIMITS": "0"}
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


def figures(text: str, wagtail: str | None) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = site(folder, text)
        with served(sys.executable, "cms_site.wsgi", ROOT, environment) as (url, master):
            page = f"{url}/articles/tides/"
            yield beside_bare(page, "published page", folder, target="at least 0.6")
            for label, address in LISTS.items():
                yield beside_bare(url + address, label, folder, target="at least 0.5")
            if wagtail:
                peer = {"PEER_FOLDER": name}
                command = [wagtail, "-m", "peer.site", "1", str(folder / "tides.md")]
                subprocess.run(
                    command, cwd=PEER, env=os.environ | peer, check=True, input=b"", stdout=subprocess.DEVNULL
                )
                with served(wagtail, "peer.site", PEER, peer) as (other, _):
                    rounds = [(rate(page), rate(f"{other}/tides/")) for _ in range(ROUNDS)]
                mine, theirs = (tuple(column) for column in zip(*rounds, strict=True))
                yield Figure("server", "published page", "a second", mine, "Wagtail", theirs, "at least 6")
            memory = tuple(megabytes(master))
            yield Figure("server", "memory of a worker after that", "MB", memory, target="at most 150")
        yield Figure("server", "cold start until the first page", "ms", tuple(starts(environment)))


def beside_bare(url: str, name: str, folder: Path, *, target: str) -> Figure:
    """The rate of a page, in turns with that of a bare view that answers with as many bytes."""
    size = len(urllib.request.urlopen(url).read())
    (folder / "bare.py").write_text(BARE.format(size=size))
    with served(sys.executable, "bare", folder, {}) as (bare, _):
        rounds = [(rate(url), rate(f"{bare}/")) for _ in range(ROUNDS)]
    mine, theirs = (tuple(column) for column in zip(*rounds, strict=True))
    return Figure(
        "server", f"{name}, {size // 1024} kB", "a second", mine, "bare Django view", theirs, target
    )


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
    options = parser.parse_args()
    show(figures(Path(options.text).read_text() if options.text else TEXT, options.wagtail))
