"""A whole SQLite database: its copy, a copy beside it, and the exchange of the two."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from .archives import sync_folder
from .errors import BadBackup, Refused

SUFFIXES = ("", "-wal", "-shm")  # of the file, and of what SQLite keeps beside it
SECONDS_FOR_OTHERS = 2.0
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def dump(connection: Any, target: Path) -> None:
    """Copy the database into a file, with what stands in its journal, while others write."""
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)


def is_there(connection: Any) -> bool:
    """Return whether there is a database, empty or not; a connection would make one."""
    path = _path(connection)
    return path.exists() and path.stat().st_size > 0


def require_unused(connection: Any) -> None:
    """Raise `Refused` if anybody has the database open; leave it yourself before. Its journal goes into the file."""
    if not is_there(connection):
        return
    try:
        with closing(sqlite3.connect(_path(connection), timeout=SECONDS_FOR_OTHERS)) as alone:
            alone.execute("PRAGMA journal_mode = DELETE")  # needs the file for itself
    except sqlite3.OperationalError as error:
        raise Refused(f"{_path(connection)} is in use ({error}). Stop the site and its worker.") from None
    except sqlite3.DatabaseError:
        return  # a damaged file, which is to be replaced


def load(connection: Any, source: Path, name: str) -> str:
    """Make the database `name` beside the present one of a dump; return how Django names it."""
    beside = str(_path(connection).with_name(name))
    with source.open("rb") as dumped, os.fdopen(os.open(beside, _NEW, 0o600), "wb") as file:
        shutil.copyfileobj(dumped, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        with closing(sqlite3.connect(beside)) as copy:
            faults = [row[0] for row in copy.execute("PRAGMA integrity_check")]
    except sqlite3.DatabaseError as error:
        faults = [str(error)]
    if faults != ["ok"]:
        raise BadBackup(f"Its database is damaged: {faults[0]}")
    return beside


def drop(connection: Any, name: str) -> None:
    """Delete the database `name` beside the present one, if there is one."""
    for path in _files(_path(connection).with_name(name)):
        path.unlink()


def exchange(connection: Any, name: str, *, aside: str) -> None:
    """Put the database `name` into the place of the present one, which gets the name `aside`."""
    require_unused(connection)
    present = _path(connection)
    moved = [(path, path.with_name(aside + path.name.removeprefix(present.name))) for path in _files(present)]
    done: list[tuple[Path, Path]] = []
    try:
        # A journal of the old file would be played into the new one and destroy it.
        for old, new in [*moved, (present.with_name(name), present)]:
            old.rename(new)
            done.append((old, new))
    except OSError:
        for old, new in reversed(done):
            new.rename(old)
        raise
    sync_folder(present.parent)


def _path(connection: Any) -> Path:
    return Path(connection.settings_dict["NAME"])


def _files(path: Path) -> Iterator[Path]:
    return (found for suffix in SUFFIXES if (found := path.with_name(path.name + suffix)).exists())
