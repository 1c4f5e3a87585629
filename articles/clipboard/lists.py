"""Lists: those of HTML, and those of Word, whose items are paragraphs with a level."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from articles.clipboard.blocks import Container, Item
from articles.clipboard.styles import Styles

MAX_DEPTH = 12  # containers around a block; deeper ones are left out, their text stays

_WORD = re.compile(r"(l\d{1,5})\s+level(\d)(?:\s+(lfo\d{1,5}))?", re.ASCII)
_NUMBER = re.compile(r"\(?(?:(\d{1,9})|[a-z]|[ivxlcdm]{1,8})[.)]", re.IGNORECASE | re.ASCII)


@dataclass(slots=True, eq=False)
class HtmlList:
    """An open `ul` or `ol`. `last` is its newest item with the path to it."""

    is_ordered: bool
    next_number: int
    last: tuple[Container, ...] = ()

    @classmethod
    def of(cls, tag: str, attributes: Mapping[str, str]) -> HtmlList:
        return cls(tag == "ol", _integer(attributes.get("start", ""), 1))

    def item(self, path: tuple[Container, ...], attributes: Mapping[str, str]) -> tuple[Container, ...]:
        """Return the path of the next item."""
        number = _integer(attributes.get("value", ""), self.next_number)
        self.next_number = number + 1
        self.last = below(path, Item(self, number if self.is_ordered else None))
        return self.last


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item says that it belongs: its list, its level from 1, and its number if the HTML has one."""

    of: str
    level: int
    number: int | None = None


def word_place(styles: Styles) -> Place | None:
    """Return the place of one of Word's list paragraphs, from its `mso-list`; None for any other paragraph."""
    match = _WORD.match(styles.get("mso-list", ""))
    return Place(f"{match[1]} {match[3]}", int(match[2])) if match else None


def aria_place(tag: str, attributes: Mapping[str, str]) -> Place | None:
    """Return the place of an item of Word for the web, which puts each item into a list of its own; else None."""
    level = _integer(attributes.get("data-aria-level", ""), 0)
    if not level:
        return None
    number = _integer(attributes.get("data-aria-posinset", ""), 1) if tag == "ol" else None
    return Place(f"{tag} {attributes.get('data-listid', '')}", level, number)


def number_of(marker: str) -> int | None:
    """Return the number of an item in a numbered list from what Word prints before it; None for a bullet.

    Letters count as 1, because only the first item of a list needs the right number.
    """
    match = _NUMBER.fullmatch(marker.strip())
    return int(match[1] or 1) if match else None


@dataclass(slots=True)
class Levels:
    """The open items of lists that are told by level alone."""

    items: list[Item] = field(default_factory=list)
    newest: Place | None = None

    def path(self, outer: tuple[Container, ...], place: Place, marker: str) -> tuple[Container, ...]:
        """Return the path of a block at a place: of a new item below the last item of the level above.

        A second block at the same place belongs to the same item. A `marker` says whether there is a number.
        """
        if place is not self.newest:
            above = min(max(place.level, 1), len(self.items) + 1, MAX_DEPTH) - 1
            number = number_of(marker) if marker else place.number
            del self.items[above:]
            self.items.append(Item((place.of, place.level, number is None), number))
            self.newest = place
        return below(outer, *self.items)


def below(path: tuple[Container, ...], *containers: Container) -> tuple[Container, ...]:
    """Return a path with containers added to its end, up to `MAX_DEPTH`."""
    return (path + containers)[:MAX_DEPTH]


def _integer(text: str, default: int) -> int:
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else default
