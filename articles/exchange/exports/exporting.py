"""Exporting: write articles with their histories into a folder, in one of four formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pygit2

from .folder import FolderExport
from .git import GitExport
from .html import SiteExport
from .jsonl import LinesExport
from .selection import Selection
from .steps import count_steps
from .target import ExportRefused, Target


class Format(StrEnum):
    """How an export is written."""

    GIT = "git"
    FOLDER = "folder"
    JSONL = "jsonl"
    HTML = "html"


_WRITERS: dict[Format, Any] = {
    Format.GIT: GitExport,
    Format.FOLDER: FolderExport,
    Format.JSONL: LinesExport,
    Format.HTML: SiteExport,
}
_NOUNS = {
    Format.GIT: ("commit", "commits"),
    Format.FOLDER: ("file", "files"),
    Format.JSONL: ("version", "versions"),
    Format.HTML: ("file", "files"),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: a number and its noun, for one and for many."""

    number: int
    one: str
    many: str


def export(
    directory: Path,
    selection: Selection,
    *,
    format: Format,
    tell: Callable[[int, int], None],
    warn: Callable[[str], None],
) -> Exported:
    """Write what is new of a selection into a folder. The result is that of a first export.

    `tell` takes the numbers of steps done and of all, `warn` a line about each text or picture that is damaged and left
    out. Raises `ExportRefused` if the folder holds something else. May be stopped at any moment and started again.
    """
    total = _count(selection, format)
    with Target(directory, kind={"format": format.value, **selection.kind}) as target:
        try:
            writer = _WRITERS[format](target, selection, warn=warn)
            return Exported(writer.run(lambda done: tell(done, total)), *_NOUNS[format])
        except pygit2.GitError as error:
            raise ExportRefused(
                f"{directory} is damaged: {error}. Empty the folder, and export anew."
            ) from None


def _count(selection: Selection, format: Format) -> int:
    """Return the number of steps that an export tells of: commits, versions or articles."""
    match format:
        case Format.GIT:
            return count_steps(selection)
        case Format.JSONL:
            return selection.revisions().count()
        case Format.FOLDER:
            return selection.all_articles().count()
        case Format.HTML:
            return selection.live_articles().count()
