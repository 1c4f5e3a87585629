"""Whether the newsroom's list stays quick at 100,000 articles: each filter, search and page of it.

    DATABASE_URL=postgres://… python tests/benchmarks/listing.py [ARTICLES]

Fills the empty database that DATABASE_URL names (default: SQLite in a temporary folder) with articles of two versions
and made-up words, without their texts; one that this program has filled is taken as it is. Most are public, some wait,
were returned, unpublished or archived; some words, tags and authors are common and some rare. Prints the milliseconds
that the database takes for each page, the queries, and how many articles the page counts.
"""

import os
import random
import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/list.sqlite3")
os.environ |= {"DJANGO_SETTINGS_MODULE": "cms_site.settings", "ALLOWED_HOSTS": "testserver", "LIMITS": "0"}

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment

from articles import workflow
from articles.models import Article, Publication, Rendering, Review, Revision
from articles.revisions.indexing import LATEST
from articles.search import index
from articles.search.words import words_of
from articles.text.content.tags import fold_tag

LIST = "/admin/articles/article/"
ROUNDS = 3
BATCH = 2_000
STARTED = datetime(2020, 1, 1, tzinfo=UTC)
LANGUAGES = ["en"] * 6 + ["de", "fr", "ar", "uk"]
WORDS = [f"word{n}" for n in range(400)]

PAGES = {
    "the list": "",
    "page 2": "p=2",
    "page 20": "p=20",
    "by edited": "o=6",
    **{state: f"state={state}" for state in ("public", *workflow.State.values)},
    "language, common": "language=en",
    "language, rare": "language=tlh",
    "flagged": "flagged=yes",
    "not flagged": "flagged=no",
    "author, common": "author=writer0",
    "author, rare": "author=writer19",
    "mine, any": "mine=any",
    "tag, most": "tag=tag0",
    "tag, a tenth": "tag=tag1",
    "tag, a hundredth": "tag=tag2",
    "tag, one": "tag=tag99999",
    "search, all": "q=everywhere",
    "search, most": "q=everywhere+mostly",
    "search, a letter": "q=w",
    "search, a twentieth": "q=twentieth",
    "search, a hundredth": "q=hundredth",
    "search, one": "q=single77777",
    "search in a state": "q=everywhere&state=waiting",
    "tag in a state": "tag=tag0&state=draft",
    "author in a language": "author=writer19&language=de",
}


def two_revisions(n: int, article: Article, writer: User, chance: random.Random) -> list[Revision]:
    shares = (("tag0", 0.6), ("tag1", 0.1), ("tag2", 0.01))
    tags = [f"tag{n}", *(tag for tag, share in shares if chance.random() < share)]
    language = "tlh" if n % 20_000 == 7 else chance.choice(LANGUAGES)
    return [
        Revision(
            article=article,
            number=number,
            title=f"Article {n}",
            slug=article.slug,
            language=language,
            tags=tags,
            author=writer,
            author_name=writer.username,
            created_at=STARTED + timedelta(minutes=n),
            sha256="0" * 64,
        )
        for number in (1, 2)
    ]


def words_of_number(n: int, chance: random.Random) -> list[str]:
    words = [*chance.choices(WORDS, range(len(WORDS), 0, -1), k=60), "everywhere", f"single{n}"]
    words += [word for word in ("mostly",) if chance.random() < 0.9]
    words += ["twentieth"] if n % 20 == 3 else []
    return [*words, "hundredth"] if n % 100 == 3 else words


def rendering(n: int, revision: Revision) -> Rendering:
    counts = {"alerts": int(n % 100 == 5), "warnings": 0, "new_alerts": 0, "new_warnings": 0}
    return Rendering(revision=revision, agreed=True, policy_version="1", unicode_version="17", **counts)


def state_of_number(n: int) -> str:
    """Return the state that an article gets: eight of ten are published."""
    kind = n % 100
    for limit, state in ((80, "published"), (85, "draft"), (92, "draft after live"), (93, "waiting")):
        if kind < limit:
            return state
    for limit, state in ((95, "changes requested"), (97, "unpublished"), (99, "archived")):
        if kind < limit:
            return state
    return "approved" if n % 1000 == 99 else "draft"


@transaction.atomic
def fill(articles: int) -> None:
    chance = random.Random(1)
    writers = User.objects.bulk_create([User(username=f"writer{n}", is_staff=True) for n in range(20)])
    weights = [1 / (n + 1) ** 2 for n in range(20)]
    for start in range(0, articles, BATCH):
        numbers = range(start, min(start + BATCH, articles))
        rows = Article.objects.bulk_create(
            [Article(slug=f"article-{n}", head_sha256="0" * 64) for n in numbers]
        )
        revisions: list[Revision] = []
        for n, article in zip(numbers, rows, strict=True):
            revisions += two_revisions(n, article, chance.choices(writers, weights)[0], chance)
        Revision.objects.bulk_create(revisions)
        renderings, publications, reviews = [], [], []

        def reviewed(revision, state, at):
            done = None if state == "pending" else at
            return Review(
                revision=revision,
                article_id=revision.article_id,
                state=state,
                submitted_at=at,
                decided_at=done,
                decided_by_name="x",
            )

        for n, article, first, second in zip(numbers, rows, revisions[::2], revisions[1::2], strict=True):
            at = second.created_at
            article.latest_revision = second
            state = state_of_number(n)
            if state in ("published", "unpublished"):
                publications.append(Publication(revision=second, published_at=at))
                reviews.append(reviewed(second, "approved", at))
                if n % 5 == 0:
                    reviews.append(reviewed(first, "rejected", at))
            if state == "draft after live":
                publications.append(Publication(revision=first, published_at=at))
            if state in ("changes requested", "approved", "waiting"):
                reviews.append(reviewed(second, "pending" if state == "waiting" else state, at))
            article.published_revision = {"published": second, "draft after live": first}.get(state)
            article.published_at = at if article.published_revision else None
            article.archived_at = at if state == "archived" else None
            renderings += [rendering(n, revision) for revision in (first, second)]
            words = words_of_number(n, chance)
            texts = [words_of(" ".join(words))]
            index.put(LATEST, article.pk, [*texts, *([index.label(fold_tag(tag))] for tag in second.tags)])
        Article.objects.bulk_update(
            rows, ["latest_revision", "published_revision", "published_at", "archived_at"], BATCH // 8
        )
        Rendering.objects.bulk_create(renderings)
        Publication.objects.bulk_create(publications)
        Review.objects.bulk_create(reviews)
        print(f"{numbers[-1] + 1:,}", end="\r", file=sys.stderr)


def main() -> None:
    call_command("migrate", verbosity=0)
    person, _ = User.objects.get_or_create(username="person", is_staff=True, is_superuser=True)
    if not Article.objects.exists():
        fill(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    setup_test_environment()
    client = Client()
    client.force_login(person)
    print(f"{Article.objects.count():,} articles, {connection.vendor}\n")
    print("| Page | Queries | Database, ms | Slowest query, ms | Articles |\n|---|---:|---:|---:|---:|")
    for name, query in PAGES.items():
        times, slowest = [], []
        for _ in range(ROUNDS):
            with CaptureQueriesContext(connection) as queries:
                response = client.get(f"{LIST}?{query}")
            each = [1000 * float(query["time"]) for query in queries]
            times.append(sum(each))
            slowest.append(max(each))
        count = response.context["cl"].result_count
        total, worst = statistics.median(times), statistics.median(slowest)
        print(f"| {name} | {len(queries)} | {total:.0f} | {worst:.0f} | {count:,} |", flush=True)


if __name__ == "__main__":
    main()
