from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import workflow
from articles.http.spreadsheets import csv_lines


class Command(BaseCommand):
    help = (
        "Write as CSV which versions went live, how, who reviewed them, when, and on which hash, the oldest first."
        " Days are those of the site's time zone, both included. Hidden names are left out."
        " Ends with 0, or 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--first", metavar="DAY", help="as 2026-01-31 (default: from the beginning)")
        parser.add_argument("--last", metavar="DAY", help="(default: up to now)")

    def handle(self, *, first: str | None, last: str | None, **options: Any) -> None:
        since, until = _midnight(first), _midnight(last, days=1)
        if since and until and until <= since:
            raise CommandError("The last day is before the first one.", returncode=2)
        for line in csv_lines(
            workflow.REPORTED, workflow.report_reviews(since=since, until=until, seen_by=None)
        ):
            self.stdout.write(line, ending="")


def _midnight(day: str | None, *, days: int = 0) -> datetime | None:
    """Return the start of a day in the site's time zone, `days` later; None without a day."""
    if day is None:
        return None
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(day), time.min) + timedelta(days=days))
    except (ValueError, OverflowError):
        raise CommandError(f"“{day}” is no day. Write it as 2026-01-31.", returncode=2) from None
