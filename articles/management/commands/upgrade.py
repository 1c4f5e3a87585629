import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from articles.management.refusing import as_command_error
from articles.operations.backing_up import back_up


class Command(BaseCommand):
    help = (
        "Bring the site to the release that is installed: back up, migrate, collect static files, repack, check."
        " Stop the site before. The way back is printed. Ends with 0, or with 2 on an error."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--backup-to", metavar="DIRECTORY", help="where to back up (default: the setting BACKUP_ROOT)"
        )

    def handle(self, *, backup_to: str | None, **options: Any) -> None:
        os.umask(0o077)
        with as_command_error():
            directory = Path(backup_to or settings.BACKUP_ROOT)
            path, faults = back_up(directory, connection=connection, storage=default_storage)
        for fault in faults:
            self.stderr.write(f"Damaged before the upgrade: {fault}")
        self.stdout.write(f"{path}: restored for a check, migrated there and verified.")
        self.stdout.write(
            f"The way back: install the release from before, then run manage.py restore_backup {path} --into-non-empty"
        )
        self.stdout.flush()
        with as_command_error():
            call_command("migrate", verbosity=1, interactive=False, stdout=self.stdout)
            call_command("collectstatic", verbosity=0, interactive=False)
            call_command("repack", stdout=self.stdout)
            call_command("check", deploy=True, databases=["default"], stdout=self.stdout, stderr=self.stderr)
        self.stdout.write("The site is upgraded. Start it again.")
