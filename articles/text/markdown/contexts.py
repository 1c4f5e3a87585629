"""Where in a Markdown source prose, code, link texts, hosts and attributes stand; the checks judge by it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from articles.text.markdown.definitions import NOWHERE, Definition, Span
from articles.text.markdown.events import raw_html, ticks
from articles.text.markdown.parsing import Block, parse
from articles.text.markdown.tags import ATTRIBUTE, TAG


class Where(StrEnum):
    """Where a stretch of text stands; the checks judge a character by it."""

    PROSE = "prose"
    CODE = "code"
    LINK_TEXT = "link text"
    HOST = "host"
    ATTRIBUTE = "attribute"
    TITLE = "title"
    SLUG = "slug"
    SUMMARY = "summary"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of Markdown source: code points from `start` up to, not including, `end`."""

    start: int
    end: int
    where: Where


_CODES = {where: bytes((index,)) for index, where in enumerate(Where)}
_RUN = re.compile(b"|".join(b"%c+" % index for index in range(len(Where))))
_WHERE = tuple(Where)
# The signs of an address, which may be written as references or with a backslash.
COLON = r"(?:\\?:|&colon;|&\#0*58;|&\#[xX]0*3[aA];)"
SLASH = r"(?:\\?/|&sol;|&\#0*47;|&\#[xX]0*2[fF];)"
_NAME = r"(?:&\#?\w++;|\\[!-.:-@\[-`{-~]|[^/?\#:\\\s>])+"
_HOST = re.compile(
    rf"""(?:[A-Za-z][\w+.-]*+{COLON})?+{SLASH}{SLASH}(?:[^/?\#\s]*@)?(?P<authority>{_NAME})
      | (?:mailto:)?[^@/?\#\s]*@(?P<mail>{_NAME})
      | (?P<bare>[Ww][Ww][Ww]\.[^/?\#:\\\s>]+)""",
    re.VERBOSE,
)
_LINE = re.compile(r"[^\r\n]+")
_TARGETS = frozenset(("href", "src", "cite"))


def regions(source: str) -> tuple[Region, ...]:
    """Return the whole source in order, cut where the context of a character changes.

    Code is what stands in a code block or span; link text what stands between the brackets of a link; host the host
    of any target; attribute the rest of a target, titles and the values of raw HTML attributes. The marks themselves
    belong to the prose around them.

    >>> [(r.start, r.end, str(r.where)) for r in regions("see `x`")]
    [(0, 5, 'prose'), (5, 6, 'code'), (6, 7, 'prose')]
    """
    document = parse(source)
    canvas = bytearray(len(document.text))
    for start, block in document.blocks:
        if painted := block.derived(_painted):
            canvas[start : start + len(painted)] = painted
    for definition in document.definitions:
        _paint_definition(canvas, document.text, definition)
    return tuple(Region(*run.span(), _WHERE[canvas[run.start()]]) for run in _RUN.finditer(canvas))


def _painted(block: Block) -> bytes:
    """Return the context of each code point of a block as an index of `Where`; nothing if all of it is prose."""
    text, canvas = block.text, bytearray(len(block.text))
    images, is_code, is_at_margin = 0, False, False
    for kind, start, end, value in block.events:
        if kind == "Text":
            if is_code:
                _paint_code(canvas, text, (start, end), by_line=not is_at_margin)
        elif kind == "Code":
            count = ticks(text, start, end)
            _paint(canvas, (start + count, end - count), Where.CODE)
        elif kind in ("CodeBlock", "/CodeBlock"):
            is_code = kind == "CodeBlock"
            is_at_margin = value is not None and text[start - 1 : start] in ("", "\n")
        elif kind in ("Link", "Image"):
            if not images and not value.is_bare:
                _paint(canvas, value.inner, Where.LINK_TEXT)
            images += kind == "Image"
            _paint_target(canvas, text, value.target_span)
            _paint(canvas, value.title_span, Where.ATTRIBUTE)
        elif kind == "/Image":
            images -= 1
    for start, html in raw_html(text, block.events):
        _paint_attributes(canvas, html, start)
    for definition in block.definitions:
        _paint_definition(canvas, text, definition)
    return bytes(canvas) if any(canvas) else b""


def _paint(canvas: bytearray, span: Span, where: Where) -> None:
    start, end = span
    if 0 <= start < end:
        canvas[start:end] = _CODES[where] * (end - start)


def _paint_code(canvas: bytearray, text: str, span: Span, *, by_line: bool) -> None:
    """Paint a part of a code block; by line and without the line ends where an indented paragraph may be one."""
    if not by_line:
        _paint(canvas, span, Where.CODE)
        return
    for line in _LINE.finditer(text, *span):
        _paint(canvas, line.span(), Where.CODE)


def _paint_target(canvas: bytearray, text: str, span: Span, *, first: int = 0) -> None:
    """Paint a target in a text that starts at `first` of the canvas."""
    if span == NOWHERE:
        return
    start, end = span
    _paint(canvas, (first + start, first + end), Where.ATTRIBUTE)
    if match := _HOST.match(text, start, end):
        start, end = match.span(match.lastgroup or 0)
        _paint(canvas, (first + start, first + end), Where.HOST)


def _paint_attributes(canvas: bytearray, html: str, first: int) -> None:
    for tag in TAG.finditer(html):
        for attribute in ATTRIBUTE.finditer(html, *tag.span()):
            start, end = attribute.span("value")
            if start >= 0:
                quoted = html[start] in "\"'"
                start, end = start + quoted, end - quoted
                _paint(canvas, (first + start, first + end), Where.ATTRIBUTE)
                if attribute["name"].lower() in _TARGETS:
                    _paint_target(canvas, html, (start, end), first=first)


def _paint_definition(canvas: bytearray, text: str, definition: Definition) -> None:
    _paint_target(canvas, text, definition.target)
    _paint(canvas, definition.title, Where.ATTRIBUTE)
