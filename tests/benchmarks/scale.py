"""What the real tables cost and answer with millions of rows, on an empty PostgreSQL with all migrations.

    DATABASE_URL=postgres://…/empty python tests/benchmarks/scale.py 200000 10

Makes so many articles with so many versions each by INSERT, with indexes, but without checking foreign keys (so as a
superuser). Rows are as wide as those of a page of 12 kB, one word of which changes each time: see docs/storage.md.
Texts are random bytes, so nothing can be read; only sizes, indexes and plans are true.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms_site.settings")
import django

django.setup()

from django.core.management import call_command
from django.db import connection

from articles.models import Revision
from articles.reader import published, rows

ROUNDS = 300

# Version v of article a has the key (v - 1) * articles + a, as if all articles were written in turns.
FILL = {
    "articles_article": """
        INSERT INTO articles_article SELECT a, 'article-' || a, '2020-01-01'::timestamptz + a * interval '1 minute',
            '2020-01-01'::timestamptz + a * interval '1 minute', NULL, sha256(a::text::bytea),
            ({versions} - 1) * {articles} + a, ({versions} - 1) * {articles} + a
            FROM generate_series(1, {articles}) a""",
    "articles_revision": """
        INSERT INTO articles_revision SELECT (v - 1) * {articles} + a, v, 'The tide table of harbour ' || a,
            'article-' || a, 'en', '[]', 'One word anew', 'author' || a % 1000,
            '2020-01-01'::timestamptz + ((v - 1) * {articles} + a) * interval '1 second', '', '', '', '', '', '',
            NULL, 3, sha256((v || ' ' || a)::bytea), a, a % 1000 + 1, NULLIF((v - 2) * {articles} + a, -{articles} + a)
            FROM generate_series(1, {versions}) v, generate_series(1, {articles}) a""",
    "articles_body": """
        INSERT INTO articles_body SELECT (v - 1) * {articles} + a, CASE v WHEN 1 THEN 1 ELSE 2 END,
            (SELECT string_agg(sha256((v || ' ' || a * 200 + n)::bytea), '')
                FROM generate_series(1, CASE v WHEN 1 THEN 144 ELSE 8 END) n),
            CASE v WHEN 1 THEN NULL ELSE a END
            FROM generate_series(1, {versions}) v, generate_series(1, {articles}) a""",
    "articles_rendering": """
        INSERT INTO articles_rendering SELECT (v - 1) * {articles} + a, CASE v WHEN {versions} THEN
            (SELECT string_agg(sha256((a * 50 + n)::text::bytea), '') FROM generate_series(1, 48) n) END,
            NULL, true, 0, 0, 0, 0, '3', '18.0.0', (v - 1) * {articles} + a
            FROM generate_series(1, {versions}) v, generate_series(1, {articles}) a""",
    "articles_attribution": """
        INSERT INTO articles_attribution SELECT (v - 1) * {articles} + a, 5, 5, hashint8(v * {articles} + a),
            sha256(a::text::bytea) || sha256(v::text::bytea)
            FROM generate_series(1, {versions}) v, generate_series(1, {articles}) a""",
    "articles_event": """
        INSERT INTO articles_event SELECT (v - 1) * {articles} + a,
            '2020-01-01'::timestamptz + ((v - 1) * {articles} + a) * interval '1 second', 'author' || a % 1000,
            CASE v WHEN {versions} + 1 THEN 'publish' ELSE 'save' END, '', '', '', 'editor', NULL, a % 1000 + 1, a,
            (LEAST(v, {versions}) - 1) * {articles} + a, NULL
            FROM generate_series(1, {versions} + 1) v, generate_series(1, {articles}) a""",
    "articles_publication": """
        INSERT INTO articles_publication SELECT ({versions} - 1) * {articles} + a, now(),
            repeat('The tide table hangs by the door. ', 8), '' FROM generate_series(1, {articles}) a""",
    "articles_livechange": """
        INSERT INTO articles_livechange (id, at, how, by_name, language, alerts, warnings, seen_by_name, article_id,
            author_id, by_id, revision_id, change_kind, told_at, seen_at) SELECT a,
            '2020-01-01'::timestamptz + a * interval '1 minute', 'publish', 'moderator', 'en', 0, 0, '', a,
            a % 1000 + 1, 1, ({versions} - 1) * {articles} + a, '', now(), now()
            FROM generate_series(1, {articles}) a""",
    "articles_facet": """
        INSERT INTO articles_facet SELECT 2 * a + k, CASE k WHEN 0 THEN 'language' ELSE 'author' END,
            CASE k WHEN 0 THEN 'en' ELSE 'author' || a % 1000 END, '',
            '2020-01-01'::timestamptz + a * interval '1 minute', a
            FROM generate_series(1, {articles}) a, generate_series(0, 1) k""",
}


def main(articles: int, versions: int) -> None:
    call_command("migrate", verbosity=0)
    values = {"articles": articles, "versions": versions}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign keys
        for table, statement in FILL.items():
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")
            if cursor.fetchone()[0]:
                continue
            start = time.monotonic()
            cursor.execute(statement.format(**values))
            print(f"{table}: {cursor.rowcount:,} rows in {time.monotonic() - start:.0f} s", flush=True)
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("SET session_replication_role = origin")
    print(f"\n{articles:,} articles, {articles * versions:,} versions\n")
    print("| Table | Bytes a version: rows | Indexes |\n|---|---:|---:|")
    totals = [0.0, 0.0]
    for table, heap, indexes in _sizes():
        per_version = [size / (articles * versions) for size in (heap, indexes)]
        totals = [total + size for total, size in zip(totals, per_version, strict=True)]
        print(f"| `{table}` | {per_version[0]:.0f} | {per_version[1]:.0f} |")
    print(f"| in all | {totals[0]:.0f} | {totals[1]:.0f} |\n")
    print("| Question | Fastest | Median | Blocks |\n|---|---:|---:|---:|")
    for name, (sql, parameters) in _questions(articles).items():
        times, blocks = _asked(sql, parameters)
        print(f"| {name} | {min(times):.2f} ms | {median(times):.2f} ms | {blocks} |")


def _sizes() -> list[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class"
            " WHERE relname = ANY(%s) ORDER BY 2 DESC",
            [list(FILL)],
        )
        return list(cursor.fetchall())


def _questions(articles: int) -> dict[str, tuple[str, Callable[[], list[object]]]]:
    """Return what pages ask: the SQL, and a function that draws its parameters."""

    def slug() -> list[object]:
        return [f"article-{random.randrange(articles) + 1}"]

    def key() -> list[object]:
        return [random.randrange(articles) + 1]

    versions = Revision.objects.filter(article=1).order_by("-number")[:30]
    history, _ = versions.query.sql_with_params()
    text = "SELECT b.data, k.data FROM articles_body b LEFT JOIN articles_body k ON k.revision_id = b.base_id"
    return {
        "which page is live": (published._LIVE_PAGE, slug),
        "first page of all articles": (rows._ALL, lambda: [31]),
        "first page of an author's": (
            rows._OF_FACET,
            lambda: ["author", f"author{random.randrange(1000)}", 31],
        ),
        "what a history shows": (rows._HISTORY, slug),
        "thirty versions of an article": (history, key),
        "one text with its keyframe": (
            f"{text} WHERE b.revision_id = %s",
            lambda: [random.randrange(articles) + articles + 1],
        ),
        "last number, as a save asks": (
            "SELECT MAX(number) FROM articles_revision WHERE article_id = %s",
            key,
        ),
    }


def _asked(sql: str, parameters: Callable[[], list[object]]) -> tuple[list[float], int]:
    """Return milliseconds of some rounds, and how many blocks one round reads."""
    times = []
    with connection.cursor() as cursor:
        for _ in range(ROUNDS):
            values = parameters()
            start = time.perf_counter()
            cursor.execute(sql, values)
            cursor.fetchall()
            times.append(1000 * (time.perf_counter() - start))
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", parameters())
        plan = cursor.fetchone()[0][0]["Plan"]
    for node in _nodes(plan):
        if node["Node Type"] == "Seq Scan" and node["Plan Rows"] > 1000:
            print(f"READ FROM END TO END: {node['Relation Name']}")
    return times, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def _nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
