"""Bringing in a git wiki: versions a second, and the most memory that the process had.

    python tests/benchmarks/importing.py [VERSIONS]

The wiki has pages of 100 versions of 2 kB each, in which one word differs from the version before. The same repository
is brought in a second time, when nothing is new. Uses SQLite in a temporary folder, or the empty database that
DATABASE_URL names on PostgreSQL.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/importing.sqlite3")
os.environ["DJANGO_SETTINGS_MODULE"] = "cms_site.settings"

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from articles.demo.seeding import WORDS
from articles.exchange.imports.choosing import Wishes, opened_source
from articles.exchange.imports.destination import Destination
from articles.exchange.imports.importing import Import
from articles.exchange.imports.reporting import Report
from articles.models import Revision
from articles.workflow import ImportState
from tests.benchmarks.figures import Figure, show
from tests.exchange.imports.importing import Wiki

PAGES_OF = 100  # versions
BYTES = 2_000


def text(page: int, version: int) -> str:
    """A text of some `BYTES`, in which one word tells the version."""
    words = [WORDS[(page * 7 + place * 3) % len(WORDS)] for place in range(BYTES // 5)]
    words[(version * 13) % len(words)] = f"{WORDS[version % len(WORDS)]}-{version}"
    lines = [" ".join(words[start : start + 40]).capitalize() for start in range(0, len(words), 40)]
    return ".\n\n".join(lines) + ".\n"


def write_wiki(folder: Path, versions: int) -> Path:
    wiki = Wiki(folder)
    for number in range(versions):
        page, version = number % (versions // PAGES_OF or 1), number // (versions // PAGES_OF or 1)
        wiki.commit(f"version {version}", files={f"Page-{page}.md": text(page, version)})
    return folder


def bring_in(path: Path, by: User) -> tuple[float, float, Report]:
    """Seconds by the clock, seconds of this process, and the report."""
    report = Report()
    started, busy = time.perf_counter(), time.process_time()
    with opened_source(path, report, Wishes()) as source:
        Import(source, Destination(by=by, report=report), ImportState.DRAFT, "en").run()
    return time.perf_counter() - started, time.process_time() - busy, report


def main() -> None:
    versions = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    call_command("migrate", verbosity=0)
    by = User.objects.create_superuser("importer")
    path = write_wiki(Path(FOLDER.name) / "wiki.git", versions)
    seconds, busy, report = bring_in(path, by)
    assert report.versions == Revision.objects.count() == versions, report
    again, _, _ = bring_in(path, by)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    area = f"import, {connection.vendor}"
    target = "at least 200" if connection.vendor == "postgresql" else ""
    show(
        [
            Figure(
                area,
                f"{versions:,} versions of 2 kB",
                "versions a second",
                (versions / seconds,),
                target=target,
            ),
            Figure(area, "the same, of the processor's time", "versions a second", (versions / busy,)),
            Figure(area, "the same again, nothing new", "s", (again,)),
            Figure(area, "most memory of the process", "MB", (megabytes,)),
        ]
    )


if __name__ == "__main__":
    main()
