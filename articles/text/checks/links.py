"""The check on links that readers cannot see."""

import re
from collections.abc import Iterator
from html import unescape

import regex

from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding, Severity
from articles.text.markdown import parse
from articles.text.markdown.events import raw_html
from articles.text.markdown.parsing import Block, Document
from articles.text.markdown.tags import TAG, attributes_of
from articles.text.messages import gettext_noop as _

_SHOWS_NOTHING = regex.compile(r"[\s\p{Default_Ignorable_Code_Point}\u2800]*+")
# Brackets without a letter, except in tags and references, before a target or after a label. The box of a task has
# neither.
_EMPTY_BRACKETS = regex.compile(
    r"\[(?:[^\[\]<>&\p{L}\p{N}]|&[#\w]+;|<!--(?:(?!-->)[^\[\]])*+-->|<[^<>]*+>)*+\](?:[(\[]|(?<=[^\[\s]\]))"
)
_SHOWN = frozenset(("Text", "Code"))
_HTML = re.compile(rf"{TAG.pattern}|<!--(?s:.*?)(?:-->|\Z)|[^<]++|<")
# These end a link that the author opened by a tag and never closed.
_ENDS = frozenset("/Paragraph /Heading /TableCell /Item".split())


def empty_link(field: Field) -> Iterator[Finding]:
    """Flag links in Markdown and HTML that have no text and no picture."""
    source = field.source
    may_be_empty = ("[" in source and _EMPTY_BRACKETS.search(source)) or (
        "<" in source and ("<a" in source or "<A" in source)
    )
    if not field.is_markdown or not may_be_empty:
        return
    for first, last, target in _empty(parse(source)):
        if target:
            place, end = field.in_text(first), field.in_text(last)
            message = _("A link without text leads to %(target)s; readers cannot see it", target=target[:200])
            yield field.finding("empty-link", place, end, message, severity=Severity.WARNING)


def _empty(document: Document) -> Iterator[tuple[int, int, str]]:
    """Yield the span and the target of each link that shows nothing."""
    opened: tuple[int, int, str] | None = None  # span of the start tag, and target
    nested = 0  # links inside the link, which have no effect
    for kind, start, end, text in _parts(document):
        if kind == "text":
            opened = opened if _SHOWS_NOTHING.fullmatch(text) else None
        elif kind == "a" and not opened:
            opened, nested = (start, end, text), 0
        elif kind == "a":
            nested += 1
        elif kind == "/a" and nested:
            nested -= 1
        elif opened:
            yield opened[0], end if kind == "/a" else opened[1], opened[2]
            opened = None
    if opened:
        yield opened


def _parts(document: Document) -> Iterator[tuple[str, int, int, str]]:
    """Yield the parts of links of all blocks, each with its span in the document."""
    for place, block in document.blocks:
        for kind, start, end, text in link_parts(block):
            yield kind, place + start, place + end, text


def link_parts(block: Block) -> Iterator[tuple[str, int, int, str]]:
    """Yield the parts that matter to links, each with its span: "a" with its target, "/a", "text" or "end" of block."""
    html = dict(raw_html(block.text, block.events))
    for kind, start, end, value in block.events:
        if kind == "Link":
            yield "a", start, end, value.target
        elif kind == "/Link":
            yield "/a", start, end, ""
        elif kind in _SHOWN:
            yield "text", start, end, value
        elif kind == "Image":
            yield "text", start, end, "picture"
        elif kind in _ENDS:
            yield "end", start, end, ""
        elif kind in ("InlineHtml", "Html") and start in html:
            yield from _parts_of_html(html[start], start)


def _parts_of_html(html: str, place: int) -> Iterator[tuple[str, int, int, str]]:
    """Yield the same parts of raw HTML that stands at a place."""
    for match in _HTML.finditer(html):
        first, last = place + match.start(), place + match.end()
        closing, tag, attributes = match.group(1, 2, 3)
        if tag in ("a", "A"):
            yield "/a" if closing else "a", first, last, _target(attributes)
        elif tag in ("img", "IMG"):
            yield "text", first, last, "picture"
        elif not tag and not match[0].startswith("<!--"):
            yield "text", first, last, unescape(match[0])


def _target(attributes: str) -> str:
    """Return the value of `href`; an empty string if there is none."""
    return next((value for _, name, value in attributes_of(attributes) if name == "href" and value), "")
