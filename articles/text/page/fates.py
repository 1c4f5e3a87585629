"""What became of each character of a source: shown, markup, value, or removed."""

import re
from enum import StrEnum
from typing import NamedTuple


class Fate(StrEnum):
    """What became of a character on its way from the source to the page."""

    SHOWN = "shown"  # it stands in the visible text, decoded
    MARKUP = "markup"  # a sign of Markdown, or a tag that has its effect
    VALUE = "value"  # part of an attribute that reached the page
    REMOVED = "removed"  # listed with its place and the reason


class Piece(NamedTuple):
    """A stretch of a source, in code points, half-open, and what became of it."""

    start: int
    end: int
    fate: Fate


CODES = {fate: bytes((index,)) for index, fate in enumerate(Fate, 1)}  # 0 is a fate not known yet
_FATES = (None, *Fate)
_RUN = re.compile(b"|".join(b"%c+" % index for index in range(1, len(_FATES))))
_UNKNOWN_RUN = re.compile(b"\0+")
# Signs of Markdown that stand between what the parser reports: marks of quotations, lists, headings, tables and links.
_MARKS = re.compile(r"(?:[\s>*+\-#=_`~|:\\\[\]()<!\"'^\ufeff]|(?<!\w)[0-9]{1,9}[.)](?!\w))+")


def pieces(canvas: bytes | bytearray) -> tuple[Piece, ...]:
    """Return the pieces that tile a source, given the code of each code point's fate."""
    found = (Piece(*run.span(), _FATES[canvas[run.start()]]) for run in _RUN.finditer(canvas))
    return tuple(found)


def paint(canvas: bytearray, start: int, end: int, fate: Fate) -> None:
    """Set the fate of a stretch; nothing if the place is unknown or empty."""
    if 0 <= start < end:
        canvas[start:end] = CODES[fate] * (end - start)


def settle_signs(canvas: bytearray, text: str) -> list[tuple[int, int]]:
    """Set the fate of what is unknown yet: signs become markup, the rest removed. Return the spans of the rest."""
    dropped: list[tuple[int, int]] = []
    for run in _UNKNOWN_RUN.finditer(bytes(canvas)):
        start, end = run.span()
        while start < end:
            signs = _MARKS.match(text, start, end)
            if signs:
                paint(canvas, *signs.span(), Fate.MARKUP)
                start = signs.end()
                continue
            line_end = text.find("\n", start, end)
            stop = line_end if line_end >= 0 else end
            stop = start + max(1, len(text[start:stop].rstrip(" \t\r")))
            paint(canvas, start, stop, Fate.REMOVED)
            dropped.append((start, stop))
            start = stop
    return dropped
