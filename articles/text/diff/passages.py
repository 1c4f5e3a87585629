"""Passages of a merge: whole lines, merged or in two versions to choose from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.text.diff.merging import Merge, Origin
from articles.text.diff.tokens import split_lines


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of the merged text; around a conflict, the two versions of them.

    Both versions have the edits in these lines that are not in conflict.
    """

    mine: str
    theirs: str

    @property
    def is_merged(self) -> bool:
        """Whether the lines are merged, so that both versions are equal."""
        return self.mine == self.theirs

    @property
    def both(self) -> str:
        """Both versions, mine first."""
        joint = "" if self.mine.endswith("\n") or not (self.mine and self.theirs) else "\n"
        return self.mine + joint + self.theirs


def split_passages(merged: Merge, mine: str, theirs: str) -> list[Passage]:
    """Return the merge of these texts in passages, of which every other one is merged.

    Joined, the versions of one side are its text with all that the other side changed elsewhere.
    """
    found: list[Passage] = []
    for line in _lines(merged, mine, theirs):
        if found and found[-1].is_merged and line.is_merged:
            line = Passage(found[-1].mine + line.mine, found.pop().theirs + line.theirs)
        found.append(line)
    return found


def join_passages(passages: Sequence[Passage], *, most: int) -> list[Passage]:
    """Return the passages, joined with their neighbours where more than `most` of them are in conflict.

    Joined, the versions of one side are the same text as before.

    >>> join_passages([Passage("a", "b"), Passage("=", "="), Passage("c", "d")], most=1)
    [Passage(mine='a=c', theirs='b=d')]
    """
    conflicts = sum(not passage.is_merged for passage in passages)
    in_each = -(-conflicts // most)
    found: list[Passage] = []
    open_passage, left = Passage("", ""), 0  # conflicts that the open passage still takes
    for passage in passages:
        if passage.is_merged and not left:
            found.append(passage)
            continue
        left = (left or in_each) - (not passage.is_merged)
        open_passage = Passage(open_passage.mine + passage.mine, open_passage.theirs + passage.theirs)
        if not left:
            found.append(open_passage)
            open_passage = Passage("", "")
    return [*found, open_passage] if left else found


def _lines(merged: Merge, mine: str, theirs: str) -> Iterator[Passage]:
    """Yield the shortest passages that end with a line in both versions."""
    ours = other = ""
    for one, two in _pieces(merged, mine, theirs):
        ours, other = ours + one, other + two
        if (ours + other).endswith("\n") and all(side.endswith("\n") or not side for side in (ours, other)):
            yield Passage(ours, other)
            ours = other = ""
    if ours or other:
        yield Passage(ours, other)


def _pieces(merged: Merge, mine: str, theirs: str) -> Iterator[tuple[str, str]]:
    """Yield the two versions of each line that is merged, which are equal, and of each conflict."""
    for part in merged.parts:
        ours, other = mine[slice(*part.mine)], theirs[slice(*part.theirs)]
        if part.origin is Origin.CONFLICT:
            yield ours, other
        else:
            for line in split_lines(other if part.origin is Origin.THEIRS else ours):
                yield line, line
