"""The environment file of a site, and the database that a command works on.

A line of the file is `NAME=value`. The value is taken as it stands, up to the end of the line: podman and docker read
such a file alike, a shell does not. Empty lines and lines that begin with `#` are left out.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

BESIDE = Path(__file__).resolve().parent.parent / "palimpsest.env"
EMPTY = "{database} is empty. Run `manage.py setup`, or name another in DATABASE_URL or in the file of PALIMPSEST_ENV."
FILLS = {"doctor", "restore_backup", "setup"}  # commands of the site that may find an empty database
BY_CRON = {"notify_moderators", "run_tasks", "send_mail_notices"}  # cron mails each line that these write
_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)")


def path() -> Path | None:
    """Return where the environment file is, or would be: as `PALIMPSEST_ENV` says, else beside `manage.py`.

    None if the variable is empty.
    """
    named = os.environ.get("PALIMPSEST_ENV")
    return BESIDE if named is None else Path(named) if named else None


def load() -> None:
    """Set the variables of the environment file, except those that are set already.

    Raises `ImproperlyConfigured` if the file cannot be read, or with the number of a line that is none.
    """
    file = path()
    if file is None or (file == BESIDE and not file.exists()):
        return
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{file} cannot be read: {error}. Run commands as the account of the site."
        ) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if not (match := _LINE.fullmatch(line)):
            raise ImproperlyConfigured(
                f"{file}, line {number}: write NAME=value, without spaces before the =."
            )
        name, value = match[1], match[2].strip()
        if value[:1] in {'"', "'"}:
            raise ImproperlyConfigured(f"{file}, line {number}: write the value of {name} without quotes.")
        os.environ.setdefault(name, value)


def describe_database(connection: Any) -> str:
    """Return kind and place of a database, without account and password."""
    named = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"SQLite, {named['NAME']}"
    place = f"{named['HOST'] or 'this machine'}{':' if named['PORT'] else ''}{named['PORT']}"
    return f"PostgreSQL, {named['NAME']} at {place}"


def run_command(arguments: list[str]) -> None:
    """Run a command of `manage.py`. Once it reaches the database, the first line on stderr names that.

    An error of the settings, or a command of the site's own that finds an empty database, ends with status 2.
    """
    from django.core.management import execute_from_command_line, get_commands
    from django.db.backends.signals import connection_created

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms_site.settings")
    command = "".join(arguments[1:2])

    def look_at_database(connection: Any, **_: Any) -> None:
        if connection.alias != "default":
            return
        connection_created.disconnect(look_at_database)
        if command not in BY_CRON:
            sys.stderr.write(f"Database: {describe_database(connection)}\n")
            sys.stderr.flush()
        if command not in FILLS and get_commands().get(command) == "articles":
            require_filled(connection)

    try:
        if command != "setup" or ((file := path()) and file.exists()):  # which `setup` writes
            load()
        connection_created.connect(look_at_database, weak=False)
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def require_filled(connection: Any) -> None:
    """Raise `ImproperlyConfigured` for a database without tables, and remove the file that SQLite just made of it."""
    if connection.introspection.table_names():
        return
    if connection.vendor == "sqlite":
        connection.close()
        Path(connection.settings_dict["NAME"]).unlink()
    raise ImproperlyConfigured(EMPTY.format(database=describe_database(connection)))
