import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from articles.management.refusing import as_command_error
from articles.operations.backing_up import back_up


class Command(BaseCommand):
    help = (
        "Back up database and uploaded files into one file, while the site runs. The file has its name once it is whole"
        " and was restored beside the site and verified."
        " Ends with 0, with 1 if the site is damaged (the backup is made all the same), with 2 on an error."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "directory", nargs="?", metavar="DIRECTORY", help="where to (default: the setting BACKUP_ROOT)"
        )

    def handle(self, *, directory: str | None, **options: Any) -> None:
        os.umask(0o077)
        with as_command_error():
            path, faults = back_up(
                Path(directory or settings.BACKUP_ROOT), connection=connection, storage=default_storage
            )
        self.stdout.write(f"{path}: {path.stat().st_size:,} bytes, restored for a check and verified.")
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            self.stdout.write(
                "The site is damaged, and the backup is as damaged. Keep the backups that came before."
            )
            raise SystemExit(1)
