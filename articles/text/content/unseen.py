"""Unseen text: what machines read in a source and readers of its page do not see."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

from articles.text.content.content import Content, Field, findings_in
from articles.text.markdown import Block, parse
from articles.text.markdown.definitions import NOWHERE, Definition, Span, normal_label
from articles.text.markdown.events import Event, Link, raw_html
from articles.text.markdown.tags import ATTRIBUTE, TAG

MAX_TEXT = 500  # code points of an unseen text that are returned

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# Text in place of ruby, which browsers show only if they do not support ruby.
_IN_PLACE_OF_RUBY = re.compile(
    r"<rp(?:\s[^<>]*+)?>(.*?)(?=</?(?:rp|rt|ruby)\b|\Z)", re.DOTALL | re.IGNORECASE
)
_RP = re.compile(r"<rp(?=[\s>])", re.IGNORECASE)
_ATTRIBUTES = {
    "title": "title",
    "alt": "alternative text",
    "cite": "attribute",
    "datetime": "attribute",
    "id": "attribute",
}
_WORDS = 2  # of a footnote's label from which it may carry a message; labels are numbers or single words


class UnseenKind(StrEnum):
    """What readers do not see."""

    COMMENT = "comment"
    TITLE = "title"  # shown only under a pointer
    ALTERNATIVE = "alternative text"  # of a picture, or of ruby in <rp>
    DEFINITION = "definition"  # of a link or footnote that nothing refers to
    ADDRESS = "address"  # of a link without text
    LABEL = (
        "label"  # of a reference, if it differs from the link's text; of a footnote, if it has several words
    )
    ATTRIBUTE = "attribute"  # that no browser shows
    INFO = "info"  # beside a fence
    PAYLOAD = "payload"  # spelled by invisible characters


HIDING = frozenset(
    {UnseenKind.COMMENT, UnseenKind.ADDRESS, UnseenKind.DEFINITION}
)  # few honest texts have any


@dataclass(frozen=True, slots=True)
class Unseen:
    """A stretch of a source: its span in code points, half-open, and at most `MAX_TEXT` code points of decoded text."""

    start: int
    end: int
    kind: UnseenKind
    text: str


def unseen_in(source: str, *, language: str = "en") -> tuple[Unseen, ...]:
    """Return what machines read in a source and readers of its page do not see, in order. Linear in the source.

    Some of it is in attributes of the page, and some is not on the page at all: `sanitize` lists those removals.

    >>> [(found.start, found.end, str(found.kind), found.text) for found in unseen_in('a <!-- b --> ![c](/d "e")')]
    [(2, 12, 'comment', ' b '), (15, 16, 'alternative text', 'c'), (22, 23, 'title', 'e')]
    """
    document = parse(source)
    used = {label for _, block in document.blocks for label in block.derived(_labels)}
    found = [_moved(item, start) for start, block in document.blocks for item in block.derived(_inside)]
    definitions = [(0, document.text, item) for item in document.definitions]
    definitions += [
        (start, block.text, item) for start, block in document.blocks for item in block.definitions
    ]
    seen: set[str] = set()
    for start, text, item in sorted(definitions, key=lambda each: each[0] + each[2].start):
        is_used = item.label in used and item.label not in seen
        seen.add(item.label)
        found += [_moved(part, start) for part in _of_definition(text, item, is_used=is_used)]
    found += _unused_notes(document.blocks)
    for finding in findings_in(Content(title="", slug="", source=source, language=language), Field.SOURCE):
        if finding.payload:
            found.append(_unseen(finding.start, finding.end, UnseenKind.PAYLOAD, finding.payload))
        elif finding.check == "empty-link":
            found.append(
                _unseen(finding.start, finding.end, UnseenKind.ADDRESS, source[finding.start : finding.end])
            )
    return tuple(sorted(found, key=lambda item: (item.start, item.end)))


def split_unseen(content: Content, before: Content | None) -> tuple[list[Unseen], list[Unseen]]:
    """Return the unseen texts that a content introduces, and those that were there before.

    A text was there before if the other content has the same characters, of the same kind, as often.
    """
    old = Counter(_written(before, item) for item in _in_content(before)) if before else Counter()
    brought_in: list[Unseen] = []
    inherited: list[Unseen] = []
    for item in _in_content(content):
        written = _written(content, item)
        (inherited if old[written] else brought_in).append(item)
        old[written] -= old[written] > 0
    return brought_in, inherited


def without(text: str, spans: Iterable[Span]) -> str:
    """Return a text without some spans in code points, which come in any order and may overlap."""
    kept: list[str] = []
    done = 0
    for start, end in sorted(spans):
        kept.append(text[done : max(done, start)])
        done = max(done, end)
    return "".join([*kept, text[done:]])


def _in_content(content: Content) -> tuple[Unseen, ...]:
    return unseen_in(content.source, language=content.language)


def _written(content: Content, item: Unseen) -> tuple[UnseenKind, str]:
    """Take the characters as written: the words of a long text are cut, and its end may be what changed."""
    return item.kind, content.source[item.start : item.end]


def _unseen(start: int, end: int, kind: UnseenKind, text: str) -> Unseen:
    """Return an unseen text, cut to its limit."""
    return Unseen(start, end, kind, text[:MAX_TEXT])


def _moved(item: Unseen, by: int) -> Unseen:
    """Return the unseen text `by` code points later."""
    return Unseen(item.start + by, item.end + by, item.kind, item.text)


def _labels(block: Block) -> frozenset[str]:
    """Return the labels of definitions that the links of a block use."""
    return frozenset(event.value.label for event in block.events if isinstance(event.value, Link))


def _inside(block: Block) -> tuple[Unseen, ...]:
    """Return the unseen text of a block, for `Block.derived`."""
    return tuple(_parts(block))


def _parts(block: Block) -> Iterator[Unseen]:
    """Yield the unseen text of a block, except definitions and payloads."""
    text = block.text
    for kind, start, end, value in block.events:
        if kind in ("Link", "Image"):
            yield from _of_link(text, value, is_image=kind == "Image")
        elif kind == "FootnoteDefinition" and len(value.split()) >= _WORDS:
            first = text.find("[^", start) + 2
            yield _unseen(first, text.find("]:", first), UnseenKind.LABEL, value)
        elif kind == "CodeBlock" and value:
            line = text[start:end].partition("\n")[0].rstrip()
            info = start + len(line) - len(line.lstrip("`~").lstrip())
            yield _unseen(info, start + len(line), UnseenKind.INFO, value)
    for first, html in raw_html(text, block.events):
        for item in _in_html(html):
            yield _moved(item, first)
        for tag in _RP.finditer(html):
            ruby = _IN_PLACE_OF_RUBY.match(text, first + tag.start())
            if ruby and any(map(str.isalnum, ruby[1])):
                yield _unseen(*ruby.span(1), UnseenKind.ALTERNATIVE, ruby[1])


def _of_link(text: str, link: Link, *, is_image: bool) -> Iterator[Unseen]:
    """Yield the unseen text of a link or image in Markdown."""
    if link.title and link.title_span != NOWHERE:
        yield _unseen(*link.title_span, UnseenKind.TITLE, link.title)
    if label := _label(text, link):
        yield _unseen(*label, UnseenKind.LABEL, text[slice(*label)])
    if is_image and (words := text[slice(*link.inner)]).strip():
        yield _unseen(*link.inner, UnseenKind.ALTERNATIVE, words)


def _label(text: str, link: Link) -> Span | None:
    """Return the span of a reference's label, if it differs from the text of the link."""
    start, end = link.inner[1] + 2, link.span[1] - 1
    if not link.label or start >= end or normal_label(text[slice(*link.inner)]) == link.label:
        return None
    return start, end


def _in_html(html: str) -> Iterator[Unseen]:
    """Yield the comments and the attributes of raw HTML that readers do not see."""
    place = 0
    while True:
        comment = _COMMENT.search(html, place)
        stop = comment.start() if comment else len(html)
        for tag in TAG.finditer(html, place, stop):
            for attribute in ATTRIBUTE.finditer(html, *tag.span(3)):
                kind = _ATTRIBUTES.get(attribute["name"].lower())
                if kind and attribute["value"]:
                    quoted = attribute["value"][0] in "\"'"
                    first, last = attribute.start("value") + quoted, attribute.end("value") - quoted
                    if first < last:
                        yield _unseen(first, last, UnseenKind(kind), unescape(html[first:last]))
        if not comment:
            return
        yield _unseen(
            *comment.span(), UnseenKind.COMMENT, comment[0].removeprefix("<!--").removesuffix("-->")
        )
        place = comment.end()


def _of_definition(text: str, item: Definition, *, is_used: bool) -> Iterator[Unseen]:
    """Yield all of an unused definition, or the title of a used one."""
    if not is_used:
        yield _unseen(item.start, item.end, UnseenKind.DEFINITION, text[item.start : item.end])
    elif item.title != NOWHERE:
        yield _unseen(*item.title, UnseenKind.TITLE, text[slice(*item.title)])


def _unused_notes(blocks: tuple[tuple[int, Block], ...]) -> Iterator[Unseen]:
    """Yield the footnotes that nothing refers to, and all except the first of a label."""
    events = [(start, block, event) for start, block in blocks for event in block.derived(_of_notes)]
    used = {normal_label(event.value) for _, _, event in events if event.kind == "FootnoteReference"}
    seen: set[str] = set()
    for start, block, event in events:
        if event.kind == "FootnoteDefinition":
            label = normal_label(event.value)
            if label in seen or label not in used:
                text = block.text[event.start : event.end].rstrip()
                yield _unseen(
                    start + event.start, start + event.start + len(text), UnseenKind.DEFINITION, text
                )
            seen.add(label)


def _of_notes(block: Block) -> tuple[Event, ...]:
    """Return the events of footnotes and of references to them."""
    return tuple(event for event in block.events if event.kind in ("FootnoteReference", "FootnoteDefinition"))
