"""What a version costs in the database: a thousand edits of one word each, saved as the editor saves them.

    python tests/benchmarks/storage.py TEXT.md [VERSIONS]

Prints bytes a version, in all and table by table with its indexes, before and after a VACUUM, and the processor time of
reading versions. Versions before the thousand do not count, so that neither do the first pages of tables and indexes,
nor the space that the next version uses again. Uses SQLite in a temporary folder, or the empty database that
DATABASE_URL names on PostgreSQL.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/storage.sqlite3")
os.environ |= {"DJANGO_SETTINGS_MODULE": "cms_site.settings", "MAX_SOURCE_BYTES": "4000000"}

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from articles import workflow
from articles.models import Revision
from articles.text.content import Content
from tests.benchmarks.figures import Figure, show

BEFORE = 200  # versions that do not count
TARGETS = {"sqlite": "at most 750", "postgresql": "at most 1,000"}
TABLES = """
    SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relname LIKE 'articles%%' ORDER BY pg_total_relation_size(oid) DESC
"""
PAGES = """
    SELECT m.tbl_name, SUM(pgsize * (m.type = 'table')), SUM(pgsize * (m.type = 'index'))
    FROM dbstat s JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate = TRUE AND m.tbl_name LIKE 'articles%%'
    GROUP BY m.tbl_name ORDER BY SUM(pgsize) DESC
"""


def sizes() -> dict[str, tuple[int, int]]:
    """Bytes of each table, and of its indexes. Where SQLite cannot tell tables apart, of the whole file."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(PAGES if connection.vendor == "sqlite" else TABLES)
        except django.db.OperationalError:
            cursor.execute("SELECT 'all', page_count * page_size, 0 FROM pragma_page_count, pragma_page_size")
        return {table: (rows, indexes) for table, rows, indexes in cursor.fetchall()}


def report(title: str, before: dict[str, tuple[int, int]], versions: int) -> float:
    """Print and return the bytes a version."""
    grown = {
        table: [now - then for now, then in zip(size, before.get(table, (0, 0)), strict=True)]
        for table, size in sizes().items()
    }
    each = sum(map(sum, grown.values())) / versions
    print(f"{title}: {each:,.0f} bytes a version", file=sys.stderr)
    for table, (rows, indexes) in grown.items():
        if rows + indexes:
            print(
                f"    {table:<24}{rows / versions:>8.1f} + {indexes / versions:.1f} in indexes",
                file=sys.stderr,
            )
    return each


def vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def reading_ms(revisions: list[Revision]) -> tuple[float, ...]:
    """Processor time of each from rows to a proven text."""
    times = []
    for revision in revisions:
        start = time.process_time()
        assert revision.source
        times.append(1000 * (time.process_time() - start))
    return tuple(times)


def figures(path: str, versions: int) -> Iterator[Figure]:
    call_command("migrate", verbosity=0)
    person = User.objects.create_superuser("person")
    text = Path(path).read_text()
    words, chance = text.split(" "), random.Random(1)
    content = Content(title="An article", slug="an-article", source=text, summary="One word")
    revision = workflow.save_revision(None, by=person, content=content)
    before: dict[str, tuple[int, int]] = {}
    for n in range(BEFORE + versions):
        if n == BEFORE:
            vacuum()
            before = sizes()
        words[chance.randrange(len(words))] = f"word{n}"
        content = replace(content, source=" ".join(words))
        revision = workflow.save_revision(revision.article, by=person, content=content, base=revision.number)
        if connection.vendor == "postgresql" and n % 100 == 0:
            vacuum()  # as autovacuum does, wherever it is not switched off
    area = f"storage, {connection.vendor}"
    what = f"{versions:,} versions of {len(text.encode()):,} bytes"
    each = report(f"{area}, {what}, as they were saved", before, versions)
    yield Figure(area, f"{what}: one version", "bytes", (each,), target=TARGETS[connection.vendor])
    vacuum()
    each = report("after VACUUM", before, versions)
    yield Figure(area, "the same after VACUUM", "bytes", (each,), target=TARGETS[connection.vendor])
    picked = Revision.objects.filter(article=revision.article).with_text().order_by("?")[:200]
    yield Figure(area, "reading a version", "ms", reading_ms(list(picked)), target="under 1 ms")
    large = " ".join(words * (1_000_000 // len(text.encode()) + 1))
    for n in range(2):
        content = Content(title="Large", slug="large", source=large + str(n))
        base = n or None
        revision = workflow.save_revision(
            revision.article if n else None, by=person, content=content, base=base
        )
    picked = [Revision.objects.with_text().get(pk=revision.pk) for _ in range(9)]
    what = f"reading one of {len(large.encode()):,} bytes"
    yield Figure(area, what, "ms", reading_ms(picked), target="under 15 ms")


if __name__ == "__main__":
    show(figures(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000))
