"""Restoring a backup beside the site's database, and exchanging the two once the restored one is verified."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader

from . import archives, kinds, verifying
from .backing_up import stored_files
from .errors import BadBackup, Refused


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored site."""

    facts: archives.Facts
    files: int  # number of uploaded files in the backup
    aside: str | None  # present name of the database that was there before; None if it was empty


def restore(path: Path, *, connection: Any, storage: Storage, is_empty_only: bool = True) -> Restored:
    """Restore a backup, and migrate it. The database that was there is kept under another name.

    Raises `Refused` unless the backup is whole, of the same kind of database and of no newer release, nobody uses the
    site and, if `is_empty_only`, the site is empty. Nothing is changed then.
    """
    kind = kinds.of(connection)
    with archives.reading(path) as archive:
        _require_fit(archive.facts, connection)
        has_rows = _has_tables(connection)
        if is_empty_only and (has_rows or any(stored_files(storage))):
            raise Refused("The site is not empty: it has tables or uploaded files.")
        verifying.leave(connection)
        kind.require_unused(connection)
        name = kinds.name_beside(connection, "restored")
        added: list[str] = []
        try:
            with tempfile.TemporaryDirectory() as folder:
                dump = Path(folder) / "database"
                with archive.open(archives.DATABASE) as member, dump.open("wb") as file:
                    shutil.copyfileobj(member, file, archives.CHUNK_BYTES)
                beside = kind.load(connection, dump, name)
            with verifying.pointed_at(connection, beside):
                files = set(archive.media)
                faults = set(verifying.database_faults(connection, files=files)) - set(archive.facts.faults)
            if faults:
                raise BadBackup(f"Its database is damaged: {min(faults)}")
            for stored in sorted(files):
                _put(archive, stored, storage, added)
            aside = kinds.name_beside(connection, "replaced")
            kind.exchange(connection, name, aside=aside)
        except BaseException:
            with suppress(DatabaseError, OSError):
                kind.drop(connection, name)
            for stored in added:
                storage.delete(stored)
            raise
        if not has_rows:
            kind.drop(connection, aside)
        return Restored(archive.facts, len(files), aside if has_rows else None)


def _require_fit(facts: archives.Facts, connection: Any) -> None:
    """Refuse a backup of another kind of database, or with migrations that this release does not have."""
    if facts.kind != connection.vendor:
        raise BadBackup(f"It is of {facts.kind}, and this site's database is {connection.vendor}.")
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if unknown := set(facts.migrations) - known:
        raise Refused(
            f"It is of a newer release (Palimpsest {facts.version}, migration {min(unknown)}). Install that first."
        )


def _has_tables(connection: Any) -> bool:
    """Return whether the database has tables; a damaged one counts as having some."""
    if not kinds.of(connection).is_there(connection):
        return False
    try:
        return bool(connection.introspection.table_names())
    except DatabaseError:
        if connection.vendor == "sqlite":
            return True
        raise


def _put(archive: archives.Archive, stored: str, storage: Storage, added: list[str]) -> None:
    """Write an uploaded file into the storage, unless it is there; note in `added` what was not."""
    with archive.open(archives.MEDIA + stored) as member:
        if storage.exists(stored):
            with storage.open(stored) as present:
                if archives.digest(present) == archives.digest(member):
                    return
            member.seek(0)
            storage.delete(stored)
        else:
            added.append(stored)
        storage.save(stored, File(member, name=stored))
