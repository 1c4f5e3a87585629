import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from articles.management.refusing import as_command_error
from articles.management.wording import counted
from articles.operations.restoring import restore


class Command(BaseCommand):
    help = (
        "Restore a backup into the empty site that the settings name. It is verified before anything changes; if it"
        " cannot be restored, nothing has changed. The site and its worker have to be stopped."
        " Ends with 0, with 1 if the site was damaged when it was backed up, with 2 on an error."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="PATH", type=Path, help="a file that `backup` made")
        parser.add_argument(
            "--into-non-empty",
            action="store_true",
            help="replace the database of a site that is not empty; it is kept under another name",
        )

    def handle(self, *, path: Path, into_non_empty: bool, **options: Any) -> None:
        os.umask(0o077)
        with as_command_error():
            restored = restore(
                path, connection=connection, storage=default_storage, is_empty_only=not into_non_empty
            )
        facts = restored.facts
        self.stdout.write(
            f"Restored: the site of {facts.made_at}, made by Palimpsest {facts.version},"
            f" with {counted(restored.files, 'uploaded file', 'uploaded files')}."
        )
        if restored.aside:
            self.stdout.write(
                f"The database that was there is now called {restored.aside}. Delete it when you do not need it."
            )
        if settings.REDIS_URL:
            self.stdout.write(
                "Redis holds pages of the database that was there: give REDIS_PREFIX a new value."
            )
        for fault in facts.faults:
            self.stdout.write(f"{fault} (it was so when the backup was made)")
        if facts.faults:
            raise SystemExit(1)
