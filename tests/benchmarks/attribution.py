"""What it costs to know who wrote what: 10,000 edits of one word each, attributed as those of an older release.

    python tests/benchmarks/attribution.py TEXT.md [VERSIONS]

Prints bytes and processor time a version, and the processor time of asking for versions all over the history. Uses
SQLite in a temporary folder, or the empty database that DATABASE_URL names on PostgreSQL.
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
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/attribution.sqlite3")
os.environ["DJANGO_SETTINGS_MODULE"] = "cms_site.settings"

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction

from articles.models import Article, Attribution, Revision
from articles.revisions.attributing import attribute_missing
from articles.revisions.authorship import versions_of_characters
from articles.revisions.writing import write_revision
from articles.text.content import Content
from articles.text.content.bylines import split_page
from articles.text.page import sanitize
from tests.benchmarks.figures import Figure, show
from tests.benchmarks.storage import sizes, vacuum


def write_history(text: str, versions: int) -> Article:
    """Write versions without attribution, in one transaction."""
    person = User.objects.create_superuser("person")
    words, chance = text.split(" "), random.Random(1)
    content = Content(title="An article", slug="an-article", source=text, summary="One word")
    with transaction.atomic():
        article = Article.objects.create(slug="an-article")
        latest = None
        for n in range(versions):
            latest = write_revision(article, latest, by=person, content=content)
            words[chance.randrange(len(words))] = f"word{n}"
            content = replace(content, source=" ".join(words))
    return article


def asking_ms(article: Article, numbers: list[int]) -> tuple[float, ...]:
    times = []
    for number in numbers:
        start = time.process_time()
        assert Attribution.objects.origins(article.pk, number)
        times.append(1000 * (time.process_time() - start))
    return tuple(times)


def figures(path: str, versions: int) -> Iterator[Figure]:
    call_command("migrate", verbosity=0)
    text = Path(path).read_text()
    article = write_history(text, versions)
    start = time.process_time()
    while not attribute_missing(article).is_complete:
        pass
    each = 1000 * (time.process_time() - start) / versions
    area = f"attribution, {connection.vendor}"
    what = f"{versions:,} versions of {len(text.encode()):,} bytes"
    yield Figure(area, f"{what}: attributing one", "ms", (each,))
    vacuum()
    size = sum(sizes().get("articles_attribution", (0, 0)))
    yield Figure(area, "the stored attribution of one", "bytes", (size / versions,), target="at most 74")
    numbers = random.Random(2).sample(range(1, versions + 1), min(versions, 200))
    yield Figure(
        area, "asking for the attribution of one", "ms", asking_ms(article, numbers), target="under 20 ms"
    )
    revision = Revision.objects.with_text().get(article=article, number=versions)
    page, person = sanitize(revision.source).html, User.objects.get()
    times = []
    for _ in range(5):
        start = time.process_time()
        versions_of_page = versions_of_characters(revision, seen_by=person)
        assert versions_of_page
        split_page(page, revision.source, versions_of_page)
        times.append(1000 * (time.process_time() - start))
    yield Figure(area, "cutting the page of the last into its stretches", "ms", tuple(times))


if __name__ == "__main__":
    show(figures(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000))
