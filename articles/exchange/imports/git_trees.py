"""Trees of a repository: their names checked, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .sources import SourceRefused

MAX_DEPTH = 50  # folders inside each other
MAX_ENTRIES = 100_000  # of one folder
MAX_KEPT = 50_000  # entries of all folders that are kept; each takes some 300 bytes
LINK, SUBMODULE, FOLDER = 0o120000, 0o160000, 0o040000
# What file systems take for `.git`: NTFS shortens names, and HFS+ ignores some signs.
_IGNORED = dict.fromkeys(
    (*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF), None
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a tree: its object, and its mode in the words of git."""

    id: Any
    mode: int


Folder = dict[str, Entry]


@dataclass(slots=True)
class Trees:
    """The trees of a repository. Each is checked when it is read, and the last ones are kept."""

    repository: Any
    _folders: dict[Any, Folder] = field(default_factory=dict)
    _kept: int = 0  # entries

    def folder(self, tree_id: Any) -> Folder:
        """Return the entries of a tree by name. Raises `SourceRefused` if a name is none that a file may have."""
        if (folder := self._folders.get(tree_id)) is not None:
            return folder
        folder = {}
        try:
            tree = self.repository[tree_id]
            entries = [(entry.raw_name, entry.id, int(entry.filemode)) for entry in tree]
        except (KeyError, ValueError, TypeError) as error:
            raise SourceRefused(f"tree {tree_id}: it is missing or damaged ({error})") from None
        if len(entries) > MAX_ENTRIES:
            raise SourceRefused(f"tree {tree_id}: more than {MAX_ENTRIES:,} entries in one folder")
        for raw, id, mode in entries:
            name = _checked(raw, tree_id)
            if name in folder:
                raise SourceRefused(f"tree {tree_id}: it has {name!r} twice")
            folder[name] = Entry(id, mode)
        self._kept += len(folder)
        if self._kept > MAX_KEPT:
            self._folders.clear()
            self._kept = len(folder)
        self._folders[tree_id] = folder
        return folder

    def changes(
        self, old: Any | None, new: Any | None, *, path: str = "", depth: int = 0
    ) -> Iterator[tuple[str, Entry | None, Entry | None]]:
        """Yield the path of each file that differs between two trees, with both entries. Equal folders cost nothing."""
        if old == new:
            return
        if depth > MAX_DEPTH:
            raise SourceRefused(f"{path}: more than {MAX_DEPTH} folders inside each other")
        before = self.folder(old) if old is not None else {}
        after = self.folder(new) if new is not None else {}
        for name in sorted(before.keys() | after.keys()):
            one, other = before.get(name), after.get(name)
            if one == other:
                continue
            inner = [each.id if each and each.mode == FOLDER else None for each in (one, other)]
            if any(inner):
                yield from self.changes(*inner, path=f"{path}{name}/", depth=depth + 1)
            files = [each if each and each.mode != FOLDER else None for each in (one, other)]
            if any(files):
                yield f"{path}{name}", files[0], files[1]

    def find(self, tree_id: Any, path: str) -> Entry | None:
        """Return the file at a path of a tree; None if there is none, or a link on the way."""
        *folders, name = path.split("/")
        for each in folders:
            entry = self.folder(tree_id).get(each)
            if entry is None or entry.mode != FOLDER:
                return None
            tree_id = entry.id
        entry = self.folder(tree_id).get(name)
        return entry if entry and entry.mode not in (FOLDER, LINK, SUBMODULE) else None


def _checked(raw: bytes, tree_id: Any) -> str:
    """Return the name of an entry. One that leaves its folder, or names git's own, refuses the whole source."""
    name = raw.decode("utf-8", "surrogateescape")
    plain = name.translate(_IGNORED).lower().rstrip(". ").partition(":")[0]
    if name in ("", ".", "..") or {"/", "\0"} & set(name) or plain in (".git", "git~1"):
        raise SourceRefused(f"tree {tree_id}: the name {name!r} leads out of its folder or into git's own")
    return name
