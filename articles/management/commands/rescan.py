from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Prefetch, QuerySet

from articles import workflow
from articles.management.progress import Progress
from articles.management.selection import add_slugs, select_articles
from articles.management.wording import counted
from articles.models import Article, DamagedText, Rendering, Review, Revision
from articles.revisions.revisions import readable_content
from articles.text.unicode.tables import UNICODE_VERSION

REVISIONS_A_BATCH = 20  # with up to 1,000 findings each
MARKS_A_BATCH = 500
COUNTERS = {
    "alerts brought in": "new_alerts",
    "warnings brought in": "new_warnings",
    "alerts in all": "alerts",
    "warnings in all": "warnings",
}


class Command(BaseCommand):
    help = (
        "Scan stored versions again, after a release with new checks or Unicode data, and compare with the findings"
        " that are stored: a table says how many there were of each check, and how many there are. Findings and"
        " counters that differ are stored anew, and what waits is judged by them. No version changes."
        " May be stopped at any moment and started again. With --dry-run, only says what would change."
        " Ends with 0 if all is done or nothing would change, 1 if --dry-run found a change, 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_slugs(parser)
        parser.add_argument("--dry-run", action="store_true", help="change nothing, say what would change")

    def handle(self, *, slugs: list[str], dry_run: bool, **options: Any) -> None:
        articles = select_articles(slugs)
        self.before: Counter[str] = Counter()
        self.after: Counter[str] = Counter()
        self.left = 0
        changed, marked = self._rescan(Revision.objects.filter(article__in=articles), dry_run=dry_run)
        judged = self._reassess(articles, dry_run=dry_run)
        for line in _table(self.before, self.after):
            self.stdout.write(line)
        get, be = ("would get", "would be") if dry_run else ("got", "were")
        self.stdout.write(
            f"{changed:,} of {self.total:,} versions {get} other findings,"
            f" {counted(judged, 'waiting version', 'waiting versions')} another assessment."
        )
        self.stdout.write(f"Scanned with Unicode {UNICODE_VERSION} to the same result {be} {marked:,} more.")
        if self.left:
            count = counted(self.left, "version is", "versions are")
            raise CommandError(f"{count} damaged; their findings stay as they are.", returncode=2)
        if dry_run and (changed or judged):
            raise SystemExit(1)

    def _rescan(self, revisions: QuerySet[Revision], *, dry_run: bool) -> tuple[int, int]:
        """Compare all revisions with what is stored, and store what differs. Return the number changed, and marked."""
        changed = marked = 0
        scanned: list[int] = []
        for change in self._changes(revisions):
            if change.is_change:
                changed += 1
                if not dry_run:
                    workflow.rescan(change)
            elif change.is_outdated:
                marked += 1
                scanned.append(change.rendering.pk)
            if len(scanned) >= MARKS_A_BATCH:
                self._mark(scanned, dry_run=dry_run)
        self._mark(scanned, dry_run=dry_run)
        return changed, marked

    def _mark(self, scanned: list[int], *, dry_run: bool) -> None:
        if not dry_run:
            workflow.mark_scanned(scanned)
        scanned.clear()

    def _changes(self, revisions: Any) -> Iterator[workflow.FindingsChange]:
        """Yield the comparison of each revision, and count its findings. Report and count those that are damaged."""
        counters = Prefetch("renderings", Rendering.objects.defer("kept_page", "kept_removals"))
        in_order = revisions.with_text().order_by("article", "number").prefetch_related("findings", counters)
        self.total = revisions.count()
        progress = Progress(self.stdout, self.total, "versions")
        previous = None
        for done, revision in enumerate(in_order.iterator(chunk_size=REVISIONS_A_BATCH)):
            progress.tell(done)
            base, previous = _base_of(revision, previous), revision
            try:
                change = workflow.findings_change(revision, before=readable_content(base) if base else None)
            except DamagedText as damage:
                self.left += 1
                progress.end()
                self.stderr.write(str(damage))
                continue
            _count(self.before, change.stored, change.before)
            _count(self.after, change.found, change.after)
            yield change
        progress.end()

    def _reassess(self, articles: QuerySet[Article], *, dry_run: bool) -> int:
        """Judge anew what waits and would be judged otherwise now. Return the number of these."""
        waiting = Review.objects.pending().filter(article__in=articles)
        progress = Progress(self.stdout, waiting.count(), "waiting versions")
        judged = 0
        reviews = waiting.for_decision().order_by("pk")
        for done, review in enumerate(reviews.iterator(chunk_size=REVISIONS_A_BATCH)):
            progress.tell(done)
            try:
                judged += workflow.is_outdated(review) if dry_run else workflow.reassess(review)
            except DamagedText:
                continue  # reported with the versions
        progress.end()
        return judged


def _base_of(revision: Revision, previous: Revision | None) -> Revision | None:
    """Return the predecessor of a revision with its text; the one that was read just before, if that is it."""
    if revision.based_on_id is None:
        return None
    if previous and previous.pk == revision.based_on_id:
        return previous
    base: Revision = Revision.objects.with_text().get(pk=revision.based_on_id)
    return base


def _count(sums: Counter[str], rows: Any, counters: workflow.FindingCounters) -> None:
    """Add the findings of a revision, by check, and its counters."""
    sums.update(row.check_id for row in rows)
    sums.update({name: getattr(counters, column) for name, column in COUNTERS.items()})


def _table(before: Counter[str], after: Counter[str]) -> Iterator[str]:
    """Yield the lines of the table: the checks by name, then the counters."""
    checks = sorted((before.keys() | after.keys()) - COUNTERS.keys())
    names = [*checks, *COUNTERS]
    rows = [
        (name, f"{before[name]:,}", f"{after[name]:,}", _signed(after[name] - before[name])) for name in names
    ]
    head = ("check", "before", "after", "difference")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(4)]
    for name, *numbers in (head, *rows):
        cells = (f"{number:>{width}}" for number, width in zip(numbers, widths[1:], strict=True))
        yield "  ".join([f"{name:<{widths[0]}}", *cells])


def _signed(difference: int) -> str:
    return f"{difference:+,}" if difference else "0"
