"""A git repository of a site's history: `drafts` has a commit for each version, `main` one for each step of readers.

The repository is bare. It is written in packs of some hundred commits; `palimpsest-packs` has a line for each pack, and
`palimpsest-steps` a digest for each commit, so that the next export sees where the history on the site differs: at its
end, if it only went on; further back, if something was hidden since. From there on the commits are made anew, and the
packs with the former ones are deleted. So the result is always the one that a first export would have.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pygit2

from ..trailers import State
from .commits import DRAFTS, MAIN, CommitWriter, branch_of
from .packs import MOST_BYTES, PackWriter, remove_unfinished, sync
from .pictures import Pictures
from .selection import FileNames, Selection
from .steps import Step, steps
from .target import ExportRefused, Target

_STEPS, _PACKS = "palimpsest-steps", "palimpsest-packs"
CHUNK = 2_000  # commits of a pack
_DIGEST = 32  # bytes
_NONE = "-"
_LINE = re.compile(r"([0-9]{1,18}) (pack-[0-9a-f]{40}) ([0-9a-f]{40}|-) ([0-9a-f]{40}|-)\n")  # of a pack


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was written: the number of commits up to its end, its name, and where the branches stand then."""

    steps: int
    name: str
    tips: dict[str, str]

    @property
    def line(self) -> str:
        tips = " ".join(self.tips.get(branch, _NONE) for branch in (DRAFTS, MAIN))
        return f"{self.steps} {self.name} {tips}\n"


class GitExport:
    """An export of a selection into a bare repository. `warn` takes a line about each text that cannot be read."""

    def __init__(self, target: Target, selection: Selection, *, warn: Callable[[str], None]) -> None:
        self.path, self.selection, self.warn = target.path, selection, warn
        self.pictures = Pictures(warn)
        _refuse_links(self.path)
        if not (self.path / "HEAD").exists() or not (self.path / "objects/pack").is_dir():
            pygit2.init_repository(str(self.path), bare=True, initial_head="main")
        self.packs = _read_packs(self.path / _PACKS)
        self._refuse_foreign_branches()
        remove_unfinished(self.path / "objects/pack")
        self._drop_strays()

    def run(self, tell: Callable[[int], None]) -> int:
        """Write what is new, and return the number of commits that were made. `tell` takes the number of steps done."""
        history = steps(self.selection)
        names = {DRAFTS: FileNames(), MAIN: FileNames()}
        done = kept = 0
        left: list[Step] = []  # steps that were read and have no pack yet
        for pack in self.packs:
            left = list(islice(history, pack.steps - done))
            if not self._is_pack_of(left, start=done, pack=pack):
                break
            for step in left:
                _follow(names[branch_of(step)], step)
            done, left = pack.steps, []
            kept += 1
            tell(done)
        if kept < len(self.packs):
            if self._is_repacked():
                self._empty()
                return self.run(tell)
            self._drop_packs(kept)
        if (self.path / _STEPS).exists():  # a line too many if an export was stopped
            os.truncate(self.path / _STEPS, done * _DIGEST)
        tips = self.packs[-1].tips if self.packs else {}
        writer = CommitWriter(str(self.path), self.pictures, tips=tips, warn=self.warn)
        made = 0
        while chunk := [*left, *islice(history, max(0, CHUNK - len(left)))]:
            number = self._write(chunk, names, writer)
            left = chunk[number:]
            made += number
            tell(done + made)
        self._set_branches()
        return made

    def _is_pack_of(self, chunk: list[Step], *, start: int, pack: Pack) -> bool:
        """Return whether a pack was made of these steps, and is there."""
        repository = pygit2.Repository(str(self.path))
        if len(chunk) < pack.steps - start or not all(tip in repository for tip in pack.tips.values()):
            return False
        if not (self.path / _STEPS).exists():
            return False
        with (self.path / _STEPS).open("rb") as file:
            file.seek(start * _DIGEST)
            return file.read(len(chunk) * _DIGEST) == b"".join(step.digest() for step in chunk)

    def _drop_packs(self, kept: int) -> None:
        """Delete the packs after the first `kept` ones."""
        gone, self.packs = self.packs[kept:], self.packs[:kept]
        self._set_branches()
        for pack in gone:
            self._delete(pack.name)
        _write(self.path / _PACKS, "".join(pack.line for pack in self.packs).encode())

    def _is_repacked(self) -> bool:
        """Return whether something else wrote objects, as `git gc` does: what has to go could be anywhere in them."""
        loose = any(len(folder.name) == 2 for folder in (self.path / "objects").iterdir())
        return loose or self._pack_names() != {pack.name for pack in self.packs}

    def _empty(self) -> None:
        """Take out every commit and object."""
        self._drop_packs(0)
        shutil.rmtree(self.path / "objects")
        pygit2.init_repository(str(self.path), bare=True)
        (self.path / "packed-refs").unlink(missing_ok=True)

    def _drop_strays(self) -> None:
        """Delete the pack of an export that was stopped before it counted: it may show what was hidden since."""
        own = {pack.name for pack in self.packs}
        has_only_own = set(pygit2.Repository(str(self.path)).references) <= {DRAFTS, MAIN}
        if has_only_own and own <= self._pack_names():
            for name in self._pack_names() - own:
                self._delete(name)

    def _pack_names(self) -> set[str]:
        return {path.stem for path in (self.path / "objects/pack").glob("*.pack")}

    def _delete(self, pack: str) -> None:
        for suffix in ("idx", "pack"):
            (self.path / "objects/pack" / f"{pack}.{suffix}").unlink(missing_ok=True)

    def _write(self, chunk: list[Step], names: dict[str, FileNames], writer: CommitWriter) -> int:
        """Write a pack with the commits of some steps, as many as fit, and return their number."""
        pack, number = PackWriter(self.path / "objects/pack"), 0
        try:
            writer.begin(pack)
            for step, text, pictures in writer.texts(chunk):
                before, name = _follow(names[branch_of(step)], step)
                writer.commit(step, before=before, name=name, text=text, pictures=pictures)
                number += 1
                if pack.size > MOST_BYTES:
                    break
            self._close(pack, chunk[:number], writer.tips)
        finally:
            pack.abandon()
        return number

    def _close(self, pack: PackWriter, steps: list[Step], tips: dict[str, str]) -> None:
        """Close a pack, and write the line that makes it count."""
        name = pack.close()
        with (self.path / _STEPS).open("ab") as file:
            file.write(b"".join(step.digest() for step in steps))
            sync(file)
        done = (self.packs[-1].steps if self.packs else 0) + len(steps)
        self.packs.append(Pack(done, name, dict(tips)))
        with (self.path / _PACKS).open("ab") as file:
            file.write(self.packs[-1].line.encode())
            sync(file)
        self._set_branches()

    def _set_branches(self) -> None:
        """Point the branches to the commits of the last pack."""
        repository = pygit2.Repository(str(self.path))
        tips = self.packs[-1].tips if self.packs else {}
        for name in (DRAFTS, MAIN):
            if tip := tips.get(name):
                repository.references.create(name, tip, force=True)
            elif name in repository.references:
                repository.references.delete(name)
        repository.set_head(DRAFTS if MAIN not in tips and DRAFTS in tips else MAIN)

    def _refuse_foreign_branches(self) -> None:
        """Raise `ExportRefused` if a branch is not where an export left it: somebody works there."""
        repository = pygit2.Repository(str(self.path))
        for name in (DRAFTS, MAIN):
            found = repository.references.get(name)
            own = {pack.tips.get(name) for pack in self.packs}
            if found is not None and str(found.target) not in own:
                raise ExportRefused(
                    f"{name} in {self.path} has commits that no export made. Export into another folder."
                )


def _follow(names: FileNames, step: Step) -> tuple[str | None, str | None]:
    """Follow a step on its branch; return the name that the article's file had, and the one that it has now."""
    article = step.trailers.article
    before = names[article]
    if step.is_shown:
        return before, names.give(article, step.slug)
    if step.trailers.state is State.SAVED:  # hidden: the file stays as it was
        return before, before
    names.drop(article)
    return before, None


def _read_packs(path: Path) -> list[Pack]:
    """Return the packs that were written whole."""
    if not path.exists():
        return []
    packs = []
    for line in path.read_text().splitlines(keepends=True):
        if not line.endswith("\n"):
            break
        if not (match := _LINE.fullmatch(line)):
            raise ExportRefused(f"{path} is damaged. Empty the folder, and export anew.")
        steps, name, *tips = match.groups()
        named = {branch: tip for branch, tip in zip((DRAFTS, MAIN), tips, strict=True) if tip != _NONE}
        packs.append(Pack(int(steps), name, named))
    return packs


def _refuse_links(path: Path) -> None:
    """Raise `ExportRefused` if there is a symbolic link in the repository, which git would follow."""
    for folder, folders, files in os.walk(path):
        for found in (Path(folder, name) for name in (*folders, *files)):
            if found.is_symlink():
                raise ExportRefused(f"{found} is a symbolic link. Remove it.")


def _write(path: Path, data: bytes) -> None:
    """Replace a file at once."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        sync(file)
    new.replace(path)
