"""Files of a folder that a scan reads: they match the patterns, and git does not ignore them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

import pygit2

from articles.text.cli.globs import Globs
from articles.text.cli.running import Failure

# Only rules are read and nothing is run, so the working tree may belong to another account, as in containers.
pygit2.settings.owner_validation = False


def files_below(
    folder: str, *, include: Globs, exclude: Globs, on_failure: Callable[[Failure], None]
) -> Iterator[str]:
    """Yield the paths of the files to read, in the order of their names in each folder.

    Symbolic links are not followed, so no file is read twice and none outside of the folder. Files that git ignores
    are left out, unless git ignores `folder` itself. Calls `on_failure` for each folder or repository that cannot be
    read, and goes on.
    """
    try:
        rules = _Rules.around(folder)
    except pygit2.GitError as error:
        on_failure(Failure(f"{folder}: its Git repository cannot be read: {error}"))
        return
    if rules and rules.ignore(folder):
        rules = None
    yield from _walk(folder, rules, include, exclude, on_failure)


def _walk(
    folder: str,
    rules: "_Rules | None",
    include: Globs,
    exclude: Globs,
    on_failure: Callable[[Failure], None],
) -> Iterator[str]:
    try:
        with os.scandir(folder) as scandir:
            entries = sorted(scandir, key=lambda entry: entry.name)
    except OSError as error:
        on_failure(Failure(f"{folder}: {error.strerror or error}"))
        return
    for entry in entries:
        path = entry.path
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and not (entry.is_file(follow_symlinks=False) and include.match(path)):
            continue
        if exclude.match(path) or entry.name == ".git" or (rules and rules.ignore(path)):
            continue
        if not is_folder:
            yield path
        elif os.path.lexists(Path(path, ".git")):  # a repository within, with rules of its own
            yield from files_below(path, include=include, exclude=exclude, on_failure=on_failure)
        else:
            yield from _walk(path, rules, include, exclude, on_failure)


class _Rules:
    """Rules of git for a working tree: it ignores files that match a pattern and are not tracked."""

    def __init__(self, repository: pygit2.Repository) -> None:
        self._repository = repository
        self._root = os.path.realpath(repository.workdir)
        tracked = [PurePath(entry.path) for entry in repository.index]
        self._tracked = {path.as_posix() for file in tracked for path in (file, *file.parents)}

    @classmethod
    def around(cls, folder: str) -> "_Rules | None":
        """Return the rules of the repository that a folder is in; None if it is in no working tree."""
        path = pygit2.discover_repository(folder)
        repository = pygit2.Repository(path) if path else None
        return cls(repository) if repository and not repository.is_bare else None

    def ignore(self, path: str) -> bool:
        """Return whether git ignores a file or folder."""
        parent, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - all links except the last are resolved
        relative = PurePath(os.path.relpath(Path(os.path.realpath(parent), name), self._root)).as_posix()
        if relative == "." or relative in self._tracked:
            return False
        return self._repository.path_is_ignored(relative)
