"""Reading a clipboard: its HTML becomes blocks of spans. Nothing of the HTML gets further than this."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from articles.clipboard import styles
from articles.clipboard.blocks import BREAK, Block, Clip, Code, Dropped, Fate, Kind, Quote, Span
from articles.clipboard.elements import ANNOTATION, BLOCKS, SKIPPED, Element, is_label, skipped_by_class
from articles.clipboard.events import Event, Part, events_of
from articles.clipboard.footnotes import Notes, notes_of
from articles.clipboard.lists import HtmlList, Levels, aria_place, below, word_place
from articles.clipboard.pictures import picture_in
from articles.clipboard.tables import Grid
from articles.clipboard.tidying import tidied

MAX_TABLES = 8  # inside each other; deeper ones only place what is in them

_SPACE = re.compile(r"[ \t\r\n\f]+")
_LINE_END = re.compile(r"[ \t\f]*[\r\n][ \t\r\n\f]*")
_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight-source)-([\w+#.-]{1,30})", re.ASCII)
_QUOTE = re.compile("mso(?:intense)?quote", re.IGNORECASE)  # paragraphs of Word
_CONDITIONAL = re.compile(r"\s*(?:\[if\b|\[endif\b|<!\[endif|<!\[if|(?:Start|End)Fragment)", re.IGNORECASE)


def read(html: str, *, first_note: int = 1) -> Clip:
    """Return what the HTML of a clipboard says. Footnotes are numbered from `first_note`. Linear in the HTML."""
    events = events_of(html)
    reader = _Reader(notes_of(events, first=first_note), styles.Sheet(_css(events)))
    for index, event in enumerate(events):
        reader.take(index, event)
    reader.end_block()
    return tidied(Clip(reader.blocks, reader.notes, reader.dropped))


def _css(events: list[Event]) -> str:
    """Return the text of all style sheets; a rule may stand after what it hides."""
    texts: list[str] = []
    is_style = False
    for event in events:
        if event.part is Part.START:
            is_style = event.value == "style"
        elif event.part is Part.END:
            is_style = False
        elif is_style:
            texts.append(event.value)
    return "\n".join(texts)


class _Reader:
    """The state of reading: the open elements, the spans of the block being read, and where it will go."""

    def __init__(self, notes: Notes, sheet: styles.Sheet) -> None:
        self.blocks: list[Block] = []
        self.notes: dict[int, list[Block]] = {}
        self.dropped = Dropped()
        self._notes = notes
        self._sheet = sheet
        self._open = [Element()]
        self._into: list[Block] = self.blocks
        self._spans: list[Span] = []
        self._unseen: list[str] = []  # the text of the element that is skipped now
        self._grids: list[Grid] = []
        self._levels = Levels()
        self._language = ""  # of the newest code
        self._marker = ""  # what Word prints before an item

    def take(self, index: int, event: Event) -> None:
        if event.part is Part.START:
            self._start(index, event.value, event.attributes)
        elif event.part is Part.END:
            self._end(event.value)
        elif event.part is Part.TEXT:
            self._text(event.value)
        elif event.value.strip() and not _CONDITIONAL.match(event.value):
            self.dropped.add(Fate.COMMENT, event.value)

    # Elements

    def _start(self, index: int, tag: str, attributes: Mapping[str, str]) -> None:
        outer = self._open[-1]
        declared = self._sheet.styles_of(tag, attributes)
        element = outer.inside(tag, attributes, declared)
        if tag in BLOCKS and not outer.code_block:
            self.end_block()
        elif tag in BLOCKS and self._spans and not self._spans[-1].text.endswith(BREAK):
            self._spans.append(Span(BREAK, outer.look))
        self._open.append(element)
        if outer.skips is not None:
            return
        self._skip(index, tag, attributes, declared, element)
        if element.skips is None:
            self._shape(index, tag, attributes, declared, element)

    def _skip(
        self, index: int, tag: str, attributes: Mapping[str, str], declared: styles.Styles, element: Element
    ) -> None:
        """Decide whether what is in an element is left out, and as what it is listed."""
        if tag in SKIPPED:
            element.skips = SKIPPED[tag]
        elif index in self._notes.backs:
            element.skips = ANNOTATION
        elif declared.get("mso-list") == "ignore":
            element.skips = "marker"
        elif "comment" in declared.get("mso-element", "") or "msocom" in attributes.get("class", "").lower():
            element.skips = Fate.COMMENT
        elif skipped_by_class(attributes):
            element.skips = Fate.HIDDEN
        elif is_label(attributes):
            element.skips = Fate.CONTROL
        elif tag != "img" and ("hidden" in attributes or styles.is_gone(declared)):
            element.skips = Fate.HIDDEN
        if tag == "svg" and attributes.get("aria-label"):  # others are ornaments
            self.dropped.add(Fate.PICTURE, attributes["aria-label"])
        elif element.skips in (Fate.SCRIPT, Fate.MEDIA):
            self.dropped.add(Fate(element.skips), attributes.get("src", attributes.get("title", "")))

    def _shape(
        self, index: int, tag: str, attributes: Mapping[str, str], declared: styles.Styles, element: Element
    ) -> None:
        """Do what a visible element does besides changing the look of its text."""
        if index in self._notes.bodies:
            element.returns_to = self._into
            self._into = self.notes.setdefault(self._notes.bodies[index], [])
            element.path = ()
        elif index in self._notes.marks:
            look = replace(self._open[-2].look, raised="", link="")
            self._spans.append(Span("", look, footnote=self._notes.marks[index]))
            element.skips = ANNOTATION
        elif tag in ("ul", "ol", "li", "blockquote") or _QUOTE.match(attributes.get("class", "")):
            self._start_container(tag, attributes, element)
        elif tag in ("table", "tr", "td", "th"):
            self._start_of_table(tag, attributes, element)
        elif tag == "br" or attributes.get("data-stringify-type") == "paragraph-break":
            self._spans.append(Span(BREAK, element.look))
        elif tag == "hr":
            self._into.append(Block(Kind.RULE, path=element.path))
        elif tag == "img":
            self._picture(attributes, declared, element)
        elif tag == "code" and element.code_block:
            language = _LANGUAGE.search(attributes.get("class", ""))
            self._language = language[1] if language else ""
        elif tag == "a" and not element.look.link:
            self._left_link(attributes.get("href", "").strip())
        element.place = word_place(declared) or element.place

    def _start_container(self, tag: str, attributes: Mapping[str, str], element: Element) -> None:
        outer = self._open[-2]
        if tag == "li":
            self._start_item(attributes, element)
        elif tag in ("ul", "ol"):
            element.of_list = HtmlList.of(tag, attributes)
            if outer.of_list and not outer.is_in_item and outer.of_list.last:
                element.path = outer.of_list.last  # a list in a list, and not in an item of it
            element.is_in_item = False
        else:
            element.path = below(element.path, Quote())

    def _start_item(self, attributes: Mapping[str, str], element: Element) -> None:
        of = element.of_list = element.of_list or HtmlList(is_ordered=False, next_number=1)
        element.is_in_item = True
        if place := aria_place("ol" if of.is_ordered else "ul", attributes):
            element.place = place
        else:
            element.path = of.item(element.path, attributes)

    def _picture(self, attributes: Mapping[str, str], declared: styles.Styles, element: Element) -> None:
        span, fate = picture_in(attributes, declared, element.look)
        if span:
            self._spans.append(span)
        elif fate:
            self.dropped.add(fate, attributes.get("alt", ""))

    def _left_link(self, target: str) -> None:
        """List a target that no page may have; one inside the clipboard leads nowhere, and is not worth a line."""
        if target and not target.startswith("#"):
            self.dropped.add(Fate.LINK, target[:200])

    def _start_of_table(self, tag: str, attributes: Mapping[str, str], element: Element) -> None:
        if tag == "table":
            for grid in self._grids[-1:]:
                grid.holds_table = True
            if len(self._grids) < MAX_TABLES:
                element.returns_to = self._into
                element.grid = Grid()
                self._grids.append(element.grid)
                self._into = element.grid.outside
                element.path_of_table, element.path = element.path, ()
                element.of_list, element.place = None, None
        elif self._grids and tag == "tr":
            self._grids[-1].start_row()
        elif self._grids:
            element.returns_to = self._into
            self._into = self._grids[-1].start_cell(attributes)

    def _end(self, tag: str) -> None:
        element = self._open[-1]
        outer = self._open[-2] if len(self._open) > 1 else element
        if element.skips is not None and outer.skips is None:
            self._end_skipped(element)
        if tag in BLOCKS or element.returns_to is not None or (element.code_block and not outer.code_block):
            self._end_of_block(element, outer)
        if len(self._open) > 1:
            self._open.pop()

    def _end_of_block(self, element: Element, outer: Element) -> None:
        if element.code_block and outer.code_block:
            if self._spans and not self._spans[-1].text.endswith(BREAK):
                self._spans.append(Span(BREAK, element.look))
            return
        self.end_block()
        if element.grid:
            self._grids.pop()
            self._into = element.returns_to if element.returns_to is not None else self.blocks
            for block in element.grid.blocks():
                block.path = below(element.path_of_table, *block.path)
                self._into.append(block)
        elif element.returns_to is not None:
            self._into = element.returns_to

    def _end_skipped(self, element: Element) -> None:
        text = "".join(self._unseen)
        self._unseen = []
        if element.skips == "marker":
            self._marker = text
        elif text.strip() and element.skips in (Fate.HIDDEN, Fate.CONTROL, Fate.COMMENT):
            self.dropped.add(Fate(element.skips), text)

    # Text

    def _text(self, text: str) -> None:
        element = self._open[-1]
        if element.skips is not None:
            self._unseen.append(text)
        elif element.is_faint:
            if text.strip():
                self.dropped.add(Fate.HIDDEN, text)
        else:
            if not element.keeps_space:
                text = (_LINE_END if element.look.code else _SPACE).sub(" ", text)
                if not self._spans or self._spans[-1].text.endswith(BREAK):
                    text = text.lstrip(" ")
            self._spans.append(Span(text, element.look, is_pale=element.is_pale, size=element.size))

    def end_block(self) -> None:
        """Make a block of the spans read since the last one, unless they are blank."""
        element = self._open[-1]
        spans, self._spans = self._spans, []
        marker, self._marker = self._marker, ""
        if all(span.is_blank for span in spans):
            return
        block = Block(Kind.PARAGRAPH, spans, element.path)
        if element.place:
            block.path = self._levels.path(element.path, element.place, marker)
        elif not self._grids:
            self._levels = Levels()
        if element.code_block:
            block.kind, block.language, self._language = Kind.CODE, self._language, ""
            self._leave_labels(block)
        elif element.heading:
            block.kind, block.level = Kind.HEADING, element.heading
        self._into.append(block)

    def _leave_labels(self, block: Block) -> None:
        """Leave out what stands beside the code proper in a block of code, such as a button that copies it."""
        code = [span for span in block.spans if span.look.code is Code.TAG]
        if block.language and code and not all(span.is_blank for span in code):
            beside = "".join(span.text for span in block.spans if span.look.code is not Code.TAG)
            if beside.strip():
                self.dropped.add(Fate.CONTROL, beside)
            block.spans = code
