import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.exchange.exports.exporting import Format, export
from articles.exchange.exports.selection import Selection
from articles.exchange.exports.target import ExportRefused
from articles.management.progress import Progress
from articles.management.selection import select_articles
from articles.management.wording import counted


class Command(BaseCommand):
    help = (
        "Write articles with their histories into a folder: as a git repository with a commit for each version, as"
        " Markdown files, as JSON lines, or as a static site. Hidden parts are left out. May be stopped at any moment"
        " and started again; a second run writes only what is new."
        " Ends with 0 if all is written, 1 if a damaged text or picture was left out, 2 on an error."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "directory", metavar="DIRECTORY", help="an empty folder, or that of an earlier export"
        )
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="the articles to write (default: all)")
        parser.add_argument("--format", choices=[each.value for each in Format], default=Format.GIT.value)
        parser.add_argument(
            "--public", action="store_true", help="write only what readers see, without drafts"
        )

    def handle(self, *, directory: str, slugs: list[str], format: str, public: bool, **options: Any) -> None:
        keys = tuple(select_articles(slugs).values_list("pk", flat=True)) if slugs else None
        is_public = public or format == Format.HTML.value
        if not is_public:
            os.umask(0o077)  # drafts are nobody else's
        self.damaged = 0
        self.progress = Progress(self.stdout, 0, "steps")
        try:
            exported = export(
                Path(directory),
                Selection(keys, is_public=is_public),
                format=Format(format),
                tell=self._tell,
                warn=self._warn,
            )
        except (ExportRefused, OSError) as error:
            self.progress.end()
            raise CommandError(str(error), returncode=2) from None
        self.progress.end()
        self.stdout.write(f"{directory}: {counted(exported.number, exported.one, exported.many)} written.")
        if self.damaged:
            raise SystemExit(1)

    def _tell(self, done: int, total: int) -> None:
        self.progress.total = total
        self.progress.tell(done)

    def _warn(self, line: str) -> None:
        self.damaged += 1
        self.progress.end()
        self.stderr.write(line)
