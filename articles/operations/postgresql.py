"""A whole PostgreSQL database: its dump, a copy beside it, and the exchange of the two.

The only place that runs other programs: `pg_dump` and `pg_restore`, for commands of operators alone.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from django.db import DatabaseError, OperationalError
from psycopg import sql

from .errors import BadBackup, Refused

# How settings of Django are called in the environment of PostgreSQL's programs. A password has no place in arguments,
# which everybody on the machine can read.
_VARIABLES = {
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}
_OPTIONS = ("passfile", "service", "sslcert", "sslkey", "sslmode", "sslrootcert")


def dump(connection: Any, target: Path) -> None:
    """Dump the database into a file, while others write."""
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
    _run("pg_dump", arguments, connection)


def is_there(connection: Any) -> bool:
    """Return True: a connection makes no database, but says that there is none."""
    return True


def require_unused(connection: Any) -> None:
    """Raise `Refused` if anybody is connected to the database; leave it yourself before."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [_name(connection)])
        (others,) = cursor.fetchone()
    if others:
        raise Refused(f"{_name(connection)} is in use by {others} connections. Stop the site and its worker.")


def load(connection: Any, source: Path, name: str) -> str:
    """Make the database `name` on the same server of a dump; return how Django names it."""
    create = sql.SQL(
        "CREATE DATABASE {name} TEMPLATE template0 ENCODING {encoding} LC_COLLATE {collate} LC_CTYPE {ctype}"
    )
    try:
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s",
                [_name(connection)],
            )
            encoding, collate, ctype = cursor.fetchone()
            cursor.execute(
                create.format(
                    name=sql.Identifier(name),
                    encoding=sql.Literal(encoding),
                    collate=sql.Literal(collate),
                    ctype=sql.Literal(ctype),
                )
            )
    except DatabaseError as error:
        raise Refused(
            f"No database can be made beside {_name(connection)} ({str(error).strip()})."
            " Let its account do so: ALTER ROLE … CREATEDB."
        ) from None
    arguments = [
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
        f"--dbname={name}",
    ]
    try:
        _run("pg_restore", [*arguments, str(source)], connection)
    except Refused as refusal:
        raise BadBackup(f"Its database cannot be restored. {refusal}") from None
    return name


def drop(connection: Any, name: str) -> None:
    """Delete the database `name`, if there is one."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def exchange(connection: Any, name: str, *, aside: str) -> None:
    """Put the database `name` into the place of the present one, which gets the name `aside`."""
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    present = sql.Identifier(_name(connection))
    try:
        with connection._nodb_cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(rename.format(present, sql.Identifier(aside)))
            cursor.execute(rename.format(sql.Identifier(name), present))
            cursor.execute("COMMIT")
    except OperationalError as error:
        raise Refused(f"{str(error).strip()}. Stop the site and its worker.") from None


def _name(connection: Any) -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, arguments: list[str], connection: Any) -> None:
    """Run a program of PostgreSQL on the database. Raises `Refused` with what it says."""
    named = connection.settings_dict
    environment = {variable: str(named[key]) for key, variable in _VARIABLES.items() if named.get(key)}
    environment |= {f"PG{key.upper()}": named["OPTIONS"][key] for key in _OPTIONS if key in named["OPTIONS"]}
    try:
        done = subprocess.run(  # noqa: S603, the program is named here and no shell sees the arguments
            [program, *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
    except FileNotFoundError:
        raise Refused(f"{program} is not installed (Debian: postgresql-client).") from None
    if done.returncode:
        raise Refused(f"{program} ended with {done.returncode}: {done.stderr.strip()}")
