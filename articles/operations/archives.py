"""Archives: a backup as one uncompressed tar file of the database, the uploaded files and a manifest.

The manifest is the last member, since sizes and checksums are known once all else is written.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol, Self

from .errors import BadBackup

FORMAT = 1
DATABASE = "database"
MANIFEST = "manifest.json"
MEDIA = "media/"
MAX_MANIFEST_BYTES = 256 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
_NAME = re.compile(
    rf"{DATABASE}|{MEDIA}(?:[\w-][\w.-]*/)*[\w-][\w.-]*", re.ASCII
)  # no part begins with a dot


class Source(Protocol):
    """An open file."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What a backup says about the site that it was made of."""

    made_at: str  # ISO 8601, UTC
    version: str  # of Palimpsest
    kind: str  # of the database: "sqlite" or "postgresql"
    server: str  # the version of the database
    migrations: list[str]  # all that were applied, as "app.name"
    faults: list[str] = field(default_factory=list)  # damage that the site had already


class Writer:
    """An archive that is being written."""

    def __init__(self, file: IO[bytes], facts: Facts) -> None:
        self.tar = tarfile.TarFile(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)
        self.facts = facts
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, source: Source, size: int) -> None:
        """Add `size` bytes of a source. Raises `OSError` if it has fewer."""
        hashed = _Hashed(source)
        self.tar.addfile(_member(name, size), hashed)
        self.files[name] = {"size": size, "sha256": hashed.digest.hexdigest()}

    def close(self) -> None:
        """Write the manifest and the end of the archive."""
        manifest = {"format": FORMAT, **asdict(self.facts), "files": self.files}
        data = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
        self.tar.addfile(_member(MANIFEST, len(data)), io.BytesIO(data))
        self.tar.close()


@dataclass(frozen=True, slots=True)
class Archive:
    """A verified archive that is open for reading."""

    tar: tarfile.TarFile
    facts: Facts
    members: dict[str, tarfile.TarInfo]

    @property
    def media(self) -> Iterator[str]:
        """The names of the uploaded files, as the storage knows them."""
        return (name.removeprefix(MEDIA) for name in self.members if name.startswith(MEDIA))

    def open(self, name: str) -> IO[bytes]:
        """Open a member. Raises `KeyError` if there is none of that name."""
        file = self.tar.extractfile(self.members[name])
        assert file is not None  # `verified` let no folders and links in
        return file

    @classmethod
    def verified(cls, tar: tarfile.TarFile) -> Self:
        """Return the archive if each member is as its manifest says, and nothing else is there; else `BadBackup`."""
        members = {member.name: member for member in tar}
        if len(members) != len(tar.getmembers()):
            raise BadBackup("A name occurs twice.")
        for name, member in members.items():
            if not member.isreg() or not (name == MANIFEST or _NAME.fullmatch(name)):
                raise BadBackup(f"{name!r} has no place in a backup.")
        facts, files = _manifest(tar, members.pop(MANIFEST, None))
        if missing := files.keys() ^ members.keys() or {DATABASE} - members.keys():
            raise BadBackup(f"{min(missing)!r} is missing, from the archive or from its manifest.")
        archive = cls(tar, facts, members)
        for name, expected in files.items():
            with archive.open(name) as file:
                if expected != {"size": members[name].size, "sha256": digest(file)}:
                    raise BadBackup(f"{name!r} is not what the manifest says.")
        return archive


@contextmanager
def writing(path: Path, facts: Facts) -> Iterator[Writer]:
    """Write an archive, for its owner only. It has its name once it is whole, on the disk and verified."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            writer = Writer(file, facts)
            yield writer
            writer.close()
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            with _reading(file):
                pass
        partial.rename(path)
        sync_folder(path.parent)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()


@contextmanager
def reading(path: Path) -> Iterator[Archive]:
    """Verify an archive and open it. Raises `BadBackup`."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadBackup(f"{path}: {error.strerror}") from None
    with file, _reading(file) as archive:
        yield archive


def digest(source: Source) -> str:
    """Return the SHA-256 of what is left to read."""
    sha256 = hashlib.sha256()
    while data := source.read(CHUNK_BYTES):
        sha256.update(data)
    return sha256.hexdigest()


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _reading(file: IO[bytes]) -> Iterator[Archive]:
    try:
        tar = tarfile.TarFile(fileobj=file)
        archive = Archive.verified(tar)
    except (tarfile.TarError, EOFError) as error:
        raise BadBackup(f"It is no archive, or a damaged one: {error}") from None
    with tar:
        yield archive


def _manifest(
    tar: tarfile.TarFile, member: tarfile.TarInfo | None
) -> tuple[Facts, dict[str, dict[str, Any]]]:
    """Return what the manifest says of the site, and size and checksum of each file. Raises `BadBackup`."""
    if member is None or member.size > MAX_MANIFEST_BYTES:
        raise BadBackup("It has no manifest.")
    file = tar.extractfile(member)
    assert file is not None
    try:
        manifest = json.loads(file.read())
        number, files = manifest.pop("format"), manifest.pop("files")
        if number != FORMAT:
            raise BadBackup(f"It has format {number}; this release knows format {FORMAT}.")
        return Facts(**manifest), dict(files)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadBackup("Its manifest cannot be read.") from None


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Hashed:
    """A source whose bytes are counted into a checksum as they are read."""

    def __init__(self, source: Source) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self.source.read(size)
        self.digest.update(data)
        return data
