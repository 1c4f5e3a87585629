from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Prefetch

from articles.management.progress import Progress
from articles.models import Article, DamagedText, Rendering, Revision, UnknownFormat
from articles.text.page import POLICY_VERSION

CHUNK = 20  # versions in memory at a time, each with the compressed text that it leans on


class Command(BaseCommand):
    help = (
        "Prove from the chained checksums that no version was altered, removed, added or put elsewhere."
        " With --pages, compare also each stored page with what its source gives."
        " Ends with 0 when all is whole, 1 when something is damaged,"
        " 2 on an error or when a checksum has a format that this release does not know."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="articles to look at (default: all)")
        parser.add_argument(
            "--pages", action="store_true", help="compare the stored pages of all versions with their sources"
        )

    def handle(self, *, slugs: list[str], pages: bool, **options: Any) -> None:
        articles = Article.objects.order_by("slug")
        if slugs:
            articles = articles.filter(slug__in=slugs)
            if missing := set(slugs) - set(articles.values_list("slug", flat=True)):
                raise CommandError(f"There is no article at {', '.join(sorted(missing))}.", returncode=2)
        self.told: set[tuple[str, int]] = set()  # article and number of each version with a fault
        self.unknown = 0  # versions whose checksum has an unknown format
        is_whole = self._verify_chains(articles)
        if pages:
            is_whole &= self._verify_pages(articles)
        if not is_whole:
            raise SystemExit(1)
        if self.unknown:
            raise SystemExit(2)

    def _verify_chains(self, articles: Any) -> bool:
        damaged = count = 0
        progress = Progress(self.stdout, articles.count(), "articles are looked at")
        for article in articles.iterator():
            progress.tell(count)
            count += 1
            is_whole = True
            for number, fault, is_damage in history_faults(article):
                progress.end()
                self.stdout.write(f"{article.slug}: version {number}: {fault}")
                self.told.add((article.slug, number))
                self.unknown += not is_damage
                is_whole &= not is_damage
            damaged += not is_whole
        progress.end()
        if damaged:
            self.stdout.write(f"Articles that are damaged: {damaged} of {count}.")
        if self.unknown:
            self.stdout.write(f"Versions that cannot be verified by this release: {self.unknown}.")
        if not damaged and not self.unknown:
            self.stdout.write(f"Articles: {count}. Every version is whole and in its place.")
        return not damaged

    def _verify_pages(self, articles: Any) -> bool:
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
                continue  # counted with the chains
            except DamagedText as damage:
                damaged += 1
                if (revision.article.slug, revision.number) not in self.told:
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


class Fault(NamedTuple):
    number: int  # of the version
    text: str
    is_damage: bool = True  # else it cannot be verified


def history_faults(article: Article) -> Iterator[Fault]:
    """Yield every break in an article's chain. Reads the article's texts one by one."""
    expected, previous = 1, ""
    revisions = article.revisions.with_text().order_by("number")
    last = None
    for last in revisions.iterator(chunk_size=CHUNK):
        for number in range(expected, last.number):
            yield Fault(number, "is missing")
        if fault := last.fault(previous):
            yield Fault(last.number, fault, is_damage=last.has_known_format)
        expected, previous = last.number + 1, last.sha256
    if article.head_sha256 != previous:
        yield Fault(expected, "is missing: the article's head belongs to a version that is not there")
    elif last is not None and article.latest_revision_id != last.pk:
        yield Fault(last.number, "is the last one but not the one the article points to")


def page_faults(renderings: list[Rendering]) -> Iterator[str]:
    """Say what is wrong with the renderings of a version, given newest first.

    Those of the present policy are compared with what the source gives now. If the newest, which readers get, is
    another policy's, its page has only to be readable. Raises `DamagedText` if the text is damaged.
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
