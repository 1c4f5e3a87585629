"""Bylines: the page of a text cut into stretches that one version brought in, a bounded number at a time."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from articles.text.content.placing import NOWHERE, Piece, place_texts
from articles.text.page.safelist import BLOCKS, VOID

STRETCHES = 500  # of a part
PART_BYTES = 400_000  # of a part's HTML with its list
_STRETCH_BYTES = 600  # of HTML around a stretch, and of its row in the list
_ROOM = 4 / 5  # of a part; a part that is fuller ends at the next end of a block
_LONGEST = 20_000  # code points of a stretch
_SPACES = " \n\t"
_START = 60  # code points by which a list names a stretch
_ID = re.compile(r' id="[^"]*"')


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of visible text inside a block that one version brought in. `start` are its first words."""

    number: int
    version: int
    start: str


@dataclass(frozen=True, slots=True)
class _Text:
    """A piece of a stretch; without one, a text that the page adds."""

    text: str
    stretch: Stretch | None
    is_first: bool = False  # of its stretch
    is_linked: bool = False


@dataclass(slots=True)
class Part:
    """A part of a page: balanced HTML in pieces, and the stretches in it, in order."""

    pieces: list[str | _Text] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    bytes: int = 0

    def html(self, label: Callable[[int], tuple[str, str]]) -> str:
        """Return the HTML. `label` gives the words and the class of a version."""
        return "".join(_drawn(piece, label) if isinstance(piece, _Text) else piece for piece in self.pieces)


def split_page(page: str, source: str, versions: Sequence[int]) -> list[Part]:
    """Return a page in parts, given the version of each code point of its source. Linear in page and source.

    Plain white space belongs to the stretch before it, and a text without a place in the source to the one around it.
    """
    splitter = _Splitter()
    for piece in place_texts(page, source):
        if piece.tag:
            splitter.add_tag(piece.tag)
        else:
            for text, version in _runs(piece, versions):
                splitter.add_text(text, version)
    splitter.end_part()
    return splitter.parts


def _runs(piece: Piece, versions: Sequence[int]) -> Iterator[tuple[str, int | None]]:
    """Yield the stretches of a text with their versions; None for a text without a place."""
    found: list[int | None] = []
    version: int | None = None
    for char, place in zip(piece.text, piece.places, strict=True):
        if place != NOWHERE and not (version and char in _SPACES):
            version = versions[place]
        found.append(version)
    known = next((number for number in found if number is not None), None)
    named = ((known if number is None else number) for number in found)
    for number, run in groupby(zip(piece.text, named, strict=True), key=lambda pair: pair[1]):
        yield "".join(char for char, _ in run), number


class _Splitter:
    """The parts of a page while it is cut."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.part = Part()
        self.open: list[tuple[str, str]] = []  # names and tags of the open elements
        self.stretch: Stretch | None = None
        self.number = 0

    def add_tag(self, tag: str) -> None:
        """Add a tag. The tag of a block ends a stretch."""
        name = tag.strip("</>").split()[0]
        self._add(tag, len(tag))
        if name in BLOCKS or name == "br":
            self.stretch = None
        if tag.startswith("</"):
            self.open.pop()
        elif name not in VOID:
            self.open.append((name, tag))
        if not self.open and self._is_full(_ROOM):
            self.end_part()

    def add_text(self, text: str, version: int | None) -> None:
        """Add a text. A text in a long stretch is cut, and a full part ended."""
        if version is None or not text.strip(_SPACES):
            self._add(_Text(text, None), len(text))
            return
        is_linked = any(name == "a" for name, _ in self.open)
        for start in range(0, len(text), _LONGEST):
            part = text[start : start + _LONGEST]
            is_first = self.stretch is None or self.stretch.version != version or start > 0
            if is_first:
                if self._is_full(1):
                    self.end_part()
                self.number += 1
                self.stretch = Stretch(self.number, version, _start_of(part))
                self.part.stretches.append(self.stretch)
                self.part.bytes += _STRETCH_BYTES
            self._add(_Text(part, self.stretch, is_first, is_linked), len(part.encode()))

    def end_part(self) -> None:
        """End the part, closing what is open, and open it again in the next."""
        if not self.part.pieces:
            return
        self.part.pieces += [f"</{name}>" for name, _ in reversed(self.open)]
        self.parts.append(self.part)
        self.part = Part()
        self.part.pieces += [_ID.sub("", tag) for _, tag in self.open]

    def _is_full(self, share: float) -> bool:
        part = self.part
        return len(part.stretches) >= share * STRETCHES or part.bytes >= share * PART_BYTES

    def _add(self, piece: str | _Text, length: int) -> None:
        self.part.pieces.append(piece)
        self.part.bytes += length


def _start_of(text: str) -> str:
    """Return the first words of a text, or the code points of its first characters if they show nothing."""
    words = " ".join(text[: 2 * _START].split())[:_START]
    return words if words.isprintable() and words else " ".join(f"U+{ord(char):04X}" for char in text[:4])


def _drawn(piece: _Text, label: Callable[[int], tuple[str, str]]) -> str:
    text = html.escape(piece.text, quote=False)
    stretch = piece.stretch
    if stretch is None:
        return text
    words, kind = label(stretch.version)
    number = stretch.number
    name = f' id="p{number}"' if piece.is_first else ""
    if piece.is_first and not piece.is_linked:  # a link has the focus itself
        name += f' tabindex="0" aria-describedby="r{number}"'
    return f'<span class="byline {kind}" data-by="{html.escape(words)}"{name}>{text}</span>'
