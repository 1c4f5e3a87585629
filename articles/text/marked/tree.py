"""The tree of a page: containers, and in them leaves, each a stretch of text with its inline elements."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

CELLS = frozenset(("td", "th"))


@dataclass(slots=True, eq=False)
class Inline:
    """An inline element around a part of a leaf."""

    tag: str
    attributes: dict[str, str]


Stack = tuple[Inline, ...]  # from the outermost to the innermost


@dataclass(slots=True, eq=False)
class Atom:
    """An element that counts as one character: a picture, a box, a line break, a footnote's number."""

    tag: str
    attributes: dict[str, str]
    html: str


@dataclass(slots=True, eq=False)
class Container:
    """An element that holds blocks. The root has no tag. `partner` is the container of the other page it became."""

    tag: str
    attributes: dict[str, str]
    parent: Container | None
    children: list[Container | Leaf] = field(default_factory=list)
    depth: int = 0
    source: tuple[int, int] | None = None  # its place in the HTML of the page
    partner: Container | None = None


@dataclass(slots=True, eq=False)
class Leaf:
    """A block without blocks inside; without a tag, text directly in a container that also holds blocks.

    `spans` are the places where another stack of inline elements begins. `start` is the leaf's place in the text of
    the whole page, and `end` where the leaf and the separator behind it end. `partner` is the leaf of the other page
    that it became, `is_moved` whether it stands elsewhere there.
    """

    tag: str
    attributes: dict[str, str]
    parent: Container
    text: str
    spans: list[tuple[int, Stack]]
    atoms: dict[int, Atom]
    places: list[int]  # of the atoms
    source: tuple[int, int] | None = None
    number: int = 0
    start: int = 0
    end: int = 0
    partner: Leaf | None = None
    is_moved: bool = False

    def atoms_between(self, start: int, end: int) -> list[tuple[int, Atom]]:
        """Return the atoms of a stretch, with their places."""
        if not self.places:
            return []
        inside = self.places[bisect_left(self.places, start) : bisect_left(self.places, end)]
        return [(place, self.atoms[place]) for place in inside]

    @property
    def is_as_before(self) -> bool:
        """Whether a leaf without inline elements is surely as it was; False if that must be looked at."""
        other = self.partner
        return (
            other is not None
            and self.text == other.text
            and self.tag == other.tag
            and self.attributes == other.attributes
            and self.parent.tag == other.parent.tag
            and not (self.atoms or self.spans[-1][1] or len(self.spans) > 1)
            and not (other.spans[-1][1] or len(other.spans) > 1)
        )


Node = Container | Leaf


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a tree, and the text of all its leaves in a row."""

    html: str
    root: Container
    leaves: list[Leaf]
    text: str
