"""What a seal costs: bytes an entry, entries sealed and verified a second, and what a save pays for it.

    python tests/benchmarks/seals.py [ARTICLES [REVISIONS]]

Fills a site with made-up articles, seals it, and verifies it. Then saves one article again and again, in turns with and
without seals made in between. Uses SQLite in a temporary folder, or the empty database that DATABASE_URL names on
PostgreSQL.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/seals.sqlite3")
os.environ |= {"DJANGO_SETTINGS_MODULE": "cms_site.settings", "SEAL_KEY": "A" * 43 + "="}

import django

django.setup()

from statistics import median

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from articles import workflow
from articles.seals.checkpoints import checkpoint_of, sign_checkpoint, signing_key
from articles.seals.comparing import seal_faults
from articles.seals.sequencing import seal_new
from articles.text.content import Content
from tests.benchmarks.figures import Figure, show
from tests.benchmarks.storage import sizes

ROUNDS, SAVES = 10, 30


def sealed_bytes() -> int:
    return sum(sum(size) for table, size in sizes().items() if "seal" in table)


def save_times(*, by: User) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the medians of rounds in milliseconds, of saves without a seal before, and right after one."""
    times: dict[bool, list[float]] = {False: [], True: []}
    articles = {}
    for is_sealed in (False, True):
        first = Content(title="A", slug=f"a{is_sealed:d}", language="en", source="Text. " * 500)
        articles[is_sealed] = workflow.save_revision(None, by=by, content=first).article
    number = 1
    for _ in range(ROUNDS):
        for is_sealed, article in articles.items():
            if is_sealed:
                sum(seal_new())
            spent = []
            for step in range(SAVES):
                source = "Text. " * 500 + f"{number} {step}"
                content = Content(title="A", slug=article.slug, language="en", source=source)
                begun = time.perf_counter()
                workflow.save_revision(article, by=by, content=content, base=number + step)
                spent.append(1000 * (time.perf_counter() - begun))
            times[is_sealed].append(median(spent))
        number += SAVES
    return tuple(times[False]), tuple(times[True])


def main() -> None:
    articles, revisions = (int(given) for given in [*sys.argv[1:], "1000", "20000"][:2])
    call_command("migrate", verbosity=0)
    call_command("seed", articles=articles, revisions=revisions, verbosity=0)
    before = sealed_bytes()
    begun = time.perf_counter()
    entries = sum(seal_new())
    sealing = time.perf_counter() - begun
    each = (sealed_bytes() - before) / entries
    checkpoint = checkpoint_of(sign_checkpoint(signing_key()))
    begun = time.perf_counter()
    again = sum(seal_new())
    nothing = time.perf_counter() - begun
    begun = time.perf_counter()
    faults = list(seal_faults([checkpoint], tell=lambda count: None))
    verifying = time.perf_counter() - begun
    assert not again
    assert not faults, faults
    plain, sealed = save_times(by=User.objects.create_user("bench", is_superuser=True))
    area, on = "seals", connection.vendor
    show(
        [
            Figure(area, f"sealing on {on}", "entries a second", (entries / sealing,)),
            Figure(area, f"verifying on {on}", "entries a second", (entries / verifying,)),
            Figure(
                area, f"an entry with its part of the tree on {on}", "bytes", (each,), target="at most 62"
            ),
            Figure(area, f"a call that finds nothing new among {entries:,} on {on}", "ms", (1000 * nothing,)),
            Figure(
                area,
                f"a save on {on}",
                "ms",
                sealed,
                against="nothing is ever sealed",
                baseline=plain,
                target="at most 1.05",
            ),
        ]
    )


if __name__ == "__main__":
    main()
