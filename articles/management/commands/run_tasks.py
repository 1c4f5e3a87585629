import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.tasks import running


class Command(BaseCommand):
    help = (
        "Run background tasks as they come due, one at a time. Several workers may run at once, on several machines."
        " At SIGTERM or Ctrl+C, a long task stops at its next report and waits for the next worker; a short task is"
        " completed. Ends with 0."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="end when no task is due; for cron")

    def handle(self, *, until_idle: bool, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: running.stopping.set())
        running.work(until_idle=until_idle)
