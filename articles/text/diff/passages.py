"""A merge as a person reads it: whole lines, settled or in two versions to choose from."""

from collections.abc import Iterator
from dataclasses import dataclass

from articles.text.diff.comparing import split_lines
from articles.text.diff.merging import Merge, Origin


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of the merged text; where the two sides clash, as either side would have them.

    What is settled within these lines stands in both versions.
    """

    mine: str
    theirs: str

    @property
    def is_settled(self) -> bool:
        return self.mine == self.theirs

    @property
    def both(self) -> str:
        """My lines, then theirs."""
        joint = "" if self.mine.endswith("\n") or not (self.mine and self.theirs) else "\n"
        return self.mine + joint + self.theirs


def passages(merged: Merge, mine: str, theirs: str) -> list[Passage]:
    """The merge of these texts in passages, by turns settled and not.

    Joined on one side they are that side's text with all that the other changed elsewhere.
    """
    found: list[Passage] = []
    for line in _lines(merged, mine, theirs):
        if found and found[-1].is_settled and line.is_settled:
            line = Passage(found[-1].mine + line.mine, found.pop().theirs + line.theirs)
        found.append(line)
    return found


def _lines(merged: Merge, mine: str, theirs: str) -> Iterator[Passage]:
    ours = other = ""
    for one, two in _pieces(merged, mine, theirs):
        ours, other = ours + one, other + two
        if (ours + other).endswith("\n") and all(side.endswith("\n") or not side for side in (ours, other)):
            yield Passage(ours, other)
            ours = other = ""
    if ours or other:
        yield Passage(ours, other)


def _pieces(merged: Merge, mine: str, theirs: str) -> Iterator[tuple[str, str]]:
    """What is settled line by line, the same twice; what is not, as either side has it."""
    for part in merged.parts:
        ours, other = mine[slice(*part.mine)], theirs[slice(*part.theirs)]
        if part.origin is Origin.CONFLICT:
            yield ours, other
        else:
            for line in split_lines(other if part.origin is Origin.THEIRS else ours):
                yield line, line
