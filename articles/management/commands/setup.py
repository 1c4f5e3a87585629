import os
import secrets
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from articles.management.naming import refuse_unfit_name
from articles.management.refusing import as_command_error
from articles.operations import setting_up
from cms_site import environment


class Command(BaseCommand):
    help = (
        "Set a site up: environment file with a secret key, folders, database with its groups, static files and, with"
        " --admin, the first administrator, whose password is printed. What exists is kept, so a second run changes"
        " nothing. Ends with 0, or with 2 on an error."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="", help="the domain of the site, behind a proxy that ends TLS")
        parser.add_argument(
            "--database", metavar="URL", help="default: DATABASE_URL, else SQLite in the folder of --data"
        )
        parser.add_argument(
            "--data",
            metavar="DIRECTORY",
            type=Path,
            default=settings.BASE_DIR,
            help="folder for SQLite, uploaded files and backups (default: the folder of manage.py)",
        )
        parser.add_argument("--admin", metavar="NAME", help="make an administrator of this name")

    def handle(
        self, *, host: str, database: str | None, data: Path, admin: str | None, **options: Any
    ) -> None:
        os.umask(0o077)
        with as_command_error():
            self._write_environment(host=host, database=database, data=data.resolve())
            for folder in self._folders():
                folder.mkdir(parents=True, exist_ok=True)
            call_command("migrate", verbosity=0, interactive=False)
            call_command("collectstatic", verbosity=0, interactive=False)
            if admin:
                self._make_administrator(admin)
        self.stdout.write("The site is set up.")

    def _write_environment(self, *, host: str, database: str | None, data: Path) -> None:
        """Write the environment file if there is none, and begin again with it, since the settings are read."""
        path = environment.path()
        if path is None or path.exists():
            return
        database = database or os.environ.get("DATABASE_URL", "")
        setting_up.write_private(path, setting_up.environment_text(database=database, data=data, host=host))
        self.stdout.write(f"{path} is written. Change settings there.")
        self.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606, this command itself

    def _folders(self) -> list[Path]:
        folders = [Path(settings.BACKUP_ROOT)]
        if not settings.S3_BUCKET:
            folders.append(Path(settings.MEDIA_ROOT))
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            folders.append(Path(settings.DATABASES["default"]["NAME"]).parent)
        return folders

    def _make_administrator(self, name: str) -> None:
        """Make the account, unless there is one of this name, and print its random password."""
        accounts = get_user_model()._default_manager
        if accounts.filter(username=name).exists():
            return
        refuse_unfit_name(name)
        password = secrets.token_urlsafe(12)
        accounts.create_superuser(name, password=password)
        self.stdout.write(f"Administrator {name}, password {password}")
        self.stdout.write("It is shown once. Change it after the first login.")
