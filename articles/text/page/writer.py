"""Writes the HTML of a page, block by block, and records what became of each character.

What is written for a block depends on the block alone, so it is remembered with the block. What the whole page
decides, such as the number of a footnote, is settled when the page is put together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from articles.text.markdown.definitions import NOWHERE, Definition, Span
from articles.text.markdown.events import Event, Link
from articles.text.markdown.parsing import Block
from articles.text.messages import gettext_noop as _
from articles.text.page import removals
from articles.text.page.elements import Counts, Elements, LimitExceeded, Output
from articles.text.page.fates import Fate, paint, settle_signs
from articles.text.page.raw import RawHtml, RawWriter, Refusal, inline_html, prefixed
from articles.text.page.removals import Remedy, Removal, Rewrite
from articles.text.page.spelling import as_address, resolved

# Stands, with an index after it, for a reference to a footnote, whose number is known only when the whole page is.
NOTE = "\x03"
_REFERENCE_BYTES = 300  # of the HTML that it becomes, with the way back; its label stands there four times


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: its label, its HTML, the link definitions that it uses, and where it stands in the part."""

    label: str
    html: str
    labels: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a page with no element open at either end, and what became of its source.

    Places count from where the part starts. `references` are the labels that stand behind each `NOTE` by its index,
    `labels` those of the link definitions that its links use.
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
_ALERT = re.compile(r"\[!\w+\]")
_FENCE = re.compile(r"(?:`+|~+)[ \t]*")
_SUBSCRIPT = re.compile(r"(?<=[^\W\d_])~([0-9]{1,3})~")
_FIRST_WORD = re.compile(r"[^ \t\n\v\f\r]+")
_WHITE = " \t\v\f\r"
_CELL_MARKS = " \t\r\n|>"


class Writer:
    """Writes one or more blocks, as many as it takes until no element is open."""

    def __init__(self, refusal: Refusal, *, taken_ids: frozenset[str] = frozenset()) -> None:
        self._refusal = refusal
        self._taken_ids = taken_ids
        self._elements = Elements()
        self._start = 0  # of the block in the part
        self._text = ""
        self._canvas = bytearray()
        self._whole = bytearray()
        self._removals: list[Removal] = []
        self._all_removals: list[Removal] = []
        self._notes: list[Note] = []
        self._references: list[str] = []
        self._definitions: list[Definition] = []
        self._depths: list[int] = []  # of the open elements made from Markdown
        self._outside: list[tuple[Output, list[int]]] = []  # what a footnote interrupts
        self._image: list[str] | None = None  # the alternative text being collected
        self._image_depth = 0
        self._picture = Link("", "")
        self._html: list[tuple[int, str]] = []
        self._is_html = self._is_code = False
        self._alignments: tuple[str, ...] = ()
        self._cell = 0
        self._cell_end = 0
        self._is_head = False

    @property
    def is_closed(self) -> bool:
        """Whether no element is open."""
        return not self._elements.out.open

    def add(self, block: Block, start: int) -> None:
        """Write a block, which starts so many code points after the part does."""
        self._start, self._text, self._canvas = start, block.text, bytearray(len(block.text))
        self._removals = []
        event = None
        try:
            for event in block.events:
                self._add_event(event)
        except LimitExceeded as error:
            error.place = start + (event.start if event else 0)
            raise
        for definition in block.definitions:
            self._definitions.append(moved(definition, start))
            paint(self._canvas, definition.start, definition.end, Fate.MARKUP)
        for span in settle_signs(self._canvas, self._text):
            self._remove(span, _("the parser takes it for nothing that is shown"))
        self._all_removals += [removal.moved(start) if start else removal for removal in self._removals]
        self._whole += bytes(start - len(self._whole)) + self._canvas

    def finish(self) -> Part:
        """Close what is open and return the part."""
        is_closed = self.is_closed
        self._elements.close_down_to(0)
        return Part(
            "".join(self._elements.out.written),
            tuple(self._all_removals),
            bytes(self._whole),
            tuple(self._notes),
            tuple(self._references),
            tuple(self._definitions),
            frozenset(self._elements.out.labels),
            tuple(self._elements.ids),
            self._elements.counts,
            is_closed,
        )

    def _add_event(self, event: Event) -> None:
        kind = event.kind
        if self._image is not None and self._add_to_alternative(event):
            return
        if act := _ACTS.get(kind):
            act(self, event)
            return
        elements = self._elements
        if kind[0] == "/":
            elements.close_down_to(self._depths.pop())
            if kind in _LINE_END_AFTER:
                elements.write("\n")
        else:
            if kind in _LINE_END_BEFORE:
                elements.write_line_end()
            self._begin(_TAGS[kind], {})
            if kind in _LINE_END_INSIDE:
                elements.write("\n")

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements.begin(tag, attributes)
        self._depths.append(len(self._elements.out.open) - 1)

    def _text_event(self, event: Event) -> None:
        if self._is_html:  # the columns of a tab
            return
        paint(self._canvas, event.start, event.end, Fate.SHOWN)
        self._elements.text(event.value)
        if "~" in event.value and not self._is_code:
            self._offer_subscripts(event)

    def _offer_subscripts(self, event: Event) -> None:
        for match in _SUBSCRIPT.finditer(self._text, event.start and event.start - 5, event.end):
            if match.end() > event.start:
                rewrite = Rewrite(Remedy.SUBSCRIPT, *match.span(), f"<sub>{match[1]}</sub>")
                reason = _("shown as text; write <sub> for a subscript")
                self._removals.append(Removal.of(*match.span(), match[0], reason, rewrite))

    # Blocks

    def _heading(self, event: Event) -> None:
        self._elements.write_line_end()
        self._begin(f"h{event.value}", {})

    def _quotation(self, event: Event) -> None:
        elements = self._elements
        elements.write_line_end()
        if not event.value:
            self._begin("blockquote", {})
            elements.write("\n")
            return
        kind = event.value.lower()
        self._begin("blockquote", {"class": f"markdown-alert markdown-alert-{kind}"})
        elements.write("\n")
        elements.begin("p", {"class": "markdown-alert-title"})
        elements.text(event.value)
        elements.close_down_to(len(elements.out.open) - 1)
        elements.write("\n")
        if match := _ALERT.search(self._text, event.start, event.end):
            paint(self._canvas, *match.span(), Fate.MARKUP)

    def _list(self, event: Event) -> None:
        self._elements.write_line_end()
        if event.value is None:
            self._begin("ul", {})
        else:
            self._begin("ol", {} if event.value == 1 else {"start": str(event.value)})
        self._elements.write("\n")

    def _task(self, event: Event) -> None:
        paint(self._canvas, event.start, event.end, Fate.MARKUP)
        checked = {"checked": ""} if event.value else {}
        self._elements.begin("input", {"type": "checkbox", "disabled": ""} | checked)
        self._elements.write(" ")

    def _code_block(self, event: Event) -> None:
        self._is_code = True
        self._elements.write_line_end()
        self._begin("pre", {})
        language = self._language(event) if event.value else ""
        self._elements.begin("code", {"class": f"language-{language}"} if language else {})

    def _language(self, event: Event) -> str:
        """Return the first word of a fence's info, unless it may not stand on the page; list what else stands there."""
        line_end = self._text.find("\n", event.start, event.end)
        stop = line_end if line_end >= 0 else event.end
        fence = _FENCE.match(self._text, event.start, stop)
        start = fence.end() if fence else event.start
        word, written = _FIRST_WORD.match(event.value), _FIRST_WORD.match(self._text, start, stop)
        is_word = written and _FIRST_WORD.fullmatch(resolved(written[0]))  # a reference may be white space
        language = word[0] if word and is_word else ""
        if language and written and not self._refusal("code", "class", f"language-{language}"):
            paint(self._canvas, *written.span(), Fate.VALUE)
            start = written.end()
        else:
            language = ""
        rest = self._text[start:stop].rstrip(_WHITE)
        if inside := rest.lstrip(_WHITE):
            end = start + len(rest)
            reason = _("only the first word beside a fence, the language, has an effect")
            self._remove((end - len(inside), end), reason, Rewrite(Remedy.REMOVE, start, end))
        return language

    def _end_code_block(self, _event: Event) -> None:
        self._is_code = False
        if not self._elements.out.written[-1].endswith(("\n", ">")):  # the text ends without a line end
            self._elements.write("\n")
        self._elements.close_down_to(self._depths.pop())
        self._elements.write("\n")

    def _rule(self, event: Event) -> None:
        paint(self._canvas, event.start, event.end, Fate.MARKUP)
        self._elements.write_line_end()
        self._elements.begin("hr", {})
        self._elements.write("\n")

    def _html_block(self, _event: Event) -> None:
        self._elements.write_line_end()
        self._html, self._is_html = [], True

    def _html_line(self, event: Event) -> None:
        self._html.append((event.end - len(event.value), event.value))

    def _end_html_block(self, _event: Event) -> None:
        self._is_html = False
        if self._html:
            self._raw_writer().add(RawHtml(self._html), is_inline=False)
        self._elements.write_line_end()

    def _inline_html(self, event: Event) -> None:
        raw = inline_html(self._text, event.start, event.end, event.value)
        self._raw_writer().add(raw, is_inline=True)

    def _raw_writer(self) -> RawWriter:
        return RawWriter(
            self._text, self._elements, self._removals, self._canvas, self._refusal, self._taken_ids
        )

    # Tables

    def _table(self, event: Event) -> None:
        self._alignments = event.value
        self._elements.write_line_end()
        self._begin("table", {})
        self._elements.write("\n")

    def _row(self, event: Event) -> None:
        elements = self._elements
        self._is_head = event.kind == "TableHead"
        self._cell, self._cell_end = 0, event.start
        if self._is_head:
            self._begin("thead", {})
            elements.write("\n")
        elif elements.out.open[-1].tag != "tbody":
            elements.begin("tbody", {})
            elements.write("\n")
        self._begin("tr", {})
        elements.write("\n")

    def _end_row(self, event: Event) -> None:
        elements = self._elements
        beyond = self._text[self._cell_end : event.end]
        if beyond.strip(_CELL_MARKS):
            start = self._cell_end + len(beyond) - len(beyond.lstrip(_CELL_MARKS))
            self._remove(
                (start, self._cell_end + len(beyond.rstrip(_CELL_MARKS))), _("the table has no column for it")
            )
        elements.close_down_to(self._depths.pop())
        elements.write("\n")
        if self._is_head:
            elements.close_down_to(self._depths.pop())
            elements.write("\n")

    def _cell_begins(self, _event: Event) -> None:
        alignment = self._alignments[self._cell] if self._cell < len(self._alignments) else "None"
        self._cell += 1
        attributes = {} if alignment == "None" else {"align": alignment.lower()}
        self._begin("th" if self._is_head else "td", attributes)

    def _cell_ends(self, event: Event) -> None:
        self._cell_end = event.end
        self._elements.close_down_to(self._depths.pop())
        self._elements.write("\n")

    def _end_table(self, _event: Event) -> None:
        elements = self._elements
        if len(elements.out.open) - 1 > self._depths[-1]:  # the body
            elements.close_down_to(self._depths[-1] + 1)
            elements.write("\n")
        elements.close_down_to(self._depths.pop())
        elements.write("\n")

    # Footnotes

    def _note(self, _event: Event) -> None:
        self._outside.append((self._elements.out, self._depths))
        self._elements.out, self._depths = Output(is_note=True), []

    def _end_note(self, event: Event) -> None:
        self._elements.close_down_to(0)
        out = self._elements.out
        self._elements.out, self._depths = self._outside.pop()
        label_end = self._text.find("]:", event.start, event.end) + 2
        paint(self._canvas, event.start, label_end, Fate.MARKUP)
        label = self._text[event.start + 2 : label_end - 2]
        html, labels = "".join(out.written), frozenset(out.labels)
        self._notes.append(Note(label, html, labels, self._start + event.start, self._start + event.end))

    def _reference(self, event: Event) -> None:
        paint(self._canvas, event.start, event.end, Fate.MARKUP)
        elements = self._elements
        elements.counts.tags += 2
        elements.counts.bytes += _REFERENCE_BYTES + 4 * len(event.value.encode())
        elements.write(f"{NOTE}{len(self._references)}{',' if elements.is_inside_link else ';'}")
        self._references.append(event.value)

    # Inline parts

    def _code(self, event: Event) -> None:
        ticks = len(self._text[event.start : event.end]) - len(
            self._text[event.start : event.end].lstrip("`")
        )
        self._paint_aligned(event.start + ticks, event.end - ticks, event.value, Fate.SHOWN)
        self._begin("code", {})
        self._elements.text(event.value)
        self._elements.close_down_to(self._depths.pop())

    def _paint_aligned(self, start: int, end: int, value: str, fate: Fate) -> None:
        """Paint the characters of the source that stand for those of a value, the others as markup."""
        inside = self._text[start:end]
        if "\n" not in inside and (at := inside.find(value)) >= 0:
            paint(self._canvas, start + at, start + at + len(value), fate)
            return
        paint(self._canvas, start, end, Fate.MARKUP)
        at = start
        for char in value:
            while at < end and self._text[at] != char and not (char == " " and self._text[at] in "\r\n"):
                at += 1
            paint(self._canvas, at, min(at + 1, end), fate)
            at += 1

    def _break(self, event: Event) -> None:
        paint(self._canvas, event.start, event.end, Fate.MARKUP)
        if event.kind == "HardBreak":
            self._elements.begin("br", {})
        self._elements.text("\n")

    def _link(self, event: Event) -> None:
        link: Link = event.value
        address = as_address(link.target)
        self._paint_label(link)
        is_inside_link = self._elements.is_inside_link
        reason = _("a link inside a link") if is_inside_link else self._refusal("a", "href", address)
        attributes = {}
        if is_inside_link and link.is_bare:
            pass  # its text is its address
        elif reason:
            self._remove_target(link, reason, removals.without_link(self._text, link))
        else:
            attributes["href"] = prefixed("href", address)
            self._keep_target(link, attributes)
        self._begin("a", attributes)

    def _paint_label(self, link: Link) -> None:
        if link.label and (label := self._text.rfind("][", link.inner[1], link.span[1])) >= 0:
            paint(self._canvas, label, link.span[1], Fate.MARKUP)

    def _keep_target(self, link: Link, attributes: dict[str, str]) -> None:
        """Record that a target reached the page, with the title beside it."""
        paint(self._canvas, *link.target_span, Fate.VALUE)
        if link.title:
            attributes["title"] = link.title
            self._paint_title(link.title_span, link.title)
        if link.label:
            self._elements.out.labels.add(link.label)

    def _remove_target(self, link: Link, reason: str, rewrite: Rewrite | None) -> None:
        """Record that a target did not reach the page, nor the title beside it."""
        start, end = link.target_span
        if start == end:  # not written here, or empty
            start, end = link.span
        elif not link.is_bare:
            paint(self._canvas, start, end, Fate.REMOVED)
        what = link.target or self._text[start:end]
        self._removals.append(Removal.of(start, end, what, reason, rewrite))
        if link.title_span[0] < link.title_span[1]:
            self._remove(link.title_span, reason)

    def _paint_title(self, span: Span, title: str) -> None:
        if span != NOWHERE:
            start, end = span
            paint(self._canvas, start, end, Fate.VALUE)
            if "\n" in title and ">" in self._text[start:end]:
                for match in re.finditer(r"\n[ \t>]+", self._text[start:end]):
                    paint(self._canvas, start + match.start(), start + match.end(), Fate.MARKUP)

    def _image_begins(self, event: Event) -> None:
        self._picture, self._image, self._image_depth = event.value, [], 0

    def _add_to_alternative(self, event: Event) -> bool:
        """Take what stands in an image as its alternative text; False where the image ends."""
        assert self._image is not None
        kind, start, end, value = event
        if kind in ("Text", "InlineHtml"):
            paint(self._canvas, start, end, Fate.VALUE)
            self._image.append(value)
        elif kind == "Code":
            ticks = end - start - len(self._text[start:end].lstrip("`"))
            self._paint_aligned(start + ticks, end - ticks, value, Fate.VALUE)
            self._image.append(value)
        elif kind in ("SoftBreak", "HardBreak"):
            paint(self._canvas, start, end, Fate.VALUE)
            self._image.append(" ")
        elif kind == "FootnoteReference":
            paint(self._canvas, start, end, Fate.VALUE)
            self._image.append(self._text[start:end])
        elif kind in ("Link", "Image"):
            self._image_depth += kind == "Image"
            self._paint_label(value)
            for span in (value.target_span, value.title_span):
                if span[0] < span[1] and span != value.inner:
                    self._remove(span, _("the words of a picture hold no links"))
        elif kind == "/Image":
            if not self._image_depth:
                return False
            self._image_depth -= 1
        return True

    def _image_ends(self, _event: Event) -> None:
        link, attributes = self._picture, {"alt": "".join(self._image or ())}
        self._image, address = None, as_address(link.target)
        self._paint_label(link)
        if reason := self._refusal("img", "src", address):
            may_link = not self._elements.is_inside_link and not self._refusal("a", "href", address)
            self._remove_target(link, reason, removals.of_picture(self._text, link, may_link=may_link))
        else:
            attributes["src"] = address
            self._keep_target(link, attributes)
        self._elements.begin("img", attributes)

    def _remove(self, span: Span, reason: str, rewrite: Rewrite | None = None) -> None:
        paint(self._canvas, *span, Fate.REMOVED)
        self._removals.append(Removal.of(*span, self._text[slice(*span)], reason, rewrite))


_ACTS: dict[str, Callable[[Writer, Event], None]] = {
    "Text": Writer._text_event,
    "Heading": Writer._heading,
    "BlockQuote": Writer._quotation,
    "List": Writer._list,
    "TaskListMarker": Writer._task,
    "CodeBlock": Writer._code_block,
    "/CodeBlock": Writer._end_code_block,
    "Rule": Writer._rule,
    "HtmlBlock": Writer._html_block,
    "Html": Writer._html_line,
    "/HtmlBlock": Writer._end_html_block,
    "InlineHtml": Writer._inline_html,
    "Table": Writer._table,
    "/Table": Writer._end_table,
    "TableHead": Writer._row,
    "TableRow": Writer._row,
    "/TableHead": Writer._end_row,
    "/TableRow": Writer._end_row,
    "TableCell": Writer._cell_begins,
    "/TableCell": Writer._cell_ends,
    "FootnoteDefinition": Writer._note,
    "/FootnoteDefinition": Writer._end_note,
    "FootnoteReference": Writer._reference,
    "Code": Writer._code,
    "SoftBreak": Writer._break,
    "HardBreak": Writer._break,
    "Link": Writer._link,
    "Image": Writer._image_begins,
    "/Image": Writer._image_ends,
}


def moved(definition: Definition, by: int) -> Definition:
    """Return the same definition so many code points later."""

    def later(span: Span) -> Span:
        return span if span == NOWHERE else (span[0] + by, span[1] + by)

    return Definition(
        definition.label,
        definition.start + by,
        definition.end + by,
        later(definition.target),
        later(definition.title),
    )
