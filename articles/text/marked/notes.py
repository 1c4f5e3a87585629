"""Notes beside changed blocks: what their marks cannot show, as data that the doors put into words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from articles.text.markdown import host_of
from articles.text.unicode.tables import name

MAX_TEXT = 80
MAX_VALUE = 500


class NoteKind(StrEnum):
    """What a note says. Behind each stand the fields of `Note` that it uses."""

    MOVED_HERE = "moved-here"  # other
    MOVED_AWAY = "moved-away"  # other
    WORDS_MOVED_HERE = "words-moved-here"  # text, other (None if only a part of a change moved)
    WORDS_MOVED_AWAY = "words-moved-away"  # text, other
    FORMAT_ADDED = "format-added"  # text, new: the tag of the inline element
    FORMAT_REMOVED = "format-removed"  # text, old: the tag
    BLOCK = "block"  # old and new: values of `BlockKind`
    LINK_ADDED = "link-added"  # text, new
    LINK_REMOVED = "link-removed"  # text, old
    LINK_CHANGED = "link-changed"  # text, old, new: the targets
    IMAGE_ADDED = "image-added"  # text: the alternative text, new: the address
    IMAGE_REMOVED = "image-removed"  # text, old
    IMAGE_REPLACED = "image-replaced"  # text: the alternative text, old, new
    IMAGE_DESCRIPTION = "image-description"  # old, new: the alternative texts
    TICKED = "ticked"  # text
    UNTICKED = "unticked"  # text
    ROW_ADDED = "row-added"  # text: the first cell
    ROW_REMOVED = "row-removed"  # text
    COLUMN_ADDED = "column-added"  # text: the head of the column
    COLUMN_REMOVED = "column-removed"  # text
    ALIGNMENT = "alignment"  # text: the head of the column; old, new: left, center, right or empty
    LANGUAGE = "language"  # old, new: the language beside a fence
    LIST_START = "list-start"  # old, new: numbers
    ATTRIBUTE = "attribute"  # text: the name of another attribute; old, new: its values
    LOOK_ALIKES = "look-alikes"  # letters
    INVISIBLE = "invisible"  # letters; one side of each is empty
    NORMALIZATION = "normalization"  # letters
    ACCENTS = "accents"
    SPACING = "spacing"


class BlockKind(StrEnum):
    """What a block is for its readers."""

    PARAGRAPH = "paragraph"
    HEADING_1 = "heading-1"
    HEADING_2 = "heading-2"
    HEADING_3 = "heading-3"
    HEADING_4 = "heading-4"
    HEADING_5 = "heading-5"
    HEADING_6 = "heading-6"
    BULLETED_LIST = "bulleted-list"
    NUMBERED_LIST = "numbered-list"
    LIST_ITEM = "list-item"
    QUOTE = "quote"
    NOTE = "note"  # the five alerts
    TIP = "tip"
    IMPORTANT = "important"
    WARNING = "warning"
    CAUTION = "caution"
    CODE = "code"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    TERM = "term"
    DEFINITION = "definition"
    DEFINITIONS = "definitions"
    CAPTION = "caption"
    SUMMARY = "summary"
    DETAILS = "details"
    FIGURE = "figure"
    FOOTNOTES = "footnotes"
    RULE = "rule"
    BLOCK = "block"  # any other


class ChangeKind(StrEnum):
    """What became of the block or of the row, list or table that a change is about."""

    EDITED = "edited"
    ADDED = "added"
    REMOVED = "removed"
    MOVED_HERE = "moved-here"
    MOVED_AWAY = "moved-away"


@dataclass(frozen=True, slots=True)
class Letters:
    """A cluster that became another. One of them is empty if a character was only added or removed."""

    old: str
    new: str

    @property
    def described(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """The code points of both clusters, as "U+0430" and the name in readable case."""
        old, new = ([(f"U+{ord(char):04X}", name(char)) for char in side] for side in (self.old, self.new))
        return old, new


@dataclass(frozen=True, slots=True)
class Note:
    """A note to the change with the number `change`. `other` is the number of the other end of a move.

    `text` has at most `MAX_TEXT` code points, `old` and `new` have `MAX_VALUE`; longer ones end with an ellipsis.
    """

    kind: NoteKind
    change: int
    text: str = ""
    old: str = ""
    new: str = ""
    letters: tuple[Letters, ...] = ()
    other: int | None = None

    @property
    def hosts(self) -> tuple[str, str]:
        """The hosts that the old and the new target lead to; empty if a target names none."""
        return host_of(self.old), host_of(self.new)


def shortened(text: str, length: int) -> str:
    """Return a text of at most `length` code points, without space at its ends."""
    text = text[: 2 * length].strip()
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
