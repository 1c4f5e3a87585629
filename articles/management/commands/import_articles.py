import json
from pathlib import Path
from time import monotonic
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import permissions
from articles.exchange.imports.choosing import Wishes, opened_source
from articles.exchange.imports.destination import Destination
from articles.exchange.imports.importing import Import, OutOfTime
from articles.exchange.imports.naming import is_encoding
from articles.exchange.imports.reporting import Report, printable
from articles.exchange.imports.sources import SourceRefused
from articles.management.progress import Progress
from articles.management.wording import counted
from articles.workflow.importing import ImportState


class Command(BaseCommand):
    help = (
        "Bring in articles with their histories: a git wiki (a repository or a bundle), a folder or zip of Markdown,"
        " or the XML export of a MediaWiki. Names and times of the source become claims of the versions."
        " May be stopped at any moment and run again: what came in before is passed over."
        " Ends with 0 if all came in, 1 if something was left out, 2 if the source is refused: then nothing came in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="SOURCE", type=Path)
        parser.add_argument(
            "--as", dest="account", required=True, metavar="USER", help="account that brings them in"
        )
        parser.add_argument(
            "--state",
            choices=[state.value for state in ImportState],
            default=ImportState.DRAFT.value,
            help="what becomes of the last version of each page (default: draft)",
        )
        parser.add_argument(
            "--language", default="en", help="BCP 47 tag of texts that name none (default: en)"
        )
        parser.add_argument("--branch", default="", help="branch of a repository (default: that of HEAD)")
        parser.add_argument(
            "--drafts", action="store_true", help="bring in, as drafts, what other branches have beyond it"
        )
        parser.add_argument(
            "--pictures", type=Path, metavar="FOLDER", help="folder with the files of a MediaWiki"
        )
        parser.add_argument(
            "--name", default="", help="what a folder or zip is known by in later runs (default: its path)"
        )
        parser.add_argument("--encoding", default="", help="encoding of files that are not UTF-8")
        parser.add_argument(
            "--minutes", type=float, metavar="N", help="stop after so many minutes, and go on in the next run"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would come in")
        parser.add_argument("--report", type=Path, metavar="FILE", help="also write the report, as JSON")

    def handle(self, *, source: Path, account: str, state: str, report: Path | None, **options: Any) -> None:
        started = monotonic()
        user = _importer(account)
        if options["encoding"] and not is_encoding(options["encoding"]):
            raise CommandError(f"There is no encoding named {options['encoding']!r}.", returncode=2)
        lines = Report()
        site = Destination(by=user, report=lines, is_dry=options["dry_run"])
        wishes = Wishes(
            branch=options["branch"],
            with_drafts=options["drafts"],
            pictures=options["pictures"],
            name=options["name"],
            encoding=options["encoding"],
        )
        try:
            with opened_source(source, lines, wishes) as opened:
                progress = Progress(self.stdout, opened.total, "versions")
                run = Import(opened, site, ImportState(state), options["language"], tell=progress.tell)
                if options["minutes"] is not None:
                    run.ends_at = started + 60 * options["minutes"]
                is_over = _is_over(run)
                progress.end()
        except (SourceRefused, OSError) as refusal:
            came_in = (
                "Nothing" if site.is_dry or not lines.versions else f"{lines.versions:,} versions before it"
            )
            raise CommandError(
                printable(f"{source.name}: {refusal}. {came_in} came in."), returncode=2
            ) from None
        except PermissionDenied as error:
            raise CommandError(str(error), returncode=2) from None
        self._write(lines, is_dry=site.is_dry)
        if report:
            _write_json(report, lines, source)
        if is_over:
            self.stdout.write("The time is over. Run the command again to go on.")
            raise SystemExit(1)
        if lines.left_out and not lines.versions + lines.known_versions:
            raise CommandError("Nothing came in.", returncode=2)
        if lines.left_out:
            raise SystemExit(1)

    def _write(self, report: Report, *, is_dry: bool) -> None:
        for item, text in report.lines:
            self.stdout.write(f"{item}: {text}")
        if report.total_lines > len(report.lines):
            self.stdout.write(f"… and {report.total_lines - len(report.lines):,} lines more")
        states = ", ".join(f"{number:,} {state}" for state, number in sorted(report.states.items()))
        self.stdout.write(
            f"{'Would bring in' if is_dry else 'Brought in'} {counted(report.versions, 'version', 'versions')} of"
            f" {counted(report.pages, 'page', 'pages')} and {counted(report.pictures, 'picture', 'pictures')}"
            f"{f' ({states})' if states else ''}; {report.known_versions:,} known before, {report.left_out:,} left out."
        )


def _is_over(run: Import) -> bool:
    """Run an import, and return whether its time was over before its end."""
    try:
        run.run()
    except OutOfTime:
        return True
    return False


def _write_json(path: Path, report: Report, source: Path) -> None:
    try:
        path.write_text(json.dumps(report.as_json(source.name), indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"The report was not written: {error}", returncode=1) from None


def _importer(name: str) -> User:
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no account named {name!r}.", returncode=2)
    if not permissions.can_import(user):
        raise CommandError(
            f"{name} may not bring in articles: this takes the rights to write, to publish and to manage rules.",
            returncode=2,
        )
    return user
