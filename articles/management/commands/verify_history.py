from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Prefetch, QuerySet

from articles.management.progress import Progress
from articles.management.selection import add_slugs, select_articles
from articles.models import Article, DamagedText, Rendering, Revision, UnknownFormat
from articles.operations.verifying import CHUNK, history_faults
from articles.text.page import POLICY_VERSION


class Command(BaseCommand):
    help = (
        "Verify by the chained checksums that no version was altered, removed, added or moved."
        " With --pages, also compare each stored page with a page made anew from its source."
        " Ends with 0 if all is whole, 1 if something is damaged,"
        " 2 on an error or if a checksum has a format that this release does not know."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_slugs(parser)
        parser.add_argument(
            "--pages", action="store_true", help="compare the stored pages of all versions with their sources"
        )

    def handle(self, *, slugs: list[str], pages: bool, **options: Any) -> None:
        articles = select_articles(slugs).order_by("slug")
        self.reported: set[tuple[str, int]] = set()  # slug and number of each revision with a fault
        self.unknown = 0  # revisions whose checksum has an unknown format
        is_whole = self._verify_chains(articles)
        if pages:
            is_whole &= self._verify_pages(articles)
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
                self.stdout.write(f"{article.slug}: version {number}: {fault}")
                self.reported.add((article.slug, number))
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
