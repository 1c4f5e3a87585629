"""The history of a git wiki as pages: which commits changed which, followed through renames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pygit2

from .git_trees import LINK, SUBMODULE, Entry, Trees
from .sources import SourceRefused

MAX_COMMITS = 1_000_000
MAX_VERSIONS = 2_000_000  # of all pages: each takes some 300 bytes of memory
MOST_RENAMES = 400  # deleted or added pages of one commit, beyond which only equal files count as renamed


@dataclass(frozen=True, slots=True)
class Change:
    """A commit that changed a page: the page's path in it, and its file, None if it was deleted."""

    commit: Any
    path: str
    blob: Any | None


@dataclass(slots=True)
class History:
    """The changes of one page, the oldest first. `key` is where and by which commit it began."""

    key: str
    changes: list[Change] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The last path."""
        return self.changes[-1].path


@dataclass(slots=True)
class Walk:
    """What a walk over the commits of a branch found: the histories, its first commit, and what is left out."""

    histories: list[History] = field(default_factory=list)
    root: str = ""
    links: set[str] = field(default_factory=set)
    submodules: set[str] = field(default_factory=set)
    total: int = 0


def walk_history(repository: Any, main: Any, others: Iterable[Any], is_page: Callable[[str], bool]) -> Walk:
    """Walk over the commits of a branch, then over what other branches have beyond it; return the pages' histories.

    Parents come first. A commit changed a page if its file differs from that in every parent, as git's own rule is; a
    merge, too, if it takes another text than the commit before it here. A page that is deleted and made again at its
    path goes on. Raises `SourceRefused` for a name that no file may have, for a missing object, and beyond the bounds.
    Grows with commits and changed folders; no text is read, except to find renames.
    """
    walk, trees = Walk(), Trees(repository)
    at_path: dict[str, History] = {}
    number = 0
    try:
        walk.root = _root(repository, main)
        for commit in _commits(repository, main, others):
            number += 1
            if number > MAX_COMMITS:
                raise SourceRefused(f"more than {MAX_COMMITS:,} commits")
            changed = _changed(repository, trees, commit, at_path)
            for path, _, new in changed:
                if new and new.mode in (LINK, SUBMODULE):
                    (walk.links if new.mode == LINK else walk.submodules).add(path)
            pages = [
                (path, _text(old), _text(new))
                for path, old, new in changed
                if is_page(path) and _text(old) != _text(new)
            ]
            for _, _, blob in pages:
                if blob is not None:
                    repository.odb.read_header(blob)
            _note(walk, at_path, repository, commit, pages)
    except (KeyError, pygit2.GitError) as error:
        raise SourceRefused(f"the repository lacks an object, or one is damaged: {error}") from None
    return walk


def _commits(repository: Any, main: Any, others: Iterable[Any]) -> Iterator[Any]:
    """Yield the commits of the main branch, then those that only others have, so that these never part its pages."""
    order = pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.TIME | pygit2.enums.SortMode.REVERSE
    yield from repository.walk(main, order)
    walker = repository.walk(None, order)
    for head in others:
        walker.push(head)
    walker.hide(main)
    yield from walker


def _root(repository: Any, main: Any) -> str:
    """Return the first commit of a branch, by first parents: merges of other histories leave it as it is."""
    commit = repository[main]
    while commit.parent_ids:
        commit = repository[commit.parent_ids[0]]
    return str(commit.id)


def _changed(
    repository: Any, trees: Trees, commit: Any, at_path: dict[str, History]
) -> list[tuple[str, Entry | None, Entry | None]]:
    """Return the files that differ from those in every parent, with their entries in the first parent.

    Of a merge, also the pages whose text it takes from one parent while another one's was noted last.
    """
    parents = [repository[each].tree_id for each in commit.parent_ids] or [None]
    first, *others = (list(trees.changes(parent, commit.tree_id)) for parent in parents)
    if not others:
        return first
    changes = {path: (path, old, new) for differing in (*others, first) for path, old, new in differing}
    everywhere = set.intersection(*({path for path, _, _ in differing} for differing in (first, *others)))

    def is_other(path: str, new: Entry | None) -> bool:
        return path in at_path and at_path[path].changes[-1].blob != _text(new)

    return [
        change for path, change in sorted(changes.items()) if path in everywhere or is_other(path, change[2])
    ]


def _text(entry: Entry | None) -> Any | None:
    """Return the object of a file; None for none, and for what is no file."""
    return entry.id if entry and entry.mode not in (LINK, SUBMODULE) else None


def _note(
    walk: Walk,
    at_path: dict[str, History],
    repository: Any,
    commit: Any,
    pages: list[tuple[str, Any | None, Any | None]],
) -> None:
    """Add the changes of a commit to the histories of their pages."""
    gone = {path: old for path, old, new in pages if old is not None and new is None and path in at_path}
    come = {
        path: new
        for path, old, new in pages
        # In a merge, a page that another parent has is none that took over a file.
        if old is None and new is not None and not _is_there(at_path, path)
    }
    renamed = find_renames(repository, gone, come) if gone and come else {}
    moved = {new: at_path.pop(old) for new, old in renamed.items()}
    for path, old, new in pages:
        if path in renamed.values() and new is None:
            continue
        history = moved.get(path) or at_path.get(path)
        if history is None:
            if new is None and old is None:
                continue
            history = History(f"{commit.id}:{path}")
            walk.histories.append(history)
        at_path[path] = history
        history.changes.append(Change(commit.id, path, new))
        walk.total += 1
    if walk.total > MAX_VERSIONS:
        raise SourceRefused(f"more than {MAX_VERSIONS:,} versions of pages")


def _is_there(at_path: dict[str, History], path: str) -> bool:
    return path in at_path and at_path[path].changes[-1].blob is not None


def find_renames(repository: Any, gone: dict[str, Any], come: dict[str, Any]) -> dict[str, str]:
    """Return for each added path the deleted path whose file it took over: an equal one, else one half alike.

    Lines count, as in git. Of several the first in order of path is taken.
    """
    renamed: dict[str, str] = {}
    left = dict(sorted(gone.items()))
    for new, blob in sorted(come.items()):
        old = next((path for path, each in left.items() if each == blob), None)
        if old is not None:
            renamed[new] = old
            del left[old]
    if not left or len(left) > MOST_RENAMES or len(come) > MOST_RENAMES:
        return renamed
    for new, blob in sorted(come.items()):
        if new not in renamed and left:
            share, old = max((_likeness(repository, each, blob), path) for path, each in left.items())
            if share >= 0.5:
                renamed[new] = old
                del left[old]
    return renamed


MAX_COMPARED_BYTES = 1_000_000


def _likeness(repository: Any, old: Any, new: Any) -> float:
    """Return how much of the longer of two files stands in both, by whole lines; 0 for long ones."""
    if any(repository.odb.read_header(each)[1] > MAX_COMPARED_BYTES for each in (old, new)):
        return 0.0
    one, other = (repository[each].data for each in (old, new))
    lines: dict[bytes, int] = {}
    for line in one.splitlines(keepends=True):
        lines[line] = lines.get(line, 0) + 1
    shared = 0
    for line in other.splitlines(keepends=True):
        if lines.get(line):
            lines[line] -= 1
            shared += len(line)
    return shared / max(len(one), len(other), 1)
