"""The commits of an export: texts, pictures and messages become git objects, some hundred commits at a time."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygit2
import regex
from pygit2.enums import FileMode

from articles.models import DamagedText, Revision

from .exports_pictures import FOLDER, Pictures
from .exports_selection import no_reply
from .exports_steps import Step
from .front_matter import written
from .trailers import State, message

ARTICLES = "articles"
DRAFTS, MAIN = "refs/heads/drafts", "refs/heads/main"
_UNFIT = regex.compile(r"[<>\p{Cc}\p{Zl}\p{Zp}]+")  # in the name of a git author
_CRUD = " .,:;<>\"\\'"  # git drops it at the ends of a name
_FIRST = 0  # the first moment that git takes
_EMPTY = (
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # a tree without files, which libgit2 has without storing it
)


class Folder:
    """A folder of files in a tree that grows. It is written once for each state."""

    def __init__(self, repository: Any, tree: Any) -> None:
        self._builder = repository.TreeBuilder(tree) if tree is not None else repository.TreeBuilder()
        self._written: Any = tree.id if tree is not None else None

    def __len__(self) -> int:
        return len(self._builder)

    def __contains__(self, name: str) -> bool:
        return self._builder.get(name) is not None

    def insert(self, name: str, blob: Any) -> None:
        self._builder.insert(name, blob, FileMode.BLOB)
        self._written = None

    def remove(self, name: str) -> Any:
        """Take a file out, and return the id of its blob; None if it was not there."""
        file = self._builder.get(name)
        if file is None:
            return None
        self._builder.remove(name)
        self._written = None
        return file.id

    def written(self) -> Any:
        """Return the id of the tree, which is written unless it is the same as before."""
        self._written = self._written or self._builder.write()
        return self._written


class ChunkWriter:
    """The objects of some commits, in a repository of their own until they are in a pack."""

    def __init__(self, repository: Any, whole: Any, pictures: Pictures, chunk: list[Step]) -> None:
        self.repository, self.whole, self.pictures = repository, whole, pictures
        self.shown = pictures.of({step.revision for step in chunk if step.is_shown})
        self.objects: dict[Any, None] = {}
        self.folders: dict[tuple[str, str], Folder] = {}  # by branch and path

    def commit(
        self,
        branch: str,
        tip: str | None,
        step: Step,
        *,
        before: str | None,
        name: str | None,
        text: bytes | None,
    ) -> str:
        """Add a commit to a branch, and return its id."""
        articles = self._folder(branch, tip, ARTICLES)
        former = articles.remove(f"{before}.md") if before else None
        if text is not None:
            articles.insert(f"{name}.md", self._blob(text))
            self._add_pictures(self._folder(branch, tip, FOLDER), step.revision)
        elif (
            former and name and step.trailers.state is State.SAVED
        ):  # hidden or damaged: the file stays as it was
            articles.insert(f"{name}.md", former)
        root = self.repository.TreeBuilder()
        for folder in (ARTICLES, FOLDER):
            self._insert(root, folder, self._folder(branch, tip, folder))
        trailers = step.trailers
        author = _signature(
            trailers.claimed_author or trailers.author, trailers.claimed_at or trailers.written_at
        )
        commit = self.repository.create_commit(
            None,
            author,
            _signature(trailers.author if trailers.state is State.SAVED else "Palimpsest", step.at),
            message(trailers),
            self._keep(root.write()),
            [tip] if tip else [],
        )
        return str(self._keep(commit))

    def _folder(self, branch: str, tip: str | None, path: str) -> Folder:
        """Return a folder of a branch, which begins as it stands at the tip."""
        if (branch, path) not in self.folders:
            tree = self.repository[tip].tree if tip else None
            for part in path.split("/"):
                tree = tree[part] if tree is not None and part in tree else None
            self.folders[branch, path] = Folder(self.repository, tree)
        return self.folders[branch, path]

    def _insert(self, root: Any, path: str, folder: Folder) -> None:
        """Put a folder into the root, and the folders around it; not an empty one, which git knows not."""
        if not folder:
            return
        *around, last = path.split("/")
        tree = self._keep(folder.written())
        while around:
            outer = self.repository.TreeBuilder()
            outer.insert(last, tree, FileMode.TREE)
            tree, last = self._keep(outer.write()), around.pop()
        root.insert(last, tree, FileMode.TREE)

    def _add_pictures(self, folder: Folder, revision: int) -> None:
        for file in self.shown.get(revision, ()):
            if file not in folder and (data := self.pictures.read(file)) is not None:
                folder.insert(file, self._blob(data))

    def _blob(self, data: bytes) -> Any:
        oid = pygit2.hash(data)
        return oid if oid in self.whole else self._keep(self.repository.create_blob(data))

    def _keep(self, oid: Any) -> Any:
        """Note an object for the pack, unless an earlier pack has it."""
        if oid not in self.objects and (oid not in self.whole or str(oid) == _EMPTY):
            self.objects[oid] = None
        return oid

    def pack(self, folder: Path, *, by: Path) -> str:
        """Write the objects into a pack, by way of another folder, and return its name."""
        builder = pygit2.PackBuilder(self.repository)
        builder.set_threads(1)
        for oid in self.objects:
            builder.add(oid)
        builder.write(str(by))
        [path] = by.glob("*.pack")
        for suffix in (".pack", ".idx"):  # git sees a pack by its index
            made = path.with_suffix(suffix)
            with made.open("rb") as file:
                os.fsync(file.fileno())
            made.replace(folder / made.name)
        return path.stem


def read_files(chunk: list[Step], warn: Callable[[str], None]) -> dict[int, bytes]:
    """Return the files of the revisions that some steps show, by key; not those that are damaged."""
    keys = {step.revision for step in chunk if step.is_shown}
    rows = Revision.objects.withholding_from(None).with_text().filter(pk__in=keys)
    files = {}
    for revision in rows.order_by():
        try:
            files[revision.pk] = written(revision.content).encode()
        except DamagedText as damage:
            warn(f"{damage}; its text is left out")
    return files


def branch_of(step: Step) -> str:
    """Return the branch of a step's commit."""
    return DRAFTS if step.trailers.state is State.SAVED else MAIN


def _signature(name: str, at: Any) -> Any:
    cleaned = " ".join(_UNFIT.sub(" ", name).split()).strip(_CRUD) or "(no name)"
    return pygit2.Signature(cleaned, no_reply(), max(int(at.timestamp()), _FIRST), 0)
