"""The moderators' queue with many pending reviews: first page, a page far down, filters, one item, and live risk.

    python tests/benchmarks/moderation.py [PENDING]

Prints queries and milliseconds of server time with many pending reviews (100,000 unless told otherwise) and, as the
baseline, with 100 (their queries in brackets); the barest page of the site comes first. The rows are made by bulk
insertion in a database of their own: that of `DATABASE_URL` with "test_" before its name, or SQLite in a temporary
folder; it is dropped at the end. The rows of live risk are those of the whole queue alone: a decision on one of an
author's many submissions, and an allowance that a tenth of them hang on, with the task that counts them.
"""

import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {"DJANGO_SETTINGS_MODULE": "cms_site.settings", "ALLOWED_HOSTS": "testserver"}
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/queue.sqlite3")

import django

django.setup()

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.runner import DiscoverRunner
from django.utils import timezone

from articles import workflow
from articles.models import Article, Body, LinkedHost, Rendering, Review, Revision, Sketch, Trait
from articles.moderation.indexing import index_waiting
from articles.tasks.running import work
from tests.benchmarks.figures import Figure, milliseconds, show, timed

BATCH, RUNS = 5_000, 15
LANGUAGES = ["en"] * 90 + ["de"] * 9 + ["fa"]
CAUSES = ["submitted"] * 60 + ["author"] * 20 + ["warning"] * 15 + ["alert"] * 4 + ["sanitizers"]
LETTER = "\N{CYRILLIC SMALL LETTER A}"  # in the Latin word of every tenth text
BUSY = 20  # every so many texts are by one author


def is_flagged(revision: Revision) -> bool:
    return revision.article_id % 10 == 0


def text_of(revision: Revision) -> str:
    host, word = (
        f"host-{revision.article_id % 50}.example",
        f"p{LETTER}per" if is_flagged(revision) else "text",
    )
    return f"The {word} of {revision.slug} is [short](https://{host}/).\n"


def fill(first: int, last: int, authors: list[User]) -> None:
    """Articles with one pending revision each, numbered from `first` up to, not including, `last`."""
    chance = random.Random(first)
    now = timezone.now()
    for start in range(first, last, BATCH):
        numbers = range(start, min(start + BATCH, last))
        articles = Article.objects.bulk_create(Article(slug=f"article-{n}") for n in numbers)
        revisions = [
            Revision(
                article=article,
                number=1,
                title=f"Article {article.slug}",
                slug=article.slug,
                language=chance.choice(LANGUAGES),
                author=(author := authors[0] if article.pk % BUSY == 1 else chance.choice(authors)),
                author_name=author.username,
                created_at=now,
            )
            for article in articles
        ]
        for revision in revisions:
            revision.sha256 = revision.checksum("", text_of(revision))
        Revision.objects.bulk_create(revisions)
        Body.objects.bulk_create(Body.holding(text_of(revision), revision=revision) for revision in revisions)
        Rendering.objects.bulk_create(
            Rendering(
                revision=revision,
                agreed=True,
                alerts=0,
                warnings=0,
                new_alerts=0,
                new_warnings=0,
                policy_version="1",
                unicode_version="18",
            )
            for revision in revisions
        )
        LinkedHost.objects.bulk_create(
            LinkedHost(article=article, host=f"host-{article.pk % 50}.example") for article in articles
        )
        Sketch.objects.bulk_create(
            Sketch(revision=r, kind=kind, value=value)
            for r in revisions
            for kind, values in {
                "wording": chance.sample(range(1 << 40), 4),
                "swaps": chance.sample(range(200), 4) if r.pk % 20 == 0 else [],
            }.items()
            for value in values
        )
        reviews = Review.objects.bulk_create(
            Review(
                revision=r,
                article_id=r.article_id,
                counts={"warnings": 1},
                facts=[["letter", "a", LETTER, 1, 4, ""]]
                if is_flagged(r)
                else [["new text", "", "", 6, None, ""]],
                causes=[cause := chance.choice(CAUSES)],
                cause=cause,
                risk=chance.randrange(500),
                risk_parts=[["warnings", 1, 6]],
                language=r.language,
                submitted_at=now,
            )
            for r in revisions
        )
        with transaction.atomic():
            for review in reviews:
                index_waiting(review, checks=["foreign-letter"] * is_flagged(review.revision))
        Trait.objects.bulk_create(
            Trait(review=review, kind=kind, value=value)
            for review in reviews
            for kind, value in [
                ("host", f"host-{review.revision.article_id % 50}.example"),
                *[("flagged", LETTER), ("flagged", f"p{LETTER}per")] * is_flagged(review.revision),
            ]
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def queries(act: Callable[[], object]) -> int:
    count = 0

    def counted(execute, *args):
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        act()
    return count


def measured(client: Client) -> dict[str, tuple[int, tuple[float, ...]]]:
    rows = list(Review.objects.pending().worst_first())
    middle, item = rows[len(rows) // 2], rows[len(rows) // 3]
    ids = ",".join(str(review.pk) for review in rows[:30])
    addresses = {
        "/healthz": "/healthz",
        "first page": "/moderation/",
        "next page": f"/moderation/?after={rows[29].risk},{rows[29].pk}",
        "a page in the middle": f"/moderation/?after={middle.risk},{middle.pk}",
        "the page before that": f"/moderation/?before={middle.risk},{middle.pk}",
        "filter: alerts": "/moderation/?cause=alert",
        "filter: a rare language": "/moderation/?language=fa",
        "filter: one author": "/moderation/?author=author7",
        "filter: nobody on it": "/moderation/?claim=nobody",
        "search, three found": "/moderation/?q=article-7",
        "live state": f"/moderation/live.json?ids={ids}",
        "one item": item.get_absolute_url(),
    }
    found = {}
    for name, url in addresses.items():
        answer = client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        found[name] = (
            queries(lambda url=url: client.get(url)),
            timed(lambda url=url: client.get(url), RUNS),
        )
    return found


def live_risk(moderator: User, author: User, busy: User) -> dict[str, tuple[float, ...]]:
    """Milliseconds of operations that others' rows hang on, and of the task for each row."""

    def decide(by: User) -> Callable[[], object]:
        reviews = Review.objects.pending().filter(revision__author=by).select_related("revision__article")
        rows = iter(list(reviews[: RUNS + 2]))
        return lambda: workflow.reject(next(rows), by=moderator, reason="No.")

    def count() -> tuple[float]:
        rows = Review.objects.to_count().count()
        return (milliseconds(lambda: work(until_idle=True)) / max(1, rows),)

    number, many = (Review.objects.pending().filter(revision__author=by).count() for by in (author, busy))
    found = {
        f"a decision, {number:,} more by its author": timed(decide(author), min(RUNS, number - 1)),
        f"a decision, {many:,} more by its author": timed(decide(busy), min(RUNS, many - 1)),
        "the task after that, a row": count(),
    }
    proposed = workflow.allow(
        LETTER, by=User.objects.create_superuser("second"), kind="character", scope="site", reason="Fine."
    )
    took = milliseconds(lambda: workflow.confirm_allowance(proposed, by=moderator))
    found[f"an allowance that reaches {Review.objects.to_count().count():,}"] = (took,)
    found["the task after that, a row, texts read again"] = count()
    assert not Review.objects.to_count().exists()
    return found


def main(pending: int) -> None:
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = f"{FOLDER.name}/queue.sqlite3"
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        authors = User.objects.bulk_create(User(username=f"author{n}") for n in range(1_000))
        client = Client()
        moderator = User.objects.create_superuser("moderator")
        client.force_login(moderator)
        fill(0, 100, authors)
        few = measured(client)
        fill(100, pending, authors)
        many = measured(client)
        live = live_risk(moderator, authors[7], authors[0])
    finally:
        runner.teardown_databases(databases)
    show(
        Figure(
            f"queue, {pending:,} pending, {connection.vendor}",
            f"{name}, {many[name][0]} queries ({count})",
            "ms",
            many[name][1],
            "100 pending",
            took,
            "under 50 ms" if name in {"first page", "next page"} else "",
        )
        for name, (count, took) in few.items()
    )
    show(
        Figure(f"live risk, {pending:,} pending, {connection.vendor}", name, "ms", took)
        for name, took in live.items()
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
