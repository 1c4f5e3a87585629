"""Contexts in a Markdown source: prose, code, link texts, hosts and attributes. The checks judge by them."""

import re
from dataclasses import dataclass
from enum import StrEnum

from articles.text.markdown.definitions import NOWHERE, Definition, Span
from articles.text.markdown.events import raw_html, ticks
from articles.text.markdown.parsing import Block, parse
from articles.text.markdown.tags import ATTRIBUTE, TAG


class Where(StrEnum):
    """The context of a stretch of text."""

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
    """A stretch of a source in one context: its span in code points, half-open."""

    start: int
    end: int
    where: Where


_CODES = {where: bytes((index,)) for index, where in enumerate(Where)}
_RUN = re.compile(b"|".join(b"%c+" % index for index in range(len(Where))))
_WHERE = tuple(Where)
# The signs of an address, which authors may write as references or with a backslash.
COLON = r"(?:\\?:|&colon;|&\#0*58;|&\#[xX]0*3[aA];)"
SLASH = r"(?:\\?/|&sol;|&\#0*47;|&\#[xX]0*2[fF];)"
_NAME = r"(?:&\#?\w++;|\\[!-.:-@\[-`{-~]|[^/?\#:\\\s>])+"
_HOST = re.compile(
    rf"""(?:[A-Za-z][\w+.-]*+{COLON})?+{SLASH}{SLASH}(?:[^/?\#\s]*@)?(?P<authority>{_NAME})
      | (?:mailto:)?[^@/?\#\s]*@(?P<mail>{_NAME})
      | (?P<bare>[Ww][Ww][Ww]\.[^/?\#:\\\s>]+)""",
    re.VERBOSE,
)
_TARGETS = frozenset(("href", "src", "cite"))


def regions(source: str) -> tuple[Region, ...]:
    """Return the regions that tile a source, in order. Linear in its length.

    Code is the content of code blocks and spans. Link text stands between the brackets of a link. Hosts are those of
    any target. Attributes are the rest of a target, titles, and the values of attributes in raw HTML. The signs of
    Markdown belong to the prose around them.

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


def code_blocks(source: str) -> tuple[Span, ...]:
    """Return the spans of the blocks of code, fences included, in order; one may start behind its indentation."""
    return tuple(
        (first + start, first + end)
        for first, block in parse(source).blocks
        for start, end in block.derived(_code_blocks)
    )


def _code_blocks(block: Block) -> tuple[Span, ...]:
    """Return the spans of the blocks of code within a block."""
    return tuple((start, end) for kind, start, end, _value in block.events if kind == "CodeBlock")


def _painted(block: Block) -> bytes:
    """Return the context of each code point of a block as an index of `Where`; nothing if all of it is prose."""
    text, canvas = block.text, bytearray(len(block.text))
    images = 0  # open ones
    for kind, _start, _end, value in block.events:
        if kind in ("Link", "Image"):
            if not images and not value.is_bare:
                _paint(canvas, value.inner, Where.LINK_TEXT)
            images += kind == "Image"
            _paint_target(canvas, text, value.target_span)
            _paint(canvas, value.title_span, Where.ATTRIBUTE)
        elif kind == "/Image":
            images -= 1
    _paint_all_code(canvas, block)  # over the texts of links
    for start, html in raw_html(text, block.events):
        _paint_attributes(canvas, html, start)
    for definition in block.definitions:
        _paint_definition(canvas, text, definition)
    return bytes(canvas) if any(canvas) else b""


def _paint_all_code(canvas: bytearray, block: Block) -> None:
    """Paint the code blocks and code spans of a block."""
    text, is_code = block.text, False
    for kind, start, end, _value in block.events:
        if kind == "Text":
            if is_code:
                _paint(canvas, (start, end), Where.CODE)
        elif kind == "Code":
            count = ticks(text, start, end)
            _paint(canvas, (start + count, end - count), Where.CODE)
        elif kind in ("CodeBlock", "/CodeBlock"):
            is_code = kind == "CodeBlock"


def _paint(canvas: bytearray, span: Span, where: Where) -> None:
    """Set the context of a span; nothing if the span is unknown or empty."""
    start, end = span
    if 0 <= start < end:
        canvas[start:end] = _CODES[where] * (end - start)


def _paint_target(canvas: bytearray, text: str, span: Span, *, first: int = 0) -> None:
    """Paint a target and its host, in a text that starts at `first` on the canvas."""
    if span == NOWHERE:
        return
    start, end = span
    _paint(canvas, (first + start, first + end), Where.ATTRIBUTE)
    if match := _HOST.match(text, start, end):
        start, end = match.span(match.lastgroup or 0)
        _paint(canvas, (first + start, first + end), Where.HOST)


def _paint_attributes(canvas: bytearray, html: str, first: int) -> None:
    """Paint the values of attributes in HTML that starts at `first` on the canvas."""
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
    """Paint the target and the title of a link definition."""
    _paint_target(canvas, text, definition.target)
    _paint(canvas, definition.title, Where.ATTRIBUTE)
