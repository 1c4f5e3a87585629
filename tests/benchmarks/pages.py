"""What a person waits for: saving, the published page, history and comparisons of an article of a thousand versions.

    python tests/benchmarks/pages.py TEXT.md [VERSIONS]

Prints queries and milliseconds of server time (the median of seven) for each, and as a ratio to the barest page of the
site, in the same run. The database is made in a temporary folder and thrown away.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "cms_site.settings",
    "DATABASE_URL": f"sqlite:///{FOLDER.name}/pages.sqlite3",
    "ALLOWED_HOSTS": "testserver",
}

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from articles import workflow
from articles.text.content import Content


def median_ms(act: Callable[[], object]) -> float:
    times = []
    for _ in range(7):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def queries(act: Callable[[], object]) -> int:
    count = 0

    def counted(execute, *args):
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        act()
    return count


def main(path: str, versions: int) -> None:
    call_command("migrate", verbosity=0)
    person = User.objects.create_superuser("person")
    text = Path(path).read_text()
    words = text.split(" ")
    content = Content(title="Article", slug="article", source=text)
    revision = workflow.save_revision(None, by=person, content=content)
    start = time.perf_counter()
    for n in range(versions):
        words[n % len(words)] = f"word{n}"
        content = Content(title="Article", slug="article", source=" ".join(words))
        revision = workflow.save_revision(revision.article, by=person, content=content, base=revision.number)
    saving = 1000 * (time.perf_counter() - start) / versions
    reviewer = User.objects.create_superuser("reviewer")
    workflow.approve(workflow.submit(revision, by=person), by=reviewer)

    client = Client()
    client.force_login(person)
    bare = median_ms(lambda: client.get("/healthz"))
    last = revision.number
    print(f"{versions} versions of {len(text):,} characters; a save takes {saving:.1f} ms")
    print(f"{'page':<34}{'queries':>8}{'ms':>8}{'times /healthz':>16}")
    for name, url in {
        "published": "/articles/article/",
        "published, escaped": "/articles/article/?escape=1",
        "history": "/articles/article/history/",
        "comparison with the one before": f"/articles/article/compare/{last - 1}..{last}/",
        "comparison, side by side": f"/articles/article/compare/{last - 1}..{last}/?view=side",
        "comparison, first with last": f"/articles/article/compare/1..{last}/",
        "editor": f"/admin/articles/article/{revision.article_id}/change/",
        "list in the admin": "/admin/articles/article/",
        "queue": "/moderation/",
    }.items():
        answer = client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        took = median_ms(lambda url=url: client.get(url))
        print(f"{name:<34}{queries(lambda url=url: client.get(url)):>8}{took:>8.1f}{took / bare:>16.1f}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
