"""Places of link definitions, and of the targets and titles of links, which the parser does not report."""

import re
from typing import NamedTuple

Span = tuple[int, int]
NOWHERE: Span = (-1, -1)


class Definition(NamedTuple):
    """A link reference definition: its label in normal form, its span, and those of its target and title."""

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
    """Return the spans of the target and the title in a match of a link or definition."""
    target = match.span("bare" if match["bracketed"] is None else "bracketed")
    return target, next((match.span(name) for name in _TITLES if match[name] is not None), NOWHERE)


def definitions_in(text: str, start: int, end: int) -> list[Definition]:
    """Return the link reference definitions in a part of the text that no event covers."""
    if text.find("]:", start, end) < 0:
        return []
    matches = _DEFINITION.finditer(text, start, end)
    return [Definition(normal_label(match["label"]), *match.span(), *_parts(match)) for match in matches]


def parts_of_link(text: str, close: int, end: int) -> tuple[Span, Span]:
    """Return the spans of the target and the title of an inline link: its bracket is at `close`, its end at `end`."""
    opening = _OPENING.match(text, close, end)
    inline = opening and _INLINE_TARGET.match(text, opening.end(), end - 1)
    return _parts(inline) if inline else (NOWHERE, NOWHERE)


def normal_label(label: str) -> str:
    """Return a reference label in the form in which CommonMark compares labels."""
    return " ".join(label.casefold().split())
