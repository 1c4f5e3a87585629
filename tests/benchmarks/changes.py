"""What went live, with many entries: first page, a page far down, every filter, the feed, and what is watched.

    python tests/benchmarks/changes.py [CHANGES]

Prints queries and milliseconds of server time with many live changes (100,000 unless told otherwise), nine of ten
looked at, and, as the baseline, with 100 (their queries in brackets). The rows are made by bulk insertion in a
database of their own, as in `moderation.py`.
"""

import os
import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {"DJANGO_SETTINGS_MODULE": "cms_site.settings", "ALLOWED_HOSTS": "testserver", "LIMITS": "0"}
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/changes.sqlite3")

import django

django.setup()

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.runner import DiscoverRunner
from django.utils import timezone

from articles import workflow
from articles.models import Article, IntroducedFinding, LiveChange, Publication, Revision, Watch
from tests.benchmarks.figures import Figure, show, timed
from tests.benchmarks.moderation import BATCH, LANGUAGES, RUNS, queries

VERSIONS = 4  # of an article, each of which went live


def fill(first: int, last: int, authors: list[User]) -> None:
    """Articles with `VERSIONS` versions that went live; changes from `first` up to, not including, `last`."""
    chance, now = random.Random(first), timezone.now()
    for start in range(first, last, BATCH):
        numbers = range(start, min(start + BATCH, last), VERSIONS)
        articles = Article.objects.bulk_create(Article(slug=f"article-{n}") for n in numbers)
        before: list[Revision | None] = [None] * len(articles)
        for number in range(1, VERSIONS + 1):
            revisions = [
                Revision(
                    article=article,
                    number=number,
                    based_on=older,
                    title=f"Article {article.slug}",
                    slug=article.slug,
                    language=chance.choice(LANGUAGES),
                    author=(author := chance.choice(authors)),
                    author_name=author.username,
                    created_at=now,
                    sha256="00" * 32,
                )
                for article, older in zip(articles, before, strict=True)
            ]
            Revision.objects.bulk_create(revisions)
            Publication.objects.bulk_create(
                Publication(revision=revision, published_at=now) for revision in revisions
            )
            flagged = [revision for revision in revisions if chance.random() < 0.05]
            findings = IntroducedFinding.objects.bulk_create(
                IntroducedFinding(
                    revision=revision,
                    field="source",
                    check_id="mixed-script",
                    severity="warning",
                    start=0,
                    end=1,
                    text="\u0430",
                    meant="a",
                    where="prose",
                    message="odd",
                )
                for revision in flagged
            )
            worst = {finding.revision_id: finding for finding in findings}
            LiveChange.objects.bulk_create(
                LiveChange(
                    article=revision.article,
                    revision=revision,
                    before=older,
                    at=(at := now - timedelta(seconds=chance.randrange(10_000_000))),
                    how="direct",
                    by_name="moderator",
                    author=revision.author,
                    language=revision.language,
                    alerts=0,
                    warnings=int(revision.pk in worst),
                    worst=worst.get(revision.pk),
                    added=10,
                    removed=2,
                    told_at=at,
                    **({"seen_by_name": "x", "seen_at": at} if chance.random() < 0.9 else {}),
                )
                for revision, older in zip(revisions, before, strict=True)
            )
            before = list(revisions)
        for article, live in zip(articles, before, strict=True):
            article.published_revision = article.latest_revision = live
        Article.objects.bulk_update(articles, ["published_revision", "latest_revision"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measured(client: Client, token: str) -> dict[str, tuple[int, tuple[float, ...]]]:
    rows = list(LiveChange.objects.order_by("-at", "-pk").values_list("at", "pk"))
    place = "{},{}".format(*rows[len(rows) // 2]).replace("+", "%2B").replace(" ", "T", 1)
    list_ = "/moderation/changes/"
    addresses = {
        "/healthz": "/healthz",
        "first page": list_,
        "a page in the middle": f"{list_}?after={place}",
        "the page before that": f"{list_}?before={place}",
        "filter: not looked at": f"{list_}?unseen=on",
        "filter: with odd characters": f"{list_}?flagged=on",
        "filter: not looked at, odd": f"{list_}?unseen=on&flagged=on",
        "filter: watched, of ten articles": f"{list_}?watched=on",
        "filter: new articles": f"{list_}?new=on",
        "filter: one author": f"{list_}?author=author7",
        "filter: a rare language": f"{list_}?language=fa",
        "filter: since a day": f"{list_}?since={rows[len(rows) // 100][0]:%Y-%m-%d}",
        "watched": "/moderation/watched/",
        "feed": f"/moderation/changes.atom?token={token}",
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


def main(changes: int) -> None:
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = f"{FOLDER.name}/changes.sqlite3"
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        authors = [User.objects.create(username=f"author{n}") for n in range(1_000)]
        moderator = User.objects.create_superuser("moderator")
        token = workflow.renew_feed(by=moderator)
        client = Client()
        client.force_login(moderator)
        fill(0, 100, authors)
        few = measured(client, token)
        fill(100, changes, authors)
        Watch.objects.bulk_create(
            Watch(account=moderator, article=article, since=timezone.now())
            for article in Article.objects.order_by("pk")[50:60]
        )
        many = measured(client, token)
    finally:
        runner.teardown_databases(databases)
    show(
        Figure(
            f"went live, {changes:,} changes, {connection.vendor}",
            f"{name}, {many[name][0]} queries ({count})",
            "ms",
            many[name][1],
            "100 changes",
            took,
            "under 50 ms" if name in {"first page", "a page in the middle", "filter: not looked at"} else "",
        )
        for name, (count, took) in few.items()
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
