"""The files of a folder that a scan reads: those that the patterns name and git does not ignore."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

import pygit2

from articles.text.cli.globs import Globs
from articles.text.cli.running import Failure

# Rules are read, nothing is run: a working tree of another account, as in containers, does no harm.
pygit2.settings.owner_validation = False


def files_below(
    folder: str, *, include: Globs, exclude: Globs, on_failure: Callable[[Failure], None]
) -> Iterator[str]:
    """Yield the paths of the files to be read, each folder in the order of its names.

    Symbolic links are not followed, so no file is read twice and none outside. What git would ignore is left out,
    unless `folder` itself is ignored: then somebody asked for it. A folder or repository that cannot be read is
    reported, and the others are read all the same.
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
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
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
    """What git ignores in a working tree: what its rules name and is not tracked."""

    def __init__(self, repository: pygit2.Repository) -> None:
        self._repository = repository
        self._root = os.path.realpath(repository.workdir)
        tracked = [PurePath(entry.path) for entry in repository.index]
        self._tracked = {path.as_posix() for file in tracked for path in (file, *file.parents)}

    @classmethod
    def around(cls, folder: str) -> "_Rules | None":
        found = pygit2.discover_repository(folder)
        repository = pygit2.Repository(found) if found else None
        return cls(repository) if repository and not repository.is_bare else None

    def ignore(self, path: str) -> bool:
        parent, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - links are resolved but for the last
        relative = PurePath(os.path.relpath(Path(os.path.realpath(parent), name), self._root)).as_posix()
        if relative == "." or relative in self._tracked:
            return False
        return self._repository.path_is_ignored(relative)
