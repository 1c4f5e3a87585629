"""Writing of blocks as HTML, with the fate of each character.

The HTML of a block depends only on the block and is remembered with it. Numbers of footnotes and other things that
depend on the whole page are filled in by `assembly`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from articles.text.markdown.definitions import NOWHERE, Definition, Span
from articles.text.markdown.events import Event, Link
from articles.text.markdown.parsing import Block
from articles.text.messages import gettext_noop as _
from articles.text.page import blocks, inlines
from articles.text.page.blocks import Note
from articles.text.page.elements import Counts, Elements, LimitExceeded, Output
from articles.text.page.fates import Fate, paint, paint_unknown
from articles.text.page.raw import RawWriter, Refusal
from articles.text.page.removals import Removal, Rewrite


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a page with no element open at either end, and the fates of its source.

    Places count from the start of the part. `references` are the labels of footnotes, by the index behind each `NOTE`.
    `labels` are those of the link definitions that the links of the part use.
    """

    html: str
    removals: tuple[Removal, ...]
    canvas: bytes
    notes: tuple[Note, ...]
    references: tuple[str, ...]
    definitions: tuple[Definition, ...]
    labels: frozenset[str]
    ids: tuple[str, ...]
    counts: Counts
    is_closed: bool


_LINE_END_BEFORE = frozenset(
    "Paragraph Heading BlockQuote List Item CodeBlock Table Rule DefinitionList DefinitionListTitle"
    " DefinitionListDefinition HtmlBlock".split()
)
_TAGS = {
    "Paragraph": "p",
    "Item": "li",
    "Emphasis": "em",
    "Strong": "strong",
    "Strikethrough": "del",
    "BlockQuote": "blockquote",
    "DefinitionList": "dl",
    "DefinitionListTitle": "dt",
    "DefinitionListDefinition": "dd",
}
_LINE_END_INSIDE = frozenset(("BlockQuote", "DefinitionList"))  # and after the start tag
_LINE_END_AFTER = frozenset(
    "/Paragraph /Heading /BlockQuote /List /Item /CodeBlock /Table /TableHead /TableRow /TableCell /DefinitionList"
    " /DefinitionListTitle /DefinitionListDefinition".split()
)

_ACTS: Mapping[str, Callable[[Writer, Event], None]] = {**blocks.ACTS, **inlines.ACTS}


class Writer:
    """The writer of a part: one block, or several until no element is open."""

    def __init__(self, refusal: Refusal, *, taken_ids: frozenset[str] = frozenset()) -> None:
        self.refusal = refusal
        self.taken_ids = taken_ids
        self.elements = Elements()
        self.start = 0  # of the block in the part
        self.text = ""
        self.canvas = bytearray()
        self.whole = bytearray()
        self.removals: list[Removal] = []
        self.all_removals: list[Removal] = []
        self.notes: list[Note] = []
        self.references: list[str] = []
        self.definitions: list[Definition] = []
        self.depths: list[int] = []  # of the open elements that Markdown made
        self.outside: list[tuple[Output, list[int]]] = []  # outputs that a footnote interrupts
        self.image: list[str] | None = None  # the alternative text being collected
        self.image_depth = 0
        self.picture = Link("", "")
        self.html: list[tuple[int, str]] = []
        self.is_html = self.is_code = False
        self.alignments: tuple[str, ...] = ()
        self.cell = 0
        self.cell_end = 0
        self.is_head = False

    @property
    def is_closed(self) -> bool:
        """Whether no element is open."""
        return not self.elements.out.open

    def add(self, block: Block, start: int) -> None:
        """Write a block that starts `start` code points after the part. Raises `LimitExceeded` with the place."""
        self.start, self.text, self.canvas = start, block.text, bytearray(len(block.text))
        self.removals = []
        event = None
        try:
            for event in block.events:
                self._add_event(event)
        except LimitExceeded as error:
            error.place = start + (event.start if event else 0)
            raise
        for definition in block.definitions:
            self.definitions.append(moved(definition, start))
            paint(self.canvas, definition.start, definition.end, Fate.MARKUP)
        for span in paint_unknown(self.canvas, self.text):
            self.remove(span, _("the parser takes it for nothing that is shown"))
        self.all_removals += [removal.moved(start) if start else removal for removal in self.removals]
        self.whole += bytes(start - len(self.whole)) + self.canvas

    def finish(self) -> Part:
        """Close the open elements and return the part."""
        is_closed = self.is_closed
        self.elements.close_down_to(0)
        return Part(
            "".join(self.elements.out.written),
            tuple(self.all_removals),
            bytes(self.whole),
            tuple(self.notes),
            tuple(self.references),
            tuple(self.definitions),
            frozenset(self.elements.out.labels),
            tuple(self.elements.ids),
            self.elements.counts,
            is_closed,
        )

    def _add_event(self, event: Event) -> None:
        """Write one event."""
        kind = event.kind
        if self.image is not None and inlines.add_to_alternative(self, event):
            return
        if act := _ACTS.get(kind):
            act(self, event)
            return
        elements = self.elements
        if kind[0] == "/":
            elements.close_down_to(self.depths.pop())
            if kind in _LINE_END_AFTER:
                elements.write("\n")
        else:
            if kind in _LINE_END_BEFORE:
                elements.write_line_end()
            self.begin(_TAGS[kind], {})
            if kind in _LINE_END_INSIDE:
                elements.write("\n")

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element for Markdown; the event that ends it closes the element."""
        self.elements.begin(tag, attributes)
        self.depths.append(len(self.elements.out.open) - 1)

    def raw_writer(self) -> RawWriter:
        """Return a writer of raw HTML in the current block."""
        return RawWriter(self.text, self.elements, self.removals, self.canvas, self.refusal, self.taken_ids)

    def paint_aligned(self, start: int, end: int, value: str, fate: Fate) -> None:
        """Paint the characters of a span that stand for those of a value with a fate, the others as markup."""
        inside = self.text[start:end]
        if "\n" not in inside and (at := inside.find(value)) >= 0:
            paint(self.canvas, start + at, start + at + len(value), fate)
            return
        paint(self.canvas, start, end, Fate.MARKUP)
        at = start
        for char in value:
            while at < end and self.text[at] != char and not (char == " " and self.text[at] in "\r\n"):
                at += 1
            paint(self.canvas, at, min(at + 1, end), fate)
            at += 1

    def remove(self, span: Span, reason: str, rewrite: Rewrite | None = None) -> None:
        """Paint a span as removed, and add a removal."""
        paint(self.canvas, *span, Fate.REMOVED)
        self.removals.append(Removal.of(*span, self.text[slice(*span)], reason, rewrite))


def moved(definition: Definition, by: int) -> Definition:
    """Return the definition `by` code points later."""

    def later(span: Span) -> Span:
        return span if span == NOWHERE else (span[0] + by, span[1] + by)

    return Definition(
        definition.label,
        definition.start + by,
        definition.end + by,
        later(definition.target),
        later(definition.title),
    )
