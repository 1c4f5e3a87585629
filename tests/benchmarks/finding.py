"""Whether readers find things quickly among 100,000 articles: searches, lists, feeds, the sitemap and lost addresses.

    DATABASE_URL=postgres://… python tests/benchmarks/finding.py [ARTICLES]

Fills the empty database that DATABASE_URL names (default: SQLite in a temporary folder) with public articles of a few
paragraphs; one that this program has filled is taken as it is. Milliseconds of server time for a visitor, in turns with
the barest page of the site.
"""

import logging
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/finding.sqlite3")
os.environ |= {"DJANGO_SETTINGS_MODULE": "cms_site.settings", "ALLOWED_HOSTS": "testserver", "LIMITS": "0"}

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Body, Facet, Publication, Rendering, Revision
from articles.revisions.codec import compress
from articles.revisions.facets import language_values, month_of
from articles.revisions.indexing import index_words
from articles.search.spellings import record_spellings
from articles.text.page import POLICY_VERSION
from articles.text.unicode.tables import UNICODE_VERSION
from tests.benchmarks.figures import Figure, milliseconds, show

ROUNDS = 7
BATCH = 1_000
STARTED = datetime(2015, 1, 1, tzinfo=UTC)
SYLLABLES = "ka lo mi ren tas vu shel dor pin gra".split()
WORDS = [a + b + c for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]
LOST = "a lost address"
ADDRESSES = {
    "search, a word in one article": "/search/?q=single77777",
    "search, in a hundredth": "/search/?q=hundredth",
    "search, in a twentieth": "/search/?q=twentieth",
    "search, in all": "/search/?q=everywhere",
    "search, two words": "/search/?q=twentieth+hundredth",
    "search, a phrase": "/search/?q=%22everywhere+twentieth%22",
    "search, a prefix": "/search/?q=hundre*",
    "search, a prefix of a tenth": "/search/?q=single1*",
    "search, without a word": "/search/?q=hundredth+-twentieth",
    "search, by tag and language": "/search/?q=everywhere&tag=rare&language=de",
    "search, a month": "/search/?q=everywhere&from=2015-03-01&to=2015-03-31",
    "search, a typo": "/search/?q=hundredht",
    "home": "/",
    "a tag of half the articles": "/tags/common/",
    "a tag of a hundredth": "/tags/rare/",
    "all tags": "/tags/",
    "archive": "/archive/",
    "feed": "/feed/",
    "sitemap, the last part": "/sitemap-{last}.xml",
    LOST: "/articles/article-7777x/",
}


def text_of(n: int, chance: random.Random) -> str:
    words = chance.choices(WORDS, range(len(WORDS), 0, -1), k=180)
    words[60:60] = ["everywhere", *(["twentieth"] if n % 20 == 3 else [])]
    words += [f"single{n}", *(["hundredth"] if n % 100 == 3 else [])]
    return "\n\n".join(" ".join(words[start : start + 60]) + "." for start in range(0, len(words), 60)) + "\n"


def rows_of(n: int, writer: User, chance: random.Random) -> tuple[Article, Revision, str]:
    at = STARTED + timedelta(minutes=30 * n)
    article = Article(slug=f"article-{n}", first_published_at=at, published_at=at)
    tags = [*(["common"] if n % 2 else []), *(["rare"] if n % 100 == 3 else []), f"tag{n % 2_000}"]
    revision = Revision(
        article=article,
        number=1,
        title=f"Article {n} of {chance.choice(WORDS)}",
        slug=article.slug,
        language=chance.choice(["en", "en", "en", "de", "fr"]),
        tags=tags,
        author=writer,
        author_name=writer.username,
        created_at=at,
    )
    return article, revision, text_of(n, chance)


@transaction.atomic
def fill(articles: int) -> None:
    chance = random.Random(1)
    writers = User.objects.bulk_create([User(username=f"writer{n}") for n in range(50)])
    for start in range(0, articles, BATCH):
        rows = [
            rows_of(n, chance.choice(writers), chance) for n in range(start, min(start + BATCH, articles))
        ]
        Article.objects.bulk_create([article for article, _, _ in rows])
        for article, revision, text in rows:
            revision.article = article
            revision.sha256 = revision.checksum("", text)
            article.head_sha256 = revision.sha256
        Revision.objects.bulk_create([revision for _, revision, _ in rows])
        Body.objects.bulk_create([Body.holding(text, revision=r) for _, r, text in rows])
        Publication.objects.bulk_create(
            [
                Publication(revision=r, published_at=a.first_published_at, beginning=text[:200])
                for a, r, text in rows
            ]
        )
        Rendering.objects.bulk_create([rendering(revision, text) for _, revision, text in rows])
        for article, revision, _ in rows:
            article.latest_revision = article.published_revision = revision
        pointers = ["latest_revision", "published_revision", "head_sha256"]
        Article.objects.bulk_update([article for article, _, _ in rows], pointers, BATCH // 8)
        for article, revision, text in rows:
            facets = Facet.objects.bulk_create(facets_of(article, revision))
            index_words(article, revision, facets, text=text)
        record_spellings(text for _, _, text in rows)
        print(f"{start + BATCH:,}", end="\r", file=sys.stderr)


def facets_of(article: Article, revision: Revision) -> list[Facet]:
    at = article.first_published_at
    found = [
        *((Facet.Kind.TAG, tag) for tag in revision.tags),
        *((Facet.Kind.LANGUAGE, value) for value in language_values(revision.language)),
        (Facet.Kind.AUTHOR, revision.author_name),
        (Facet.Kind.MONTH, month_of(at)),
    ]
    return [Facet(article=article, kind=kind, value=value, name=value, at=at) for kind, value in found]


def rendering(revision: Revision, text: str) -> Rendering:
    page = "".join(f"<p>{paragraph}</p>\n" for paragraph in text.strip().split("\n\n"))
    return Rendering(
        revision=revision,
        kept_page=compress(page, beside=text.encode()),
        kept_removals=[],
        agreed=True,
        alerts=0,
        warnings=0,
        new_alerts=0,
        new_warnings=0,
        policy_version=POLICY_VERSION,
        unicode_version=UNICODE_VERSION,
    )


def figures() -> Iterator[Figure]:
    logging.disable(logging.WARNING)  # the lost address
    client = Client()

    def get(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == (404 if address == ADDRESSES[LOST] else 200), address

    number = Article.objects.count()
    for name, pattern in ADDRESSES.items():
        address = pattern.format(last=-(-number // 1_000))
        get(address)
        with CaptureQueriesContext(connection) as context:
            get(address)
        queries = len(context)
        pairs = [
            (milliseconds(lambda address=address: get(address)), milliseconds(lambda: get("/healthz")))
            for _ in range(ROUNDS)
        ]
        mine, bare = zip(*pairs, strict=True)
        what = f"{name}; {queries} {'query' if queries == 1 else 'queries'}"
        target = "at most 30 ms" if name.startswith("search") else ""
        yield Figure(f"finding, {number:,} articles", what, "ms", mine, "the barest page", bare, target)


def main() -> None:
    call_command("migrate", verbosity=0)
    if not Article.objects.exists():
        fill(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    show(figures())


if __name__ == "__main__":
    main()
