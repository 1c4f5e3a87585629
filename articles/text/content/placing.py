"""Places: where in the source each visible character of a page stands."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.text.content.marked_pages import TagsAndTexts
from articles.text.page import SourceRefused, places_shown
from articles.text.page.safelist import VOID

NOWHERE = -1
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_LOOK_AHEAD = 10_000  # characters of the source that are searched where the page goes on with others
_SEARCHES = 10_000  # in one page
_PROBE = 12  # characters of the page that are searched
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
# Texts that the page has and the source has not: numbers of footnotes, the ways back from them, titles of alerts, and
# what a comparison shows as deleted.
_FOREIGN = re.compile(
    r'<(?P<tag>\w+)[^>]* class="(?:footnote-ref|footnote-backref|markdown-alert-title)"|<del class="change[ "]'
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A tag as it is written, or a text with the place of each of its characters, `NOWHERE` if it has none."""

    tag: str
    text: str = ""
    places: tuple[int, ...] = ()


def place_texts(page: str, source: str) -> Iterator[Piece]:
    """Yield the tags and texts of a page, given as HTML of the sanitizer, with the place of each character.

    A character always has the place of an equal one, or of one that stands for it (`&lt;`). White space between blocks
    and texts that the page adds have none. Linear in page and source.
    """
    return Placer(source).place(page)


class Placer:
    """The placing of a page that comes in parts, in the order of the page."""

    def __init__(self, source: str) -> None:
        try:
            places = places_shown(source, max_bytes=None)
        except SourceRefused:
            places = []
        self._walk = _Walk(source, places)

    def place(self, part: str) -> Iterator[Piece]:
        """Yield the tags and texts of the next part. Texts that a comparison shows as deleted have no places."""
        parsed = TagsAndTexts()
        parsed.feed(part)
        parsed.close()
        foreign: list[str] = []  # the open tags from that of a text on that is not in the source
        for tag, text in parsed.pieces:
            if not tag:
                places = (NOWHERE,) * len(text) if foreign else tuple(self._walk.follow(text))
                yield Piece("", text, places)
                continue
            yield Piece(tag)
            name = tag.strip("</>").split()[0]
            if foreign and tag.startswith("</"):
                foreign.pop()
            elif (foreign and not tag.startswith("</") and name not in VOID) or _FOREIGN.match(tag):
                foreign.append(name)


class _Walk:
    """A walk through the shown characters of a source, in the order of the page."""

    def __init__(self, source: str, places: list[int]) -> None:
        self.places = places
        self.shown = "".join(map(source.__getitem__, places))
        self.position = 0  # of the next shown character
        self.searches = 0

    def follow(self, text: str) -> Iterator[int]:
        """Yield the place of each character of a text of the page, and go on behind them."""
        index = 0
        while index < len(text):
            there, here = self._match(text, index)
            yield from [self.places[self.position] if there else NOWHERE] * here
            self.position += there
            index += here

    def _match(self, text: str, index: int) -> tuple[int, int]:
        """Return how many shown characters stand for how many of the text; 0 and 1 if the text adds a character.

        Steps over shown characters that the page left out.
        """
        char = text[index]
        while self.position < len(self.shown):
            other = self.shown[self.position]
            if other == "&" and (lengths := self._reference_for(text, index)):
                return lengths
            if other == char or (char == _REPLACEMENT and not other.isprintable()):
                return 1, 1
            if char.isspace():
                break
            if not other.isspace():
                found = self._find(text[index : index + _PROBE])
                if found < 0:
                    break
                self.position = found - 1
            self.position += 1
        return 0, 1

    def _find(self, probe: str) -> int:
        """Return the next position of a text among the shown characters; -1 if there is none or after many searches."""
        self.searches += 1
        if self.searches > _SEARCHES:
            return -1
        return self.shown.find(probe, self.position, self.position + _LOOK_AHEAD)

    def _reference_for(self, text: str, index: int) -> tuple[int, int] | None:
        """Return the lengths of the character reference that is next and of what it stands for in the text."""
        reference = _REFERENCE.match(self.shown, self.position)
        if reference is None or text.startswith(reference[0], index):  # in code it stands for itself
            return None
        decoded = html.unescape(reference[0])
        if not decoded or not text.startswith(decoded, index):
            decoded = _REPLACEMENT
        return (len(reference[0]), len(decoded)) if text.startswith(decoded, index) else None
