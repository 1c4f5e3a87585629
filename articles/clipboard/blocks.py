"""What a clipboard says, without the markup of the program that wrote it: blocks of spans, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

BREAK = "\n"  # a line break inside a paragraph


class Code(StrEnum):
    """Why a text is code: a tag says so, or only its font does."""

    NONE = ""
    FONT = "font"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Look:
    """What readers see of a text besides its letters. `raised` is "sup", "sub" or empty."""

    bold: bool = False
    italic: bool = False
    struck: bool = False
    raised: str = ""
    link: str = ""
    code: Code = Code.NONE


@dataclass(frozen=True, slots=True)
class Picture:
    address: str
    alt: str


@dataclass(frozen=True, slots=True)
class Span:
    """A text of one look. Instead of a text it may be a picture, or a footnote by its number.

    `is_pale` says that it is nearly white on a background that nobody declared; `size` is in pixels.
    """

    text: str
    look: Look = Look()
    is_pale: bool = False
    size: float = 0.0
    picture: Picture | None = None
    footnote: int | None = None

    @property
    def is_blank(self) -> bool:
        return not (self.text.strip() or self.picture or self.footnote)


@dataclass(frozen=True, slots=True, eq=False)
class Quote:
    """A block quote around blocks. Two quotes are the same only if they are one object."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A list item around blocks. `of` is equal for the items of one list; `number` is None for a bullet."""

    of: object
    number: int | None


Container = Quote | Item


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    RULE = "rule"
    TABLE = "table"


Row = list[list["Block"]]  # a cell is a list of blocks


@dataclass(slots=True)
class Block:
    """A block and the containers around it, outermost first. `level` is of a heading, `language` of code."""

    kind: Kind
    spans: list[Span] = field(default_factory=list)
    path: tuple[Container, ...] = ()
    level: int = 0
    language: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


class Fate(StrEnum):
    """Why a part of the clipboard is not in the Markdown."""

    HIDDEN = "hidden"  # a text that its own styles hide
    COMMENT = "comment"
    SCRIPT = "script"
    PICTURE = "picture"  # one that only the writer's computer holds
    TRACKER = "tracker"  # a picture too small to see
    MEDIA = "media"
    LINK = "link"  # a target that no page may have
    CONTROL = "control"  # buttons and labels of the page
    NOTE = "note"  # a footnote whose text is not in the clipboard


@dataclass(slots=True)
class Dropped:
    """What was left out: a text for each part, empty where the part has none."""

    parts: dict[Fate, list[str]] = field(default_factory=dict)

    def add(self, fate: Fate, text: str = "") -> None:
        self.parts.setdefault(fate, []).append(" ".join(text.split()))

    def __iter__(self) -> Iterator[tuple[Fate, list[str]]]:
        """Yield each fate that occurred with its texts, in the order of `Fate`."""
        return ((fate, self.parts[fate]) for fate in Fate if fate in self.parts)


@dataclass(slots=True)
class Clip:
    """A clipboard as read: its blocks, the blocks of its footnotes by number, and what was left out."""

    blocks: list[Block]
    notes: dict[int, list[Block]]
    dropped: Dropped
