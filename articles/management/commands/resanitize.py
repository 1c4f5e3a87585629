from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from articles import workflow
from articles.management.progress import Progress
from articles.management.selection import add_slugs, select_articles
from articles.management.wording import counted
from articles.models import DamagedText, Revision
from articles.revisions.withholding import hidden_texts
from articles.text.diff.unified import unified_diff
from articles.text.page import SourceRefused
from articles.workflow.background import resanitize_pages


class Command(BaseCommand):
    help = (
        "Make stored pages anew if another sanitizing policy made them or if they differ from their source; of drafts,"
        " too. Each new page is a further rendering, and is logged. No version changes."
        " May be stopped at any moment and started again. With --dry-run, only says what would change."
        " Ends with 0 if all is done or nothing would change, 1 if --dry-run found a change, 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_slugs(parser)
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--dry-run", action="store_true", help="change nothing, show what would change")
        choice.add_argument(
            "--background", action="store_true", help="leave the work to `manage.py run_tasks`"
        )

    def handle(self, *, slugs: list[str], dry_run: bool, background: bool, **options: Any) -> None:
        articles = select_articles(slugs)
        if background:
            resanitize_pages.enqueue(slugs)
            self.stdout.write(
                "The work is enqueued for `manage.py run_tasks`. The admin lists background tasks."
            )
            return
        revisions = Revision.objects.filter(article__in=articles)
        self.progress = Progress(self.stdout, revisions.count(), "versions")
        self.left = 0
        if dry_run:
            self._show(revisions)
        else:
            self._resanitize(revisions)
        if self.left:
            count = f"{self.left:,} of {self.progress.total:,} versions"
            raise CommandError(f"{count} are refused or damaged; their pages stay as they are.", returncode=2)

    def _show(self, revisions: QuerySet[Revision]) -> None:
        """Print what `_resanitize` would change."""
        due = changed = 0
        for revision, change in self._changes(revisions, workflow.page_change):
            due += 1
            if change.differences:
                changed += 1
                self.progress.end()
                policy = "new policy " if change.is_new_policy else ""
                place = f"{revision.article.slug}: version {revision.number}"
                self.stdout.write(f"{place} would change: {policy}{change.reason}")
                self.stdout.writelines(_described(change, revision))
        self.progress.end()
        count = f"{changed:,} of {self.progress.total:,} pages would change"
        self.stdout.write(f"{count}; {counted(due, 'rendering', 'renderings')} would be added.")
        if changed and not self.left:
            raise SystemExit(1)

    def _resanitize(self, revisions: QuerySet[Revision]) -> None:
        """Resanitize the revisions, and print those whose rendering changed."""
        added = changed = 0
        for revision, change in self._changes(revisions, workflow.resanitize):
            added += 1
            if change.differences:
                changed += 1
                self.progress.end()
                self.stdout.write(
                    f"{revision.article.slug}: version {revision.number} changed: {change.reason}"
                )
        self.progress.end()
        self.stdout.write(
            f"{counted(added, 'rendering', 'renderings')} added, {changed:,} of them with other content."
        )

    def _changes(
        self, revisions: Any, act: Callable[[Revision], workflow.PageChange | None]
    ) -> Iterator[tuple[Revision, workflow.PageChange]]:
        """Yield each revision for which `act` returns a change. Report and count those that cannot be read or shown."""
        in_order = revisions.with_text().annotate(is_hidden=hidden_texts("pk")).order_by("article", "number")
        for done, revision in enumerate(in_order.iterator(chunk_size=100)):
            self.progress.tell(done)
            try:
                change = act(revision)
            except SourceRefused as refusal:
                self._leave(f"{revision.article.slug}: version {revision.number}: {refusal}")
            except DamagedText as damage:
                self._leave(str(damage))
            else:
                if change:
                    yield revision, change

    def _leave(self, reason: str) -> None:
        """Report a revision that is left as it is."""
        self.left += 1
        self.progress.end()
        self.stderr.write(reason)


def _described(change: workflow.PageChange, revision: Any) -> Iterator[str]:
    """Yield the unified diff of the HTML, then a line for each other change."""
    if revision.is_hidden:
        yield f"Its text is hidden, so only the kinds of change are shown: {', '.join(change.differences)}\n"
        return
    before, page = change.before, change.page
    if damage := before.damage:
        yield f"The page stored so far has {damage}\n"
    else:
        name = f"{revision.article.slug}.html"
        yield unified_diff(before.html, page.html, old_name=name, new_name=name)
    if before.agreed != page.agreed:
        yield "The sanitizers agree now.\n" if page.agreed else "The sanitizers disagree.\n"
    old = [(removal["what"], removal["reason"]) for removal in before.removals]
    new = [(removal.what, removal.reason) for removal in page.removals]
    for what, reason in dict.fromkeys(new):
        if (what, reason) not in old:
            yield f"Removed from now on: {what} ({reason})\n"
    for what, reason in dict.fromkeys(old):
        if (what, reason) not in new:
            yield f"No longer removed: {what} ({reason})\n"
    if "removals" in change.differences and set(old) == set(new):
        yield "The same things are removed, at other places or with other rewrites.\n"
