"""The commits of an export: texts, pictures and messages as git objects."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import pygit2
import regex

from ..front_matter import written
from ..trailers import State, message
from .packs import Kind, PackWriter, object_id
from .pictures import FOLDER, Pictures
from .selection import TEXTS, no_reply, shown_texts
from .steps import Step

ARTICLES = "articles"
DRAFTS, MAIN = "refs/heads/drafts", "refs/heads/main"
SITE = "Palimpsest"  # commits what went live and offline
_UNFIT = regex.compile(r"[<>\p{Cc}\p{Zl}\p{Zp}]+")  # in the name of a git author
_CRUD = " .,:;<>\"\\'"  # git drops it at the ends of a name


class Folder:
    """A folder of files in a tree, by name; an id is 20 bytes."""

    def __init__(self, tree: Any = ()) -> None:
        entries = sorted((entry.name.encode(), bytes.fromhex(str(entry.id))) for entry in tree)
        self._names = [name for name, _oid in entries]
        self._entries = [_entry(b"100644", name, oid) for name, oid in entries]

    def __contains__(self, name: str) -> bool:
        return self._place(name.encode())[1]

    def put(self, name: str, oid: bytes) -> None:
        """Add a file, or replace it."""
        key = name.encode()
        place, is_there = self._place(key)
        if not is_there:
            self._names.insert(place, key)
            self._entries.insert(place, b"")
        self._entries[place] = _entry(b"100644", key, oid)

    def take(self, name: str) -> bytes | None:
        """Take a file out, and return its id; None if it is not there."""
        place, is_there = self._place(name.encode())
        if not is_there:
            return None
        del self._names[place]
        return self._entries.pop(place)[-20:]

    @property
    def data(self) -> bytes:
        """The tree object."""
        return b"".join(self._entries)

    def _place(self, key: bytes) -> tuple[int, bool]:
        place = bisect_left(self._names, key)
        return place, place < len(self._names) and self._names[place] == key


class CommitWriter:
    """Writes steps as commits into packs, one after the other. `path` is that of the repository."""

    def __init__(
        self, path: str, pictures: Pictures, *, tips: dict[str, str], warn: Callable[[str], None]
    ) -> None:
        self.pictures, self.warn = pictures, warn
        self.tips = dict(tips)
        self.whole: Any = pygit2.Repository(path)
        self.folders = {
            (branch, name): self._stored(branch, name)
            for branch in (DRAFTS, MAIN)
            for name in (ARTICLES, FOLDER)
        }

    def _stored(self, branch: str, path: str) -> Folder:
        """Return a folder as it stands at the tip of a branch."""
        if branch not in self.tips or path not in self.whole[self.tips[branch]].tree:
            return Folder()
        return Folder(self.whole[self.tips[branch]].tree[path])

    def begin(self, pack: PackWriter) -> None:
        """Write into this pack from now on."""
        self.pack = pack
        self.whole = pygit2.Repository(self.whole.path)  # sees the packs before

    def texts(self, chunk: Sequence[Step]) -> Iterator[tuple[Step, bytes | None, list[str]]]:
        """Yield each step with the file of the version that it shows and the pictures; None if it shows none.

        Reads some texts at a time. Warns of those that are damaged.
        """
        for start in range(0, len(chunk), TEXTS):
            steps = chunk[start : start + TEXTS]
            keys = {step.revision for step in steps if step.is_shown}
            files = {pk: written(row.content).encode() for pk, row in shown_texts(keys, self.warn).items()}
            pictures = self.pictures.of(files.keys())
            for step in steps:
                text = files.get(step.revision) if step.is_shown else None
                yield step, text, pictures.get(step.revision, []) if text is not None else []

    def commit(
        self, step: Step, *, before: str | None, name: str | None, text: bytes | None, pictures: list[str]
    ) -> None:
        """Add the commit of a step, in which the article's file has another name than before, or none."""
        branch = branch_of(step)
        articles = self.folders[branch, ARTICLES]
        former = articles.take(f"{before}.md") if before else None
        if text is not None:
            articles.put(f"{name}.md", self._blob(text, like=str(step.trailers.article)))
            self._add_pictures(self.folders[branch, FOLDER], pictures)
        elif (
            former and name and step.trailers.state is State.SAVED
        ):  # hidden or damaged: the file stays as it was
            articles.put(f"{name}.md", former)
        trailers = step.trailers
        author = _person(
            trailers.claimed_author or trailers.author, trailers.claimed_at or trailers.written_at
        )
        committer = _person(trailers.author if trailers.state is State.SAVED else SITE, step.at)
        lines = [f"tree {self._tree(branch).hex()}"]
        if branch in self.tips:
            lines.append(f"parent {self.tips[branch]}")
        lines += [f"author {author}", f"committer {committer}", "", message(trailers)]
        self.tips[branch] = self.pack.add(Kind.COMMIT, "\n".join(lines).encode()).hex()

    def _tree(self, branch: str) -> bytes:
        """Add the trees of a branch, and return the id of the root. Git knows no empty folders."""
        root = []
        if articles := self.folders[branch, ARTICLES].data:
            root.append(
                _entry(b"40000", b"articles", self.pack.add(Kind.TREE, articles, like=f"{branch} {ARTICLES}"))
            )
        if tree := self.folders[branch, FOLDER].data:
            oid = self.pack.add(Kind.TREE, tree, like=f"{branch} {FOLDER}")
            *around, last = FOLDER.split("/")
            for name in reversed(around):
                oid, last = self.pack.add(Kind.TREE, _entry(b"40000", last.encode(), oid)), name
            root.append(_entry(b"40000", last.encode(), oid))
        return self.pack.add(Kind.TREE, b"".join(root))

    def _add_pictures(self, folder: Folder, pictures: list[str]) -> None:
        for file in pictures:
            if file not in folder and (data := self.pictures.read(file)) is not None:
                folder.put(file, self._blob(data))

    def _blob(self, data: bytes, *, like: str = "") -> bytes:
        """Add a file unless an earlier pack has it, and return its id."""
        oid = object_id(Kind.BLOB, data)
        if oid not in self.pack and pygit2.Oid(oid) in self.whole:
            return oid
        return self.pack.add(Kind.BLOB, data, like=like)


def branch_of(step: Step) -> str:
    """Return the branch of a step's commit."""
    return DRAFTS if step.trailers.state is State.SAVED else MAIN


def _entry(mode: bytes, name: bytes, oid: bytes) -> bytes:
    return b"%b %b\0%b" % (mode, name, oid)


def _person(name: str, at: datetime) -> str:
    """Return who did something at what time, as a commit has it; no time before 1970."""
    cleaned = " ".join(_UNFIT.sub(" ", name).split()).strip(_CRUD) or "(no name)"
    return f"{cleaned} <{no_reply()}> {max(int(at.timestamp()), 0)} +0000"
