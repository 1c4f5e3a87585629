"""Contents: the headings of a text that lead its reader, in two levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 3  # headings; fewer need no contents


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading with those of the next level below it."""

    id: str
    text: str
    below: tuple[Entry, ...] = ()


def contents_of(headings: Sequence[tuple[int, str, str]]) -> tuple[Entry, ...]:
    """Return the contents for headings of (level, id, text); nothing for fewer than `LEAST`.

    The highest level that is used and the next level that is used are listed.

    >>> contents_of([(2, "a", "A"), (4, "b", "B"), (2, "c", "C")])[0]
    Entry(id='a', text='A', below=(Entry(id='b', text='B', below=()),))
    """
    levels = sorted({level for level, _, _ in headings})[:2]
    listed = [heading for heading in headings if heading[0] in levels]
    if len(listed) < LEAST:
        return ()
    top: list[tuple[str, str, list[Entry]]] = []
    for level, anchor, text in listed:
        if level == levels[0] or not top:
            top.append((anchor, text, []))
        else:
            top[-1][2].append(Entry(anchor, text))
    return tuple(Entry(anchor, text, tuple(below)) for anchor, text, below in top)
