import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.management.progress import Progress
from articles.management.selection import add_slugs, select_articles
from articles.management.wording import counted
from articles.models import Article, Attribution, DamagedText, Revision
from articles.revisions.attributing import DamagedAttribution, attribute_missing
from articles.text.cli.terminal import escape_invisible
from articles.text.diff.tokens import split_lines


class Command(BaseCommand):
    help = (
        "Show who wrote what: for each stretch of an article's text, the version that brought it in, its author and"
        " when. With --missing, store what that needs for versions of an older release, of all articles or of those"
        " named, while the site runs; it may be stopped at any moment and started again."
        " Ends with 0 if all is done, 1 if a text is damaged and counted as empty, 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_slugs(parser)
        parser.add_argument("--number", type=int, help="the version to show (default: the latest)")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--missing", action="store_true", help="show nothing, store what is missing")

    def handle(
        self, *, slugs: list[str], number: int | None, format: str, missing: bool, **options: Any
    ) -> None:
        if missing:
            self._store_missing(slugs)
            return
        if len(slugs) != 1:
            raise CommandError("Name one article, or use --missing.", returncode=2)
        revision = _revision(select_articles(slugs).get(), number)
        try:
            while not attribute_missing(revision.article).is_complete:
                pass
            stretches = list(_stretches(revision))
        except (DamagedText, DamagedAttribution) as damage:
            raise CommandError(str(damage), returncode=2) from None
        if format == "json":
            found = {"slug": slugs[0], "version": revision.number, "stretches": stretches}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            for line in _lines(revision.source, stretches):
                self.stdout.write(line)

    def _store_missing(self, slugs: list[str]) -> None:
        """Store the missing attributions, with progress."""
        articles = select_articles(slugs).order_by("pk")
        waiting = Revision.objects.filter(attribution=None, article__in=articles)
        progress = Progress(self.stdout, waiting.count(), "versions are attributed")
        revisions = damaged = 0
        for article in articles.filter(pk__in=waiting.values("article")):
            is_complete = False
            while not is_complete:
                try:
                    result = attribute_missing(article)
                except DamagedAttribution as damage:
                    progress.end()
                    raise CommandError(str(damage), returncode=2) from None
                is_complete = result.is_complete
                revisions += result.revisions
                damaged += len(result.damaged)
                progress.tell(revisions)
                for text in result.damaged:
                    progress.end()
                    self.stderr.write(f"{text}; counted as empty")
        progress.end()
        self.stdout.write(f"{counted(revisions, 'version', 'versions')} attributed.")
        if damaged:
            raise SystemExit(1)


def _revision(article: Article, number: int | None) -> Revision:
    """Return a version of an article, the latest without a number. Raises `CommandError` if there is none."""
    revisions = Revision.objects.with_text().filter(article=article)
    revision: Revision | None = (revisions.filter(number=number) if number else revisions).first()
    if revision is None:
        raise CommandError(f"{article.slug} has no version {number}.", returncode=2)
    return revision


def _stretches(revision: Revision) -> Iterator[dict[str, Any]]:
    """Yield each stretch of a source with where it comes from, whoever may see that. Raises `DamagedText`."""
    origins = Attribution.objects.origins(revision.article_id, revision.number)
    if origins is None or len(origins.numbers) != len(revision.source):
        raise DamagedText(revision, "has an attribution that is damaged")
    versions = Revision.objects.filter(article=revision.article, number__lte=revision.number)
    written = {
        number: (name, at) for number, name, at in versions.values_list("number", "author_name", "created_at")
    }
    start = 0
    for length, number, since in origins.runs():
        name, at = written[number]
        yield {
            "start": start,
            "end": start + length,
            "version": number,
            "since": since,
            "author": name,
            "created_at": at.isoformat(),
        }
        start += length


def _lines(source: str, stretches: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each stretch of a line of the source; `+` stands before one that does not begin its line."""
    width = max((len(stretch["author"]) for stretch in stretches), default=0)
    for stretch in stretches:
        start = stretch["start"]
        for line in split_lines(source[start : stretch["end"]]):
            sign = " " if start == 0 or source[start - 1] == "\n" else "+"
            author = escape_invisible(stretch["author"]).ljust(width)
            head = f"{stretch['version']:>6} {author} {stretch['created_at'][:10]}"
            yield f"{head} {sign}{escape_invisible(line.removesuffix(chr(10)))}"
            start += len(line)
