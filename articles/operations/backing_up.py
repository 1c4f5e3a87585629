"""Making a backup: the database first, then the files that it knows, verified by restoring it beside the site."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage

from articles.text.cli import VERSION

from . import archives, kinds, verifying


def back_up(directory: Path, *, connection: Any, storage: Storage) -> tuple[Path, list[str]]:
    """Write a backup into a directory; return its path, and the damage that the site has already.

    Takes the size of the database twice, for a while. Raises `Refused`, and leaves nothing then.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    kind = kinds.of(connection)
    made_at = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=directory) as folder:
        dump = Path(folder) / "database"
        kind.dump(connection, dump)
        files = set(stored_files(storage))  # after the database, so that no file is missing which that knows
        name = kinds.name_beside(connection, "check")
        try:
            with verifying.pointed_at(connection, kind.load(connection, dump, name)):
                facts = archives.Facts(
                    made_at=made_at.isoformat(timespec="seconds"),
                    version=VERSION,
                    kind=connection.vendor,
                    server=kinds.server(connection),
                    migrations=verifying.applied(connection),
                    faults=list(verifying.database_faults(connection, files=files)),
                )
        finally:
            kind.drop(connection, name)
        path = directory / f"palimpsest-{made_at:%Y-%m-%dT%H%M%SZ}.tar"
        with archives.writing(path, facts) as archive:
            with dump.open("rb") as file:
                archive.add(archives.DATABASE, file, dump.stat().st_size)
            for stored in sorted(files):
                with storage.open(stored) as file:
                    archive.add(archives.MEDIA + stored, file, file.size)
    return path, facts.faults


def stored_files(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yield the paths of all files in a storage."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded
        return
    for name in names:
        yield f"{folder}{name}"
    for name in folders:
        yield from stored_files(storage, f"{folder}{name}/")
