"""What one answer costs whatever the text: processor time, bytes and memory of each page of an article of 256 kB.

    python tests/benchmarks/drawn.py [NAME …]

The names are those of units in `tests/hostile.py`, two of them unless told otherwise. Each page is told for the text
for which it is worst, against ordinary prose. Each article has two versions, the second waiting for review.
Milliseconds are processor time of the first answer, which nothing has prepared; kilobytes are beyond the HTML and the
sources that the page shows whole; megabytes are the peak that Python allocates. The database is made in a temporary
folder and thrown away.
"""

import functools
import gc
import logging
import os
import sys
import tempfile
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "cms_site.settings",
    "DATABASE_URL": f"sqlite:///{FOLDER.name}/drawn.sqlite3",
    "ALLOWED_HOSTS": "testserver",
    "LIMITS": "0",
}

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from articles import workflow
from articles.text.content import Content
from tests.benchmarks.figures import Figure, show
from tests.hostile import ORDINARY, UNITS, filled

ORDINARY_NAME = "English"
NAMES = ("look-alikes", "all kinds")
MOST = {"ms": 1_000, "kB": 400, "MB": 100}

Page = tuple[Callable[[], object], int]  # asks for the page; bytes of the article that it shows whole


def pages(source: str, slug: str, author: User, moderator: User) -> dict[str, Page]:
    """The pages of an article by name."""
    first = workflow.save_revision(None, by=author, content=Content("Title", slug, source))
    workflow.approve(workflow.submit(first, by=author), by=moderator)
    changed = f"A line before.\n\n{source[:-300]}\n\nA line after.\n"
    second = workflow.save_revision(first.article, by=author, content=Content("Title", slug, changed), base=1)
    review = workflow.submit(second, by=author)
    visitor, client = Client(), Client()
    client.force_login(moderator)
    html, text = (len(each.encode()) for each in (first.renderings.latest().html, source))
    base, editor = f"/articles/{slug}/", f"/admin/articles/article/{first.article_id}/change/"
    form = {"title": "Title", "slug": slug, "language": "en", "source": source, "base": 1}
    return {
        "published page": (lambda: visitor.get(base), html),
        "published page, escaped": (lambda: visitor.get(f"{base}?escape=1"), html),
        "a version, escaped": (lambda: client.get(f"{base}revisions/2/?escape=1"), html),
        "comparison": (lambda: client.get(f"{base}compare/1..2/"), 0),
        "comparison, side by side": (lambda: client.get(f"{base}compare/1..2/?view=side"), 0),
        "comparison, rendered": (lambda: client.get(f"{base}compare/1..2/?view=rendered"), 2 * html),
        "review": (lambda: client.get(review.get_absolute_url()), text),
        "history": (lambda: visitor.get(f"{base}history/"), 0),
        "editor": (lambda: client.get(editor), html + text),
        "editor's live answer": (lambda: client.post("/admin/articles/article/live/", form), html),
        "editor's conflict": (
            lambda: client.post(editor, form | {"source": f"Z{source[1:]}"}),
            html + 3 * text,
        ),
    }


def forget() -> None:
    """Empty the caches of the core, as for a text that the process has not seen."""
    for cached in gc.get_objects():
        if isinstance(cached, functools._lru_cache_wrapper) and cached.__module__.startswith("articles.text"):
            cached.cache_clear()


def measured(ask: Callable[[], object], own: int) -> tuple[float, float, float]:
    """Milliseconds of a first answer, its kilobytes beyond the article's own, and megabytes of another first answer."""
    forget()
    start = time.process_time()
    answer = ask()
    took = 1_000 * (time.process_time() - start)
    forget()
    tracemalloc.start()
    ask()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return took, max(0, len(answer.content) - own) / 1_000, peak


def figures(names: tuple[str, ...]) -> Iterator[Figure]:
    """The worst of the texts for each page and unit, against the ordinary text."""
    call_command("migrate", verbosity=0)
    author, moderator = (User.objects.create_superuser(name) for name in ("author", "moderator"))
    Client().get("/")  # what a process loads once
    found: dict[str, dict[str, tuple[float, float, float]]] = defaultdict(dict)
    for number, name in enumerate((ORDINARY_NAME, *names)):
        source = filled((ORDINARY | UNITS)[name])
        for page, (ask, own) in pages(source, f"text-{number}", author, moderator).items():
            found[page][name] = measured(ask, own)
    for page, by_name in found.items():
        ordinary = by_name.pop(ORDINARY_NAME)
        for place, (unit, most) in enumerate(MOST.items()):
            worst = max(by_name, key=lambda name, place=place: by_name[name][place])
            what, figure = f"{page}, worst: {worst}", by_name[worst][place]
            target = f"under {most:,} {unit}"
            yield Figure("drawn", what, unit, (figure,), "English prose", (ordinary[place],), target)


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # the conflicts, which are asked for
    show(figures(tuple(sys.argv[1:]) or NAMES))
