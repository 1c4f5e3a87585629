"""Opening a repository or a bundle of one, without running or following anything that stands in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pygit2

from .sources import SourceRefused

MAX_PACK_BYTES = 4_000_000_000
MAX_FILES = 2_000_000  # of a repository's own folder
MAX_SECONDS = 3_600  # for taking a bundle apart
MAX_HEADER_LINES = 10_000  # of a bundle
MAX_LINE_BYTES = 5_000
CACHED_BYTES = 16_000_000  # of objects that libgit2 keeps; 256 MB unless told
_SIGNATURES = {b"# v2 git bundle\n", b"# v3 git bundle\n"}
_PARTS = ("HEAD", "objects", "refs")  # of a repository


def is_repository(path: Path) -> bool:
    """Return whether a folder is a repository, with or without files beside it."""
    return _git_folder(path) is not None


def is_bundle(path: Path) -> bool:
    """Return whether a file begins as a bundle does."""
    with path.open("rb") as file:
        return file.read(16) in _SIGNATURES


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Yield the repository in a folder or bundle. Raises `SourceRefused`. A bundle is unpacked beside, and removed."""
    pygit2.settings.cache_max_size(CACHED_BYTES)
    try:
        if path.is_dir():
            yield _opened(_git_folder(path) or path)
            return
        with tempfile.TemporaryDirectory(prefix="palimpsest-import-") as folder:
            _unpack(path, Path(folder))
            yield _opened(Path(folder))
    except pygit2.GitError as error:  # a part that only its reading shows to be damaged or lost
        raise SourceRefused(f"the repository lacks something, or it is damaged: {error}") from None


def heads_of(repository: Any) -> dict[str, Any]:
    """Return the last commit of each branch by the branch's name; a branch of anything else is passed over."""
    heads: dict[str, Any] = {}
    for name in repository.listall_branches():
        try:
            heads[name] = repository.references[f"refs/heads/{name}"].peel(pygit2.Commit).id
        except (pygit2.GitError, KeyError, ValueError):  # it names no commit, or none that is there
            continue
    return heads


def _git_folder(path: Path) -> Path | None:
    for folder in (path, path / ".git"):
        if folder.is_dir() and all((folder / part).exists() for part in _PARTS):
            return folder
    return None


def _opened(folder: Path) -> Any:
    """Return the repository in a folder whose files are all its own: links and other repositories are not followed."""
    pending, seen = [folder], 0
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                seen += 1
                if entry.is_symlink():
                    raise SourceRefused(f"{entry.path}: a link in a repository is not followed")
                if entry.is_dir(follow_symlinks=False):
                    pending.append(Path(entry.path))
        if seen > MAX_FILES:
            raise SourceRefused(f"more than {MAX_FILES:,} files; run git gc in it first")
    for name in ("objects/info/alternates", "commondir"):
        if (folder / name).exists():
            raise SourceRefused(
                f"{folder / name}: objects of another repository are not followed; clone it first"
            )
    flags = pygit2.enums.RepositoryOpenFlag.NO_SEARCH | pygit2.enums.RepositoryOpenFlag.BARE
    try:
        return pygit2.Repository(str(folder), flags)
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise SourceRefused(f"{error}") from None


def _unpack(path: Path, folder: Path) -> None:
    """Make a repository of a bundle, by `git index-pack`, which writes objects and no file of theirs."""
    if (git := shutil.which("git")) is None:
        raise SourceRefused("a bundle is taken apart by git, which is not installed here")
    for name in ("objects/pack", "refs/heads"):
        (folder / name).mkdir(parents=True)
    with path.open("rb") as file:
        references = _references(file)
        (folder / "HEAD").write_text("ref: refs/heads/main\n")
        command = [
            git,
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "core.bigFileThreshold=1m",
            "-c",
            "pack.threads=1",
        ]
        command += ["index-pack", "--stdin", f"--max-input-size={MAX_PACK_BYTES}"]
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "GIT_DIR": str(folder),
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        file_number = os.dup(file.fileno())
        try:
            os.lseek(file_number, file.tell(), os.SEEK_SET)
            done = subprocess.run(  # noqa: S603
                command,
                stdin=file_number,
                capture_output=True,
                cwd=folder,
                env=environment,
                timeout=MAX_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SourceRefused(f"git took longer than {MAX_SECONDS:,} seconds over it") from None
        finally:
            os.close(file_number)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise SourceRefused(f"the bundle is damaged: {said[-1][:300] if said else 'git refuses it'}")
    for name, commit in references.items():
        _write_reference(folder, name, commit)


def _references(file: Any) -> dict[str, str]:
    """Return the references that the head of a bundle lists, and leave the file at its pack."""
    if file.readline(MAX_LINE_BYTES) not in _SIGNATURES:
        raise SourceRefused("not a bundle of git")
    references: dict[str, str] = {}
    for _ in range(MAX_HEADER_LINES):
        line = file.readline(MAX_LINE_BYTES)
        if line == b"\n":
            if not references:
                raise SourceRefused("the bundle names no branch")
            return references
        text = line.decode("ascii", "replace").rstrip("\n")
        if text.startswith("-"):
            raise SourceRefused(
                f"the bundle needs commit {text[1:41]} of another repository; make one with --all"
            )
        if text.startswith("@") and text != "@object-format=sha1":
            raise SourceRefused(f"the bundle asks for {text[1:60]}, which is not known here")
        commit, _, name = text.partition(" ")
        if not text.startswith("@"):
            if len(commit) != 40 or not set(commit) <= set("0123456789abcdef") or not name:
                raise SourceRefused("the head of the bundle is damaged")
            references[name] = commit
    raise SourceRefused("the head of the bundle does not end")


def _write_reference(folder: Path, name: str, commit: str) -> None:
    """Note a branch, or the commit of HEAD. Names that are no plain ones are passed over."""
    if name == "HEAD":
        (folder / "HEAD").write_text(f"{commit}\n")
        return
    repository = pygit2.Repository(str(folder), pygit2.enums.RepositoryOpenFlag.BARE)
    if name.startswith("refs/heads/") and pygit2.reference_is_valid_name(name):
        repository.references.create(name, commit)
