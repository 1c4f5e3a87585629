"""The files of a folder or a zip, by their paths in it: no path leaves it, no link is followed, no size is believed."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol

from .reporting import Report
from .sources import SourceRefused

MAX_FILES = 100_000
MAX_DEPTH = 50  # folders inside each other
MAX_UNPACKED_BYTES = 20_000_000_000
MOST_EXPANDED = 200  # bytes of a file for a byte of a zip, beyond the first million
FREE_BYTES = 1_000_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Files(Protocol):
    """Files by path. `sizes` are bytes, as stated; `read` never returns more than `most` and one."""

    sizes: dict[str, int]

    def read(self, path: str, *, most: int) -> bytes: ...


class FolderFiles:
    """The files of a folder. Links are left out and named."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.sizes: dict[str, int] = {}
        pending = [(folder, "", 0)]
        while pending:
            around, prefix, depth = pending.pop()
            if depth > MAX_DEPTH:
                raise SourceRefused(f"{prefix}: more than {MAX_DEPTH} folders inside each other")
            with os.scandir(around) as entries:
                for entry in entries:
                    path = f"{prefix}{entry.name}"
                    if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
                        report.leave_out(path, ["a link or device, which is not followed"])
                    elif entry.is_dir():
                        pending.append((Path(entry.path), f"{path}/", depth + 1))
                    else:
                        self.sizes[path] = entry.stat(follow_symlinks=False).st_size
            if len(self.sizes) > MAX_FILES:
                raise SourceRefused(f"more than {MAX_FILES:,} files")

    def read(self, path: str, *, most: int) -> bytes:
        # A link that took the file's place since is not followed either.
        try:
            number = os.open(self.folder / path, os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(number, "rb") as file:
                return file.read(most + 1)
        except OSError as error:
            raise SourceRefused(f"{path}: {error.strerror}") from None


class ZipFiles:
    """The files of a zip, which is read in place. A name that leads out of it refuses all of it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.sizes: dict[str, int] = {}
        self._names: dict[str, zipfile.ZipInfo] = {}
        if len(archive.filelist) > MAX_FILES:
            raise SourceRefused(f"more than {MAX_FILES:,} files")
        for entry in archive.filelist:
            path = _checked(entry)
            if entry.is_dir():
                continue
            if path in self.sizes:
                raise SourceRefused(f"it has {path!r} twice")
            self.sizes[path], self._names[path] = entry.file_size, entry
        if sum(self.sizes.values()) > MAX_UNPACKED_BYTES:
            raise SourceRefused(f"it unpacks to more than {MAX_UNPACKED_BYTES:,} bytes")

    def read(self, path: str, *, most: int) -> bytes:
        try:
            with self.archive.open(self._names[path]) as file:
                return file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise SourceRefused(f"{path}: it cannot be unpacked: {error}") from None


@contextmanager
def opened_files(path: Path, report: Report) -> Iterator[Files]:
    """Yield the files of a folder or zip. Raises `SourceRefused`."""
    if path.is_dir():
        yield FolderFiles(path, report)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield ZipFiles(archive)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise SourceRefused(f"the zip is damaged: {error}") from None


def _checked(entry: zipfile.ZipInfo) -> str:
    """Return the path of an entry. Raises `SourceRefused` for one that no unpacking program should take."""
    name = entry.orig_filename
    parts = PurePosixPath(name).parts
    if (
        not parts
        or name.startswith("/")
        or "\\" in name
        or ".." in parts
        or "\0" in name
        or name[1:2] == ":"  # a drive
        or len(parts) > MAX_DEPTH
    ):
        raise SourceRefused(f"the path {name[:200]!r} leads out of the archive")
    mode = entry.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) and stat.S_IFMT(mode):
        raise SourceRefused(f"{name[:200]}: a link or device, which is not followed")
    if entry.flag_bits & 1:
        raise SourceRefused(f"{name[:200]}: it is encrypted")
    if entry.compress_type not in _METHODS:
        raise SourceRefused(f"{name[:200]}: packed in a way that is not read here; use deflate")
    if entry.file_size > FREE_BYTES and entry.file_size > MOST_EXPANDED * max(entry.compress_size, 1):
        raise SourceRefused(f"{name[:200]}: it unpacks to more than {MOST_EXPANDED} times its size")
    return "/".join(parts)
