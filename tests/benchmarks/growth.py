"""Whether pages stay quick as the site grows: each kind of page at a thousand revisions and at many.

    DATABASE_URL=postgres://… python tests/benchmarks/growth.py [REVISIONS]

Seeds the empty database that DATABASE_URL names (default: SQLite in a temporary folder), a fifth as many articles as
revisions at first, so that every list fills a page, and then a fiftieth. Prints queries (in brackets those at the first
size) and milliseconds of server time at both sizes, and on PostgreSQL which large tables were read from end to end.
"""

import logging
import os
import sys
import tempfile
import time
from io import StringIO
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
from tests.benchmarks.figures import Figure, show, timed

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
        "editor": (f"/admin/articles/article/{longest.pk}/change/", True),
    }


def measured(client: Client, url: str) -> tuple[int, tuple[float, ...]]:
    """Queries, and milliseconds of each round."""
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries), timed(lambda: client.get(url), ROUNDS)


def measure(pages: dict[str, tuple[str, bool]]) -> dict[str, tuple[int, tuple[float, ...]]]:
    cache.clear()
    person = User.objects.get(username="person")
    newsroom = Client()
    newsroom.force_login(person)
    return {name: measured(newsroom if inside else Client(), url) for name, (url, inside) in pages.items()}


def scans() -> dict[str, int]:
    """How often each large table was read from end to end since the database was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1.1), pg_stat_clear_snapshot()")  # counts arrive with a delay
        cursor.execute(
            "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname LIKE 'articles%' AND n_live_tup > 50000"
        )
        return dict(cursor.fetchall())


def main(revisions: int) -> None:
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    User.objects.create_superuser("person")
    call_command("seed", articles=SMALL // 5, revisions=SMALL, seed=1, stdout=StringIO())
    small = measure(pages())
    start = time.perf_counter()
    call_command("seed", articles=revisions // 50, revisions=revisions, seed=2, stdout=sys.stderr)
    print(f"seeding took {time.perf_counter() - start:,.0f} s", file=sys.stderr)
    addresses = pages()
    before = scans() if connection.vendor == "postgresql" else {}
    large = measure(addresses)
    area = f"{Revision.objects.count():,} revisions, {connection.vendor}"
    show(
        Figure(
            area,
            f"{name}, {queries} queries ({small[name][0]})",
            "ms",
            took,
            f"{SMALL:,} revisions",
            small[name][1],
            "at most 2",
        )
        for name, (queries, took) in large.items()
    )
    if connection.vendor == "postgresql":
        grown = {table: count - before.get(table, 0) for table, count in scans().items()}
        print(
            "read from end to end:",
            ", ".join(f"{t}: {n}" for t, n in grown.items() if n) or "no large table",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
