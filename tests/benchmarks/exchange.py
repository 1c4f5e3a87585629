"""What taking a site along takes: made-up articles with histories, exported in every format, twice.

    python tests/benchmarks/exchange.py [ARTICLES] [VERSIONS]

Prints versions (commits) or files a second, and how much memory an export of ten times the versions takes beside that.
Uses SQLite in a temporary folder, or the empty database that DATABASE_URL names on PostgreSQL.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/exchange.sqlite3")
os.environ |= {"DJANGO_SETTINGS_MODULE": "cms_site.settings"}

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from articles.exchange.exports.exporting import Format
from articles.models import Revision
from tests.benchmarks.figures import Figure, show

LABELS = {
    Format.GIT: "commits",
    Format.FOLDER: "files",
    Format.JSONL: "versions",
    Format.HTML: "files",
}


def export(format: Format, folder: Path) -> tuple[int, float, int]:
    """Export in a process of its own; return what it wrote, how many seconds it took, and its memory in bytes."""
    command = [sys.executable, "manage.py", "export_articles", str(folder), "--format", format.value]
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
    )
    seconds = time.perf_counter() - start
    return int(done.stdout.split()[-3].replace(",", "")), seconds, _largest_child()


def _largest_child() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def exports(articles: int, versions: int) -> Iterator[Figure]:
    area = f"exchange, {connection.vendor}"
    call_command("migrate", verbosity=0)
    call_command("seed", articles=articles, revisions=versions, seed=1, stdout=sys.stderr)
    told = f"{Revision.objects.count():,} versions of {articles:,} articles"
    for format, label in LABELS.items():
        folder = Path(FOLDER.name, format.value)
        number, seconds, _memory = export(format, folder)
        yield Figure(area, f"{told}, as {format.value}: {label} a second", "/s", (number / seconds,))
        print(f"{format.value}: {number:,} {label}, {seconds:.1f} s, {size(folder):,} bytes", file=sys.stderr)
        number, again, _memory = export(format, folder)
        assert number == 0
        yield Figure(area, f"the same again, nothing new, as {format.value}", "ms", (1000 * again,))
    yield Figure(area, "the most memory of an export", "MB", (_largest_child() / 1e6,))


if __name__ == "__main__":
    numbers = [int(number) for number in sys.argv[1:]] or [500, 5_000]
    show(exports(*numbers))
