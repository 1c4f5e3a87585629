"""Exporting: write articles with their histories into a folder, in one of four formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .exports_git import GitExport
from .exports_selection import Selection
from .exports_steps import count_steps
from .exports_target import Target


class Format(StrEnum):
    """How an export is written."""

    GIT = "git"
    FOLDER = "folder"
    JSONL = "jsonl"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: a number with its noun, as "3 commits"."""

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

    `tell` takes the number of steps done and of all, `warn` a line about each text or picture that is damaged and left
    out. Raises `ExportRefused` if the folder holds something else. May be stopped at any moment and started again.
    """
    with Target(directory, kind={"format": format.value, **selection.kind}) as target:
        total = count_steps(selection)
        made = GitExport(target, selection, warn=warn).run(lambda done: tell(done, total))
        return Exported(made, "commit", "commits")
