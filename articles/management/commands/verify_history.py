from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.models import Prefetch, QuerySet

from articles.management.progress import Progress
from articles.management.selection import add_slugs, select_articles
from articles.models import Article, DamagedText, Rendering, Revision, UnknownFormat
from articles.operations.verifying import CHUNK, history_faults
from articles.proofs.notes import Checkpoint, VerifierKey
from articles.seals.agreement import agreement_faults
from articles.seals.checkpoints import signing_key
from articles.seals.comparing import seal_faults
from articles.seals.errors import SealError
from articles.seals.witnesses import read_checkpoints, read_key
from articles.text.page import POLICY_VERSION
from cms_site.environment import describe_database

MOST_LINES = 1000
UNEXPECTED = {
    False: "{database} holds no article. Name another in DATABASE_URL, or say --empty if that is right.",
    True: "{database} holds articles, though --empty says that there is none.",
}


class Command(BaseCommand):
    help = (
        "Verify by the chained checksums that no version was altered, removed, added or moved."
        " With --pages, also compare each stored page with a page made anew from its source."
        " With --against, also prove that all that a checkpoint sealed is still there, unaltered and in order."
        " Ends with 0 if all is whole, 1 if something is damaged,"
        " 2 on an error or if a checksum has a format that this release does not know."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_slugs(parser)
        parser.add_argument(
            "--pages", action="store_true", help="compare the stored pages of all versions with their sources"
        )
        parser.add_argument(
            "--against",
            metavar="SOURCE",
            help="checkpoint file, folder of checkpoints, or URL of a site whose /seal/checkpoint is asked for",
        )
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help="key that may have signed, as /seal/key shows it; may be repeated (default: that of SEAL_KEY)",
        )
        parser.add_argument("--empty", action="store_true", help="expect a database that holds no article")

    def handle(
        self,
        *,
        slugs: list[str],
        pages: bool,
        against: str | None,
        key: list[str],
        empty: bool,
        **options: Any,
    ) -> None:
        if slugs and against:
            raise CommandError("--against looks at all articles. Name none.", returncode=2)
        try:
            checkpoints = read_checkpoints(against, _keys(key)) if against else []
        except SealError as error:
            raise CommandError(str(error), returncode=2) from None
        articles = select_articles(slugs).order_by("slug")
        if empty == articles.exists():
            raise CommandError(UNEXPECTED[empty].format(database=describe_database(connection)), returncode=2)
        self.reported: set[tuple[str, int]] = set()  # slug and number of each revision with a fault
        self.told = 0  # faults of chains
        self.unknown = 0  # revisions whose checksum has an unknown format
        is_whole = self._verify_chains(articles)
        if pages:
            is_whole &= self._verify_pages(articles)
        if checkpoints:
            is_whole &= self._verify_seals(checkpoints)
        if not is_whole:
            raise SystemExit(1)
        if self.unknown:
            raise SystemExit(2)

    def _verify_chains(self, articles: QuerySet[Article]) -> bool:
        """Print each fault in the articles' chains; return whether there is no damage."""
        damaged = count = 0
        progress = Progress(self.stdout, articles.count(), "articles are verified")
        for article in articles.iterator():
            progress.tell(count)
            count += 1
            is_whole = True
            for number, fault, is_damage in history_faults(article):
                progress.end()
                self._tell(f"{article.slug}: version {number}: {fault}")
                self.reported.add((article.slug, number))
                self.unknown += not is_damage
                is_whole &= not is_damage
            damaged += not is_whole
        progress.end()
        if self.told > MOST_LINES:
            self.stdout.write(f"And {self.told - MOST_LINES:,} further faults.")
        if damaged:
            self.stdout.write(f"Articles that are damaged: {damaged} of {count}.")
        if self.unknown:
            self.stdout.write(f"Versions that cannot be verified by this release: {self.unknown}.")
        if not damaged and not self.unknown:
            self.stdout.write(f"Articles: {count}. Every version is whole and in its place.")
        return not damaged

    def _tell(self, line: str) -> None:
        """Print a fault of a chain; after `MOST_LINES`, only count it."""
        self.told += 1
        if self.told <= MOST_LINES:
            self.stdout.write(line)

    def _verify_seals(self, checkpoints: list[Checkpoint]) -> bool:
        """Print what differs from what was sealed; return whether nothing does."""
        size = checkpoints[-1].size
        progress = Progress(self.stdout, size, "sealed entries are compared")
        is_whole = True
        for fault in chain(seal_faults(checkpoints, tell=progress.tell), agreement_faults()):
            progress.end()
            self.stdout.write(fault)
            is_whole = False
        progress.end()
        if is_whole:
            self.stdout.write(
                f"Checkpoints: {len(checkpoints):,}, the newest of {size:,} entries."
                " All that was sealed is there, unaltered and in order."
            )
        return is_whole

    def _verify_pages(self, articles: QuerySet[Article]) -> bool:
        """Print each fault in the stored pages; return whether all pages and texts are whole."""
        revisions = Revision.objects.filter(article__in=articles)
        progress = Progress(self.stdout, revisions.count(), "pages are compared")
        wrong = damaged = 0
        by_policy: Counter[str] = Counter()
        newest_first = Prefetch("renderings", Rendering.objects.order_by("-pk"))
        in_order = revisions.with_text().prefetch_related(newest_first).order_by("article__slug", "number")
        for done, revision in enumerate(in_order.iterator(chunk_size=CHUNK)):
            progress.tell(done)
            renderings = list(revision.renderings.all())
            try:
                faults = list(page_faults(renderings))
            except UnknownFormat:
                continue  # `_verify_chains` has counted it
            except DamagedText as damage:
                damaged += 1
                if (revision.article.slug, revision.number) not in self.reported:
                    progress.end()
                    self.stdout.write(str(damage))
                continue
            for fault in faults:
                progress.end()
                self.stdout.write(f"{revision.article.slug}: version {revision.number}: {fault}")
            wrong += bool(faults)
            by_policy.update(rendering.policy_version for rendering in renderings[:1])
        compared = by_policy.pop(POLICY_VERSION, 0)
        progress.end()
        for policy, count in sorted(by_policy.items()):
            self.stdout.write(
                f"Pages made by policy {policy}: {count:,}; `manage.py resanitize` makes them anew."
            )
        told = f"Pages of policy {POLICY_VERSION}, compared with their sources: {compared:,}."
        if wrong:
            self.stdout.write(f"{told} Wrong pages: {wrong:,}; `manage.py resanitize` makes them anew.")
        else:
            self.stdout.write(f"{told} Every one is what its source gives.")
        return not wrong and not damaged


def _keys(texts: list[str]) -> list[VerifierKey]:
    """Return the keys named, and that of the site if it has one. Raises `SealError`."""
    own = [signing_key().verifier] if settings.SEAL_KEY else []
    return [*own, *map(read_key, texts)]


def page_faults(renderings: list[Rendering]) -> Iterator[str]:
    """Yield what is wrong with the renderings of a revision, given newest first.

    Compare the renderings of the present policy with a page made anew. If the newest one, which readers get, is of
    another policy, only require that its page can be read. Raises `DamagedText` if the text is damaged.
    """
    if not renderings:
        yield "has lost its rendering; restore it from a backup"
        return
    newest = renderings[0]
    if newest.policy_version != POLICY_VERSION and (damage := newest.damage):
        yield f"its page of policy {newest.policy_version} has {damage}"
    for rendering in renderings:
        if rendering.policy_version != POLICY_VERSION:
            continue
        if differences := rendering.differences(newest.made_again):
            names = ", ".join(differences)
            yield f"its page of policy {POLICY_VERSION} is not what its source gives: {names}"
