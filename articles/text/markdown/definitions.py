"""Where the target and title of a link stand, which the parser does not say: in what no event covers."""

import re
from typing import NamedTuple

Span = tuple[int, int]
NOWHERE: Span = (-1, -1)


class Definition(NamedTuple):
    """A link reference definition: its span, and those of its target and title."""

    label: str
    start: int
    end: int
    target: Span
    title: Span


# White space with at most one line end, and the mark of a quotation after it.
_BREAK = r"[ \t]*(?:\r?\n[ \t>]*)?"
_BRACKETED_TARGET = r"<(?P<bracketed>(?:\\.|[^<>\\\n])*+)>"
_TITLE = (
    r'(?:"(?P<double>(?:\\.|[^"\\])*+)"'
    r"|'(?P<single>(?:\\.|[^'\\])*+)'"
    r"|\((?P<round>(?:\\.|[^()\\])*+)\))"
)
_TITLES = ("double", "single", "round")
_OPENING = re.compile(rf"\]\({_BREAK}")
_INLINE_TARGET = re.compile(rf"(?:{_BRACKETED_TARGET}|(?P<bare>\S*+))(?:{_BREAK}{_TITLE})?", re.DOTALL)
_DEFINITION = re.compile(
    r"\[(?P<label>(?!\^[^\]\n]+\])(?:\\.|[^\[\]\\])++)\]:"
    rf"{_BREAK}(?:{_BRACKETED_TARGET}|(?P<bare>[^\s<]\S*+))"
    rf"(?:(?=\s){_BREAK}{_TITLE}(?=[ \t]*(?:\r?\n|\Z)))?",
    re.DOTALL,
)


def _parts(match: re.Match[str]) -> tuple[Span, Span]:
    """Return where the target and the title of a link or definition stand."""
    target = match.span("bare" if match["bracketed"] is None else "bracketed")
    return target, next((match.span(name) for name in _TITLES if match[name] is not None), NOWHERE)


def definitions_in(text: str, start: int, end: int) -> list[Definition]:
    """Return the link reference definitions in a part of the text that no event covers."""
    if text.find("]:", start, end) < 0:
        return []
    found = []
    for match in _DEFINITION.finditer(text, start, end):
        found.append(Definition(normal_label(match["label"]), *match.span(), *_parts(match)))
    return found


def parts_of_link(text: str, close: int, end: int) -> tuple[Span, Span]:
    """Return where the target and the title of an inline link stand, which ends at `end`; its bracket at `close`."""
    opening = _OPENING.match(text, close, end)
    inline = opening and _INLINE_TARGET.match(text, opening.end(), end - 1)
    return _parts(inline) if inline else (NOWHERE, NOWHERE)


def normal_label(label: str) -> str:
    """Return a reference label in the form in which CommonMark compares labels."""
    return " ".join(label.casefold().split())
