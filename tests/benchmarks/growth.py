"""Whether pages stay quick as the site grows: each kind of page at a thousand revisions and at many.

    DATABASE_URL=postgres://… python tests/benchmarks/growth.py [REVISIONS]

Seeds the empty database that DATABASE_URL names (default: SQLite in a temporary folder) with a fiftieth as many
articles as revisions; one that this program or `seed` has filled is taken as it is. The thousand revisions, of 200
articles so that every list fills a page, stand in a database beside it, which is dropped at the end. Each page is asked
for in turns, so that a slower minute of the machine meets both. Prints queries (in brackets those of the small site)
and milliseconds of server time, and on PostgreSQL which large tables were read from end to end.
"""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/requests.sqlite3")
os.environ |= {"DJANGO_SETTINGS_MODULE": "cms_site.settings", "ALLOWED_HOSTS": "testserver", "LIMITS": "0"}

import django

django.setup()

from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Revision
from tests.benchmarks.figures import Figure, milliseconds, show

SMALL, ROUNDS = 1_000, 15


def pages() -> dict[str, tuple[str, bool]]:
    """Address of each kind of page, and whether it is for the newsroom."""
    public = Article.objects.public()
    longest = public.order_by("-published_revision__number").select_related("published_revision").first()
    number = longest.published_revision.number
    base = f"/articles/{longest.slug}/"
    middle = public.order_by("published_at")[public.count() // 2]
    place = f"?after={middle.published_at.isoformat().replace('+', '%2B')},{middle.pk}"
    return {
        "list": ("/", False),
        "list, in the middle": (f"/{place}", False),
        "published page": (base, False),
        "history": (f"{base}history/", False),
        "history, in the middle": (f"{base}history/?after={number // 2 + 1}", True),
        "a version": (f"{base}revisions/{number // 2 + 1}/", True),
        "comparison, first with last": (f"{base}compare/1..{number}/", False),
        "an address of no article": ("/articles/nowhere/", False),
        "queue": ("/moderation/", True),
        "newsroom's list": ("/admin/articles/article/", True),
        "newsroom's list, a search": ("/admin/articles/article/?q=seed-1-7", True),
        "log": ("/moderation/log/", True),
        "log, a day long ago": ("/moderation/log/?first=2020-01-01&last=2020-01-01", True),
        "log, of that article": (f"/moderation/log/?article={longest.slug}", True),
        "editor": (f"/admin/articles/article/{longest.pk}/change/", True),
    }


@dataclass
class Site:
    """A database, the pages of the site that it holds, and who asks for them."""

    name: str
    pages: dict[str, tuple[str, bool]] = field(init=False)
    revisions: int = field(init=False)
    newsroom: Client = field(init=False)
    reader: Client = field(default_factory=Client)

    def open(self) -> None:
        """From now on this is the database of the process."""
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()
        connection.settings_dict["NAME"] = self.name

    def seed(self, *, articles: int, revisions: int) -> None:
        self.open()
        call_command("migrate", verbosity=0)
        person, _ = User.objects.get_or_create(username="person", is_staff=True, is_superuser=True)
        if not Article.objects.exists():
            call_command("seed", articles=articles, revisions=revisions, stdout=sys.stderr)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # as it would be in the minutes that follow
                cursor.execute("VACUUM ANALYZE")
        self.pages, self.revisions = pages(), Revision.objects.count()
        self.newsroom = Client()
        self.newsroom.force_login(person)

    def visit(self, name: str) -> tuple[int, float]:
        """Queries of a page, and milliseconds of the visit after that."""
        self.open()
        url, is_inside = self.pages[name]
        client = self.newsroom if is_inside else self.reader
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries), milliseconds(lambda: client.get(url))


def beside(name: str) -> str:
    """The name of an empty database beside that one."""
    if connection.vendor == "sqlite":
        return f"{name}.small"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}_small"')
        cursor.execute(f'CREATE DATABASE "{name}_small"')
    return f"{name}_small"


def scans() -> dict[str, int]:
    """How often each large table was read from end to end since the database was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1.1), pg_stat_clear_snapshot()")  # counts arrive with a delay
        cursor.execute(
            "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname LIKE 'articles%' AND n_live_tup > 50000"
        )
        return dict(cursor.fetchall())


def figures(small: Site, large: Site) -> Iterator[Figure]:
    for name in large.pages:
        rounds = [(small.visit(name), large.visit(name)) for _ in range(ROUNDS + 1)][1:]
        (few, _), (many, _) = rounds[-1]
        yield Figure(
            f"{large.revisions:,} revisions, {connection.vendor}",
            f"{name}, {many} queries ({few})",
            "ms",
            tuple(took for _, (_, took) in rounds),
            f"{SMALL:,} revisions",
            tuple(took for (_, took), _ in rounds),
            "at most 2",
        )


def main(revisions: int) -> None:
    logging.disable(logging.WARNING)
    large = Site(connection.settings_dict["NAME"])
    small = Site(beside(large.name))
    small.seed(articles=SMALL // 5, revisions=SMALL)
    start = time.perf_counter()
    large.seed(articles=revisions // 50, revisions=revisions)
    print(f"seeding took {time.perf_counter() - start:,.0f} s", file=sys.stderr)
    before = scans() if connection.vendor == "postgresql" else {}
    cache.clear()
    show(figures(small, large))
    large.open()
    if connection.vendor == "postgresql":
        grown = {table: count - before.get(table, 0) for table, count in scans().items()}
        print(
            "read from end to end:",
            ", ".join(f"{t}: {n}" for t, n in grown.items() if n) or "no large table",
            file=sys.stderr,
        )
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{small.name}"')


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
