"""Choosing the reader of a source by what it is, never by its name alone."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import git_opening
from .folder_files import opened_files
from .reading_export import read_own_export
from .reading_folder import Folder
from .reading_git import read_git_wiki
from .reading_mediawiki import read_export
from .reporting import Report
from .sources import Source, SourceRefused

EXPORTS = (".xml", ".xml.gz", ".xml.bz2")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an import was asked for beside the source.

    `branch` and `with_drafts` are for repositories, `pictures` for an export, `name` and `encoding` for a folder.
    """

    branch: str = ""
    with_drafts: bool = False
    pictures: Path | None = None
    name: str = ""
    encoding: str = ""


@contextmanager
def opened_source(path: Path, report: Report, wishes: Wishes) -> Iterator[Source]:
    """Yield a source that was looked at whole. Raises `SourceRefused`, and leaves nothing behind."""
    if path.is_symlink() or not path.exists():
        raise SourceRefused("there is no such file or folder, or it is a link, which is not followed")
    if (path.is_dir() and git_opening.is_repository(path)) or (
        path.is_file() and git_opening.is_bundle(path)
    ):
        with git_opening.opened(path) as repository:
            yield read_own_export(repository, report) or read_git_wiki(
                repository, report, branch=wishes.branch, with_drafts=wishes.with_drafts
            )
        return
    if path.is_file() and path.name.lower().endswith(EXPORTS):
        yield read_export(path, report, pictures=wishes.pictures)
        return
    if not path.is_dir() and not path.is_file():  # a pipe would be waited for
        raise SourceRefused("a pipe or device is no source")
    if path.is_dir() or zipfile.is_zipfile(path) or path.suffix.lower() == ".zip":
        with opened_files(path, report) as files:
            yield Folder(wishes.name or str(path.resolve()), files, report, encoding=wishes.encoding)
        return
    raise SourceRefused("no repository, bundle, folder of Markdown, zip of one, or export of a MediaWiki")
