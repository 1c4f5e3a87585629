"""The folder that an export writes: nothing outside of it, no symbolic link followed, no folder of somebody else."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

MARK = (
    "palimpsest-export"  # the file that makes a folder an export: a line that says of what, then one a file
)
_NEW = ".palimpsest-new"  # a file that is being written
_VERSION = 1


class ExportRefused(Exception):
    """An export that cannot be written where it was asked to. The message says why, and what to do."""


class Target:
    """A folder of an export, locked while it is open. `kind` says what is exported: equal kinds go on with each other.

    Each file has a key, by which the next export knows that it is still right. A file has its name once it is whole,
    so an export may be stopped at any moment. Raises `ExportRefused` if the folder holds something else, or if another
    export writes to it.
    """

    def __init__(self, directory: Path, *, kind: Mapping[str, Any]) -> None:
        self.kind = {"made_by": "export_articles", "version": _VERSION, **kind}
        try:
            self.path = directory.resolve()
            self.path.mkdir(exist_ok=True)
            self._root = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        except (OSError, ValueError) as error:
            raise ExportRefused(f"{directory} cannot be written: {_reason(error)}.") from None
        self._keys: dict[str, str] = {}
        self._kept: set[str] = set()
        self._open_mark(directory)

    def __enter__(self) -> Target:
        return self

    def __exit__(self, *_: object) -> None:
        self._mark.close()
        os.close(self._root)

    def _open_mark(self, directory: Path) -> None:
        """Lock and read the mark; make it in an empty folder."""
        is_new = {each.name for each in os.scandir(self._root)} <= {MARK}
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | (os.O_CREAT if is_new else 0)
        try:
            self._mark = os.fdopen(os.open(MARK, flags, 0o666, dir_fd=self._root), "r+b")
        except OSError:
            raise ExportRefused(
                f"{directory} holds something else. Choose an empty folder, or one that this command made."
            ) from None
        try:
            fcntl.flock(self._mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.__exit__()
            raise ExportRefused(
                f"Another export is writing to {directory}. Wait until it has ended."
            ) from None
        head, *rest = self._mark.read().split(b"\n")
        is_unmade = is_new and not rest  # it was stopped before it wrote the first line
        if not is_unmade and _parsed(head) != json.loads(json.dumps(self.kind)):
            self.__exit__()
            raise ExportRefused(
                f"{directory} holds an export of another kind, of other articles or of another release."
                " Choose another folder, or empty it first."
            )
        for line in rest[:-1]:  # the last one is empty, or was cut off
            key, _space, path = line.decode(errors="replace").partition(" ")
            self._keys[path] = key
        if is_unmade or rest[-1:] != [b""]:
            self._write_mark()
        self._mark.seek(0, os.SEEK_END)

    def _write_mark(self) -> None:
        """Write the mark anew. It stays the same file, which is locked."""
        lines = "".join(f"{key} {path}\n" for path, key in sorted(self._keys.items()))
        data = f"{json.dumps(self.kind, sort_keys=True)}\n{lines}".encode()
        self._mark.seek(0)
        if data != self._mark.read():
            self._mark.seek(0)
            self._mark.write(data)
            self._mark.truncate()
            self._mark.flush()

    def is_current(self, path: str, key: str) -> bool:
        """Return whether a file was written with this key and is still there; if so, it is kept."""
        if self._keys.get(path) != key or not self._is_file(path):
            return False
        self._kept.add(path)
        return True

    def put(self, path: str, data: bytes, *, key: str = "") -> bool:
        """Write a file with this key, that of its bytes unless given, and return whether it was not there already."""
        key = key or hashlib.sha256(data).hexdigest()
        if self.is_current(path, key):
            return False
        folder = self._folder(path)
        name = path.rpartition("/")[2]
        try:
            _unlink(_NEW, folder)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(_NEW, flags, 0o666, dir_fd=folder), "wb") as file:
                file.write(data)
            os.replace(_NEW, name, src_dir_fd=folder, dst_dir_fd=folder)  # a link is replaced, not followed
        except OSError as error:
            raise ExportRefused(f"{path} cannot be written: {_reason(error)}.") from None
        finally:
            os.close(folder)
        self._keys[path] = key
        self._kept.add(path)
        self._mark.write(f"{key} {path}\n".encode())
        self._mark.flush()
        return True

    def opened(self, name: str) -> IO[bytes]:
        """Return a file at the top of the export, open for reading and writing from its beginning."""
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
            return os.fdopen(os.open(name, flags, 0o666, dir_fd=self._root), "r+b")
        except OSError as error:
            raise ExportRefused(f"{name} cannot be written: {_reason(error)}.") from None

    def finish(self) -> int:
        """Delete the files of earlier exports that this one did not write or keep, and return their number."""
        gone = self._keys.keys() - self._kept
        for path in gone:
            if self._is_file(path):
                folder = self._folder(path)
                _unlink(path.rpartition("/")[2], folder)
                os.close(folder)
            del self._keys[path]
        self._write_mark()
        return len(gone)

    def _is_file(self, path: str) -> bool:
        folder, name = path.rpartition("/")[::2]
        if any(part in ("", ".", "..") for part in path.split("/")):
            return False
        try:
            found = self._folder(path) if folder else os.dup(self._root)
        except ExportRefused:
            return False
        try:
            return stat.S_ISREG(os.lstat(name, dir_fd=found).st_mode)
        except OSError:
            return False
        finally:
            os.close(found)

    def _folder(self, path: str) -> int:
        """Return the open folder of a file, which is made if it is not there."""
        folder = os.dup(self._root)
        for part in path.split("/")[:-1]:
            try:
                if part in ("", ".", ".."):
                    raise ExportRefused(f"{path} is no path inside the export.")
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=folder)
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            except OSError:
                raise ExportRefused(f"{part} in {self.path} is no folder, or a link. Remove it.") from None
            finally:
                os.close(folder)
            folder = inner
        return folder


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _unlink(name: str, folder: int) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else str(error)) or str(error)
