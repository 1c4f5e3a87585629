"""What a version costs in the database: a thousand edits of one word each, saved as the editor saves them.

    python tests/benchmarks/storage.py TEXT.md [VERSIONS]

Prints bytes a version, in all and table by table with its indexes, before and after a VACUUM, and the processor time of
reading versions. Uses SQLite in a temporary folder, or the empty database that DATABASE_URL names on PostgreSQL.
"""

import os
import random
import statistics
import sys
import tempfile
import time
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


def report(title: str, before: dict[str, tuple[int, int]], versions: int) -> None:
    grown = {
        table: [now - then for now, then in zip(size, before.get(table, (0, 0)), strict=True)]
        for table, size in sizes().items()
    }
    print(f"{title}: {sum(map(sum, grown.values())) / versions:,.0f} bytes a version")
    for table, (rows, indexes) in grown.items():
        if rows + indexes:
            print(f"    {table:<24}{rows / versions:>8.1f} + {indexes / versions:.1f} in indexes")


def vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def reading_ms(revisions: list[Revision]) -> float:
    """Median processor time from rows to a proven text."""
    times = []
    for revision in revisions:
        start = time.process_time()
        assert revision.source
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times)


def main(path: str, versions: int) -> None:
    call_command("migrate", verbosity=0)
    person = User.objects.create_superuser("person")
    text = Path(path).read_text()
    words, chance = text.split(" "), random.Random(1)
    content = Content(title="An article", slug="an-article", source=text, summary="One word")
    revision = workflow.save_revision(None, by=person, content=content)
    vacuum()
    before = sizes()
    for n in range(versions):
        words[chance.randrange(len(words))] = f"word{n}"
        content = replace(content, source=" ".join(words))
        revision = workflow.save_revision(revision.article, by=person, content=content, base=revision.number)
    print(f"{connection.vendor}, {versions:,} versions of {len(text.encode()):,} bytes")
    report("as they were saved", before, versions)
    vacuum()
    report("after VACUUM", before, versions)
    picked = Revision.objects.filter(article=revision.article).with_text().order_by("?")[:200]
    print(f"reading a version: {reading_ms(list(picked)):.2f} ms of processor time")
    large = " ".join(words * (1_000_000 // len(text.encode()) + 1))
    for n in range(2):
        content = Content(title="Large", slug="large", source=large + str(n))
        base = n or None
        revision = workflow.save_revision(
            revision.article if n else None, by=person, content=content, base=base
        )
    picked = [Revision.objects.with_text().get(pk=revision.pk) for _ in range(9)]
    print(f"reading one of {len(large.encode()):,} bytes: {reading_ms(picked):.1f} ms")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
