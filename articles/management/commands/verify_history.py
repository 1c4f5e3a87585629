from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.management.progress import Progress
from articles.models import Article

CHUNK = 20  # versions in memory at a time, each with the compressed text that it leans on


class Command(BaseCommand):
    help = (
        "Prove from the chained checksums that no version was altered, removed, added or put elsewhere."
        " Ends with 0 when all is whole, 1 when something is not, 2 on an error."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="articles to look at (default: all)")

    def handle(self, *, slugs: list[str], **options: Any) -> None:
        articles = Article.objects.order_by("slug")
        if slugs:
            articles = articles.filter(slug__in=slugs)
            if missing := set(slugs) - set(articles.values_list("slug", flat=True)):
                raise CommandError(f"There is no article at {', '.join(sorted(missing))}.", returncode=2)
        damaged = count = 0
        progress = Progress(self.stdout, articles.count(), "articles are looked at")
        for article in articles.iterator():
            progress.tell(count)
            count += 1
            is_whole = True
            for number, fault in history_faults(article):
                progress.end()
                self.stdout.write(f"{article.slug}: version {number}: {fault}")
                is_whole = False
            damaged += not is_whole
        progress.end()
        if damaged:
            self.stdout.write(f"Articles that are damaged: {damaged} of {count}.")
            raise SystemExit(1)
        self.stdout.write(f"Articles: {count}. Every version is whole and in its place.")


def history_faults(article: Article) -> Iterator[tuple[int, str]]:
    """Number and nature of every break in an article's chain. Reads the article's texts one by one."""
    expected, previous = 1, ""
    revisions = article.revisions.with_text().order_by("number")
    last = None
    for last in revisions.iterator(chunk_size=CHUNK):
        for number in range(expected, last.number):
            yield number, "is missing"
        if fault := last.fault(previous):
            yield last.number, fault
        expected, previous = last.number + 1, last.sha256
    if article.head_sha256 != previous:
        yield expected, "is missing: the article's head belongs to a version that is not there"
    elif last is not None and article.latest_revision_id != last.pk:
        yield last.number, "is the last one but not the one the article points to"
