"""What a person waits for: saving, the published page, history and comparisons of an article of a thousand versions.

    python tests/benchmarks/pages.py TEXT.md [--versions N] [--wagtail PYTHON]

Milliseconds of server time; each comparison is one that the process has not made before. The baseline is the barest
page of the site or, with an interpreter that has Wagtail, the same act on a page with the same text and number of
versions there (`peer`), in turns. Both write to SQLite, and wait for the disk. The databases are made in a temporary
folder and thrown away.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "cms_site.settings",
    "DATABASE_URL": f"sqlite:///{FOLDER.name}/pages.sqlite3",
    "ALLOWED_HOSTS": "testserver",
    "LIMITS": "0",
}

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Revision
from articles.text.content import Content
from tests.benchmarks.figures import Figure, milliseconds, show

ROUNDS = 15
SAVES = 20  # in a round
TARGETS = {
    "a save": "at most 1",
    "history": "at most 0.33",
    "comparison with the one before": "at most 0.33",
    "comparison, side by side": "at most 0.33",
    "comparison, far": "at most 0.33",
}
PEERS = {  # the act of the Wagtail site that does the same
    "a save": "save",
    "published page": "published",
    "history": "history",
    "comparison with the one before": "compare",
    "comparison, side by side": "compare",
    "comparison, far": "compare far",
}


@contextmanager
def peer(python: str, versions: int, path: str) -> Iterator[Callable[[str, int], float]]:
    """Milliseconds of one of so many acts of a Wagtail site."""
    command = [python, "-m", "peer.site", str(versions), path]
    environment = os.environ | {"PEER_FOLDER": FOLDER.name, "DJANGO_SETTINGS_MODULE": "peer.settings"}
    here = Path(__file__).parent
    with subprocess.Popen(
        command,
        cwd=here,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:

        def act(name: str, times: int) -> float:
            print(f"{name} {times}", file=process.stdin, flush=True)
            return float(process.stdout.readline())

        assert process.stdout.readline() == "ready\n"
        yield act
        process.stdin.close()


def figures(path: str, versions: int, wagtail: str | None) -> Iterator[Figure]:
    acts = site(Path(path).read_text(), versions)
    bare = acts.pop("the barest page")
    if not wagtail:
        yield from measured(acts, lambda name: bare(), "the barest page")
        return
    with peer(wagtail, versions, path) as act:
        mine = {name: do for name, do in acts.items() if name in PEERS}
        others = {name: do for name, do in acts.items() if name not in PEERS}

        def theirs(name: str) -> float:
            return act(PEERS[name], SAVES if name == "a save" else 1)

        yield from measured(mine, theirs, "Wagtail", TARGETS)
        yield from measured(others, lambda name: bare(), "the barest page")


def measured(
    acts: dict[str, Callable[[], float]],
    other: Callable[[str], float],
    against: str,
    targets: dict[str, str] | None = None,
) -> Iterator[Figure]:
    """Each act and the other thing, in turns."""
    for name, act in acts.items():
        other(name)
        with CaptureQueriesContext(connection) as queries:
            act()
        asked = len(queries) // (SAVES if name == "a save" else 1)
        rounds = [(act(), other(name)) for _ in range(ROUNDS)]
        mine, theirs = zip(*rounds, strict=True)
        what = f"{name}, {asked} quer{'y' if asked == 1 else 'ies'}"
        yield Figure("pages", what, "ms", mine, against, theirs, (targets or {}).get(name, ""))


def site(text: str, versions: int) -> dict[str, Callable[[], float]]:
    """An article with so many versions, and what people do with it, by name; each act answers with its milliseconds."""
    call_command("migrate", verbosity=0)
    person = User.objects.create_superuser("person")
    words = text.split(" ")
    numbers = count()

    def save(base: Revision | None) -> Revision:
        n = next(numbers)
        words[n % len(words)] = f"word{n}"
        content = Content(title="Article", slug="article", source=" ".join(words))
        return workflow.save_revision(
            base and base.article, by=person, content=content, base=base and base.number
        )

    def saves() -> None:
        last = Revision.objects.latest("pk")
        for _ in range(SAVES):
            last = save(last)

    revision = None
    for _ in range(versions):
        revision = save(revision)
    workflow.approve(workflow.submit(revision, by=person), by=User.objects.create_superuser("reviewer"))
    client = Client()
    client.force_login(person)

    def get(address: str, first: int = 1) -> Callable[[], float]:
        nth = count(first)

        def act() -> float:
            n = next(nth)
            url = address.format(n, last=revision.number - n, before=revision.number - n - 1)
            return milliseconds(lambda: sound(client.get(url)))

        return act

    def sound(answer) -> None:
        assert answer.status_code == 200, answer

    article = "/articles/article"
    return {
        "the barest page": get("/healthz"),
        "published page": get(f"{article}/"),
        "history": get(f"{article}/history/"),
        "comparison with the one before": get(f"{article}/compare/{{before}}..{{last}}/"),
        "comparison, side by side": get(f"{article}/compare/{{before}}..{{last}}/?view=side", first=100),
        "comparison, far": get(f"{article}/compare/{{0}}..{{last}}/"),
        "published page, escaped": get(f"{article}/?escape=1"),
        "editor": get(f"/admin/articles/article/{revision.article_id}/change/"),
        "list in the admin": get("/admin/articles/article/"),
        "a save": lambda: milliseconds(saves) / SAVES,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text")
    parser.add_argument("--versions", type=int, default=1_000)
    parser.add_argument("--wagtail", metavar="PYTHON")
    options = parser.parse_args()
    show(figures(options.text, options.versions, options.wagtail))
