"""Fates of the characters of a source: shown, markup, value, or removed."""

import re
from enum import StrEnum
from typing import NamedTuple


class Fate(StrEnum):
    """What the page made of a character of the source."""

    SHOWN = "shown"  # in the visible text, decoded
    MARKUP = "markup"  # a sign of Markdown, or a tag that is in effect
    VALUE = "value"  # in an attribute on the page
    REMOVED = "removed"  # listed as a removal


class Piece(NamedTuple):
    """A stretch of a source with one fate: its span in code points, half-open."""

    start: int
    end: int
    fate: Fate


CODES = {fate: bytes((index,)) for index, fate in enumerate(Fate, 1)}  # 0 means unknown
_FATES = (None, *Fate)
_RUN = re.compile(b"|".join(b"%c+" % index for index in range(1, len(_FATES))))
_UNKNOWN_RUN = re.compile(b"\0+")
# Signs of Markdown that the parser does not report: marks of quotations, lists, headings, tables and links.
_MARKS = re.compile(r"(?:[\s>*+\-#=_`~|:\\\[\]()<!\"'^\ufeff]|(?<!\w)[0-9]{1,9}[.)](?!\w))+")


def pieces(canvas: bytes | bytearray) -> tuple[Piece, ...]:
    """Return the pieces that tile a source, from the code of each code point's fate."""
    found = (Piece(*run.span(), _FATES[canvas[run.start()]]) for run in _RUN.finditer(canvas))
    return tuple(found)


def paint(canvas: bytearray, start: int, end: int, fate: Fate) -> None:
    """Set the fate of a span; nothing if the span is unknown or empty."""
    if 0 <= start < end:
        canvas[start:end] = CODES[fate] * (end - start)


def paint_unknown(canvas: bytearray, text: str) -> list[tuple[int, int]]:
    """Set unknown fates: signs become markup, other characters removed. Return the spans of the removed ones."""
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
