"""The parse of a Markdown source: its blocks, and the events of each with exact places.

The parser is pulldown-cmark. Blocks of texts that were parsed shortly before are used again, with all that was derived
from them. So after an edit of one word only its block is made anew.

Places in a block are code points from its start, half-open. Linear in the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import pyromark
from pyromark import Options

from articles.text.markdown.definitions import Definition, definitions_in
from articles.text.markdown.events import LEAVES, Event, Raw, events_of
from articles.text.markdown.masks import mask, unmask
from articles.text.remembering import Remembered

MAX_NESTING = 250  # parts inside each other; a deeper block becomes one stretch of text
MAX_CACHED = 50_000_000  # bytes of the texts parsed last that are cached

_PARSER = pyromark.Markdown(
    options=Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM
    | Options.ENABLE_DEFINITION_LIST
)
_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_FOOTNOTE = re.compile(r"\[\^([^\]\n]*)\]:")

Result = TypeVar("Result")


class Block:
    """A block at the top level of a source: its text and events. It never changes, and several sources may share it."""

    __slots__ = ("_derived", "definitions", "events", "text")

    def __init__(self, text: str, events: tuple[Event, ...]) -> None:
        self.text = text
        self.events = events
        self.definitions = _definitions(text, events)
        self._derived: dict[Hashable, Any] = {}

    def derived(self, make: Callable[[Block], Result]) -> Result:
        """Return the result of `make` for this block, which is computed once."""
        if make not in self._derived:
            self._derived[make] = make(self)
        result: Result = self._derived[make]
        return result


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed source: its blocks with their starts, and the link definitions between them.

    `too_deep` is the start of the first block with more than `MAX_NESTING` parts inside each other, or None.
    """

    text: str
    blocks: tuple[tuple[int, Block], ...]
    definitions: tuple[Definition, ...]
    too_deep: int | None = None

    @property
    def weight(self) -> int:
        """The memory that the document takes, in bytes."""
        return 250 + 8 * len(self.text) + 250 * sum(len(block.events) for _, block in self.blocks)


def parse(source: str) -> Document:
    """Parse a source as GitHub Flavored Markdown with alerts and definition lists. Raises nothing.

    >>> [(event.kind, event.start, event.end) for _, block in parse("*a*").blocks for event in block.events[1:4]]
    [('Emphasis', 0, 3), ('Text', 1, 2), ('/Emphasis', 0, 3)]
    """
    return CACHE.document(source)


class DocumentCache:
    """The cache of documents parsed last: authors and moderators read many versions of one text. Safe for threads."""

    def __init__(self) -> None:
        self._kept: Remembered[str, tuple[Document, Hashable, dict[Hashable, Block]]]
        self._kept = Remembered(max_bytes=MAX_CACHED)
        self.cache_clear = self._kept.cache_clear

    def document(self, source: str) -> Document:
        """Return the document of a source; parse it unless it is cached."""
        if kept := self._kept.get(source):
            return kept[0]
        text = readable(source)
        hidden, masks = mask(text)
        context = _context(hidden)
        known = [blocks for _, other, blocks in self._kept.latest() if other == context]
        document, blocks = _parsed(text, hidden, masks, known)
        self._kept.keep(source, (document, context, blocks), weight=document.weight)
        return document


CACHE = DocumentCache()


def _parsed(
    text: str, hidden: str, masks: str, known: list[dict[Hashable, Block]]
) -> tuple[Document, dict[Hashable, Block]]:
    """Return a parsed text and its blocks by key. The parser gets `hidden`; blocks in `known` are used again."""
    skipped = text.startswith(_BYTE_ORDER_MARK)
    hidden, data = hidden[skipped:], text[skipped:].encode()
    read = partial(unmask, masks=masks) if masks else str
    blocks: list[tuple[int, Block]] = []
    by_key: dict[Hashable, Block] = {}
    definitions: list[Definition] = []
    too_deep: int | None = None
    last, place = 0, int(skipped)  # end of the last block, in bytes and in code points
    for raw, start, end, is_too_deep in _top_level(hidden, len(data)):
        between = place + len(data[last:start].decode())
        definitions += definitions_in(text, place, between)
        block_text = data[start:end].decode()
        if is_too_deep:
            block = Block(block_text, (Event("Text", 0, len(block_text), block_text),))
            too_deep = between if too_deep is None else too_deep
        else:
            kind = raw[0][0]
            key = block_text, len(raw), kind if type(kind) is str else str(kind), masks
            known_block = by_key.get(key) or next((found for o in known if (found := o.get(key))), None)
            block = by_key[key] = known_block or Block(block_text, events_of(block_text, raw, start, read))
        blocks.append((between, block))
        last, place = end, between + len(block_text)
    definitions += definitions_in(text, place, len(text))
    return Document(text, tuple(blocks), tuple(definitions), too_deep), by_key


def _top_level(text: str, size: int) -> Iterator[tuple[Raw, int, int, bool]]:
    """Yield each block at the top level: its events, its span in bytes, and whether it is too deep."""
    depth = begin = end = 0
    is_too_deep = False
    events: Raw = []
    for pair in _PARSER.events_with_range(text):
        event, place = pair
        if not depth:
            start = place["start"]
            if events:  # the parser ends some lists too late
                yield events, begin, min(start, end), is_too_deep
            events, begin, is_too_deep = [], start, False
        if not is_too_deep:
            events.append(pair)
        if type(event) is dict:
            if "Start" in event:
                depth += 1
                is_too_deep = is_too_deep or depth > MAX_NESTING
            elif "End" in event:
                depth -= 1
        if not depth:
            end = min(place["end"], size)
    if events:
        yield events, begin, end, is_too_deep


def _context(text: str) -> Hashable:
    """Return what else decides how a block is parsed, beside its text: the definitions of the whole source."""
    if "]:" not in text:
        return ()
    links = _PARSER.reference_definitions(text)
    notes = frozenset(_FOOTNOTE.findall(text)) if "[^" in text else frozenset()
    return notes, tuple((label, link["dest"], link["title"]) for label, link in links.items())


def _definitions(text: str, events: tuple[Event, ...]) -> tuple[Definition, ...]:
    """Return the definitions inside a block, such as those in a quotation."""
    if "]:" not in text:
        return ()
    last, found = 0, []
    for start, end in [*((e.start, e.end) for e in events if e.kind in LEAVES), (len(text), len(text))]:
        if start > last:
            found += definitions_in(text, last, start)
        last = max(last, end)
    return tuple(found)


def readable(source: str) -> str:
    """Return a source of the same length that the parser accepts: without lone surrogates and lone carriage returns."""
    if "\r" in source:
        source = re.sub(r"\r(?!\n)", "\n", source)
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", source) if has_surrogate(source) else source


def has_surrogate(text: str) -> bool:
    """Return whether a text holds a lone surrogate. Encoding takes a tenth of the time of a search."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
