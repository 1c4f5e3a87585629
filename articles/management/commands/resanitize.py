from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import workflow
from articles.management.progress import Progress
from articles.models import Article, Revision
from articles.text.diff.unified import unified
from articles.text.page import SourceRefused


class Command(BaseCommand):
    help = (
        "Make the pages of all versions anew under the present sanitising policy, each as a further rendering that is"
        " logged; what was written is not touched. May be stopped at any moment and started again."
        " With --dry-run, only says what that changes on published pages."
        " Ends with 0 when all is done or nothing would change, 1 when --dry-run found a change, 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="articles to look at (default: all)")
        parser.add_argument("--dry-run", action="store_true", help="change nothing, show what would change")

    def handle(self, *, slugs: list[str], dry_run: bool, **options: Any) -> None:
        articles = Article.objects.all()
        if slugs:
            articles = articles.filter(slug__in=slugs)
            if missing := set(slugs) - set(articles.values_list("slug", flat=True)):
                raise CommandError(f"There is no article at {', '.join(sorted(missing))}.", returncode=2)
        revisions = Revision.objects.filter(article__in=articles)
        if dry_run:
            revisions = revisions.filter(pk__in=articles.public().values("published_revision"))
        self.progress = Progress(self.stdout, revisions.count(), "versions")
        self.refused = 0
        if dry_run:
            self._show(revisions)
        else:
            self._resanitize(revisions)
        if self.refused:
            count = f"{self.refused:,} of {self.progress.total:,} versions"
            raise CommandError(f"{count} are beyond the limits; their pages stay as they are.", returncode=2)

    def _show(self, revisions: Any) -> None:
        changed = 0
        for revision in self._each(revisions):
            try:
                change = workflow.policy_change(revision)
            except SourceRefused as refusal:
                self._refuse(revision, refusal)
                continue
            if change.is_visible:
                changed += 1
                self.progress.end()
                self.stdout.write(f"{revision.article.slug}: version {revision.number} would change")
                self.stdout.writelines(_described(change, revision.article.slug))
        self.progress.end()
        self.stdout.write(f"{changed:,} of {self.progress.total:,} published pages would change.")
        if changed and not self.refused:
            raise SystemExit(1)

    def _resanitize(self, revisions: Any) -> None:
        added = changed = 0
        for revision in self._each(revisions):
            try:
                change = workflow.resanitize(revision)
            except SourceRefused as refusal:
                self._refuse(revision, refusal)
                continue
            added += change is not None
            if change and change.is_visible:
                changed += 1
                self.progress.end()
                self.stdout.write(f"{revision.article.slug}: version {revision.number} changed")
        self.progress.end()
        self.stdout.write(f"{added:,} renderings added, {changed:,} of them say something else.")

    def _each(self, revisions: Any) -> Iterator[Revision]:
        in_order = revisions.with_text().order_by("article", "number")
        for done, revision in enumerate(in_order.iterator(chunk_size=100)):
            self.progress.tell(done)
            yield revision

    def _refuse(self, revision: Revision, refusal: SourceRefused) -> None:
        self.refused += 1
        self.progress.end()
        self.stderr.write(f"{revision.article.slug}: version {revision.number}: {refusal}")


def _described(change: workflow.PolicyChange, slug: str) -> Iterator[str]:
    """The changed lines of HTML, then what else is new, a line each."""
    before, page = change.before, change.page
    yield unified(before.html, page.html, old_name=f"{slug}.html", new_name=f"{slug}.html")
    if before.agreed != page.agreed:
        yield "The sanitisers agree now.\n" if page.agreed else "The sanitisers disagree.\n"
    old = [(removal["what"], removal["reason"]) for removal in before.removals]
    new = [(removal.what, removal.reason) for removal in page.removals]
    for what, reason in dict.fromkeys(new):
        if (what, reason) not in old:
            yield f"Removed from now on: {what} ({reason})\n"
    for what, reason in dict.fromkeys(old):
        if (what, reason) not in new:
            yield f"No longer removed: {what} ({reason})\n"
