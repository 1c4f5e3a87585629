"""The assembly of HTML from its parts: numbers of footnotes, unique ids, and the link definitions that are used."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from articles.text.markdown.definitions import Span, normal_label
from articles.text.markdown.parsing import Block, Document, parse
from articles.text.messages import gettext_noop as _
from articles.text.page import safelist
from articles.text.page.blocks import Note
from articles.text.page.elements import (
    ANCHOR,
    MAX_DEPTH,
    MAX_HTML_BYTES,
    Counts,
    LimitExceeded,
    SourceRefused,
    check_counts,
)
from articles.text.page.fates import CODES, Fate, paint, paint_unknown
from articles.text.page.inlines import NOTE
from articles.text.page.raw import Refusal
from articles.text.page.removals import Removal
from articles.text.page.spelling import CONTROL, start_tag
from articles.text.page.writer import Part, Writer, moved

_OPEN_ENDS = re.compile(rf'{ANCHOR}([^"]*)|{NOTE}([0-9]+)([;,])')
_NOT_IN_ADDRESSES = re.compile(r"[\s\x00-\x1f\x7f\\]+")  # nor in ids
_BACK = "\N{LEFTWARDS ARROW WITH HOOK}"


@dataclass(frozen=True, slots=True)
class Draft:
    """HTML that is not parsed yet, in pieces with no element open at either end.

    `canvas` has the code of the fate of each code point. `order` has the spans of the source in the order in which the
    page shows them: footnotes stand at its end. `starts` says where in the source each piece begins, but for the last
    one if it holds the footnotes.
    """

    pieces: list[str]
    removals: list[Removal]
    canvas: bytearray
    order: list[Span]
    starts: list[int]


@dataclass(slots=True)
class _Placed:
    """A part with its blocks, and where it starts in the source."""

    start: int
    blocks: list[tuple[int, Block]]  # with where each starts in the part
    part: Part


class Assembly:
    """The HTML of one source, while it is put together."""

    def __init__(self, source: str, refusal: Refusal, *, max_tags: int) -> None:
        self._document: Document = parse(source)
        self._refusal = refusal
        self._write = _block_writer(refusal)
        self._max_tags = max_tags
        self._ids: dict[str, int] = {}
        self._counts = Counts()
        self._order: list[str] = []  # the labels of the footnotes, in order of their first references
        self._numbers: dict[str, int] = {}  # of footnotes, by label
        self._reference_ids: dict[str, list[str]] = {}
        self._note_ids: dict[str, str] = {}

    def draft(self) -> Draft:
        """Return the draft. Raises `SourceRefused` beyond a limit."""
        text = self._document.text
        if self._document.too_deep is not None:
            error = LimitExceeded(
                "depth", _("more than %(limit)d elements inside each other", limit=MAX_DEPTH)
            )
            raise self._refused(error, self._document.too_deep)
        placed = list(self._placed())
        canvas, removed = bytearray(len(text)), []
        for item in placed:
            canvas[item.start : item.start + len(item.part.canvas)] = item.part.canvas
            removed += [removal.moved(item.start) for removal in item.part.removals]
        self._notes = self._first_notes(placed)
        pieces = [self._resolved(item.part.html, item.part) for item in placed]
        if self._numbers:
            pieces.append(self._footnotes())
        if sum(map(len, pieces)) > MAX_HTML_BYTES:
            message = _("The page gets longer than %(limit)d bytes.", limit=MAX_HTML_BYTES)
            raise SourceRefused("HTML bytes", message)
        removed += self._paint_notes(placed, canvas)
        removed += self._paint_definitions(placed, canvas)
        for start, end in paint_unknown(canvas, text):
            removed.append(
                Removal.of(start, end, text[start:end], _("the parser takes it for nothing that is shown"))
            )
        for match in CONTROL.finditer(text):
            what = f"U+{ord(match[0]):04X}"
            removed.append(Removal(*match.span(), what, _("a control character, shown as U+FFFD")))
        removed.sort(key=lambda removal: (removal.start, removal.end))
        return Draft(pieces, removed, canvas, list(self._order_of(placed)), [item.start for item in placed])

    def _placed(self) -> Iterator[_Placed]:
        """Yield the parts in order. A part goes on until every element that raw HTML opened is closed."""
        open_: _Placed | None = None
        for start, block in self._document.blocks:
            try:
                if open_ is None:
                    part = block.derived(self._write)
                    if part.is_closed:
                        yield self._counted(_Placed(start, [(0, block)], part))
                        continue
                    writer = Writer(self._refusal)
                    open_ = _Placed(start, [], part)
                open_.blocks.append((start - open_.start, block))
                writer.add(block, start - open_.start)
            except LimitExceeded as error:
                raise self._refused(error, (open_.start if open_ else start) + error.place) from None
            if writer.is_closed:
                open_.part = writer.finish()
                yield self._counted(open_)
                open_ = None
        if open_ is not None:
            open_.part = writer.finish()
            yield self._counted(open_)

    def _counted(self, item: _Placed) -> _Placed:
        """Return a part, written again if it has ids that are taken, and add its counts. Raises `SourceRefused`."""
        if any(name in self._ids for name in item.part.ids):
            writer = Writer(self._refusal, taken_ids=frozenset(self._ids))
            for start, block in item.blocks:
                writer.add(block, start)
            item.part = writer.finish()
        self._ids |= dict.fromkeys(item.part.ids, 1)
        total, part = self._counts, item.part.counts
        total.tags += part.tags
        total.bytes += part.bytes
        total.references += part.references
        try:
            check_counts(total, max_tags=self._max_tags)
        except LimitExceeded as error:
            raise self._refused(error, item.start) from None
        return item

    def _refused(self, error: LimitExceeded, place: int) -> SourceRefused:
        """Return an error that names the line of a place."""
        line = self._document.text.count("\n", 0, place) + 1
        return SourceRefused(error.limit, _("Line %(line)d: %(fault)s.", line=line, fault=error.what))

    # Ids and footnotes

    def _unique(self, words: str) -> str:
        """Return an id made of some words that no other element has, and take it."""
        name = safelist.PREFIX + words
        while name in self._ids:
            self._ids[safelist.PREFIX + words] += 1
            name = f"{safelist.PREFIX}{words}-{self._ids[safelist.PREFIX + words]}"
        self._ids[name] = 1
        return name

    def _resolved(self, html: str, part: Part) -> str:
        """Return the HTML of a part with its ids and the numbers of its footnotes."""
        if ANCHOR not in html and NOTE not in html:
            return html

        def resolve(match: re.Match[str]) -> str:
            if match[2] is None:
                return self._unique(match[1])
            return self._reference(
                normal_label(part.references[int(match[2])]), is_inside_link=match[3] == ","
            )

        return _OPEN_ENDS.sub(resolve, html)

    def _reference(self, label: str, *, is_inside_link: bool) -> str:
        """Return the HTML of a reference to a footnote; inside a link, only its number."""
        if label not in self._numbers:
            self._order.append(label)
            self._numbers[label] = len(self._order)
            words = _NOT_IN_ADDRESSES.sub("-", self._notes[label][1].label)
            self._note_ids[label] = self._unique(f"fn-{words}")
            self._reference_ids[label] = []
        number = self._numbers[label]
        sup = start_tag("sup", {"class": "footnote-ref"})
        if is_inside_link:
            return f"{sup}{number}</sup>"
        uses = self._reference_ids[label]
        name = self._note_ids[label].removeprefix(f"{safelist.PREFIX}fn-")
        uses.append(self._unique(f"fnref-{name}" + (f"-{len(uses) + 1}" if uses else "")))
        link = start_tag("a", {"href": f"#{self._note_ids[label]}", "id": uses[-1]})
        return f"{sup}{link}{number}</a></sup>"

    def _first_notes(self, placed: list[_Placed]) -> dict[str, tuple[_Placed, Note]]:
        """Return the first definition of each footnote."""
        notes: dict[str, tuple[_Placed, Note]] = {}
        for item in placed:
            for note in sorted(item.part.notes, key=lambda note: note.start):
                notes.setdefault(normal_label(note.label), (item, note))
        return notes

    def _footnotes(self) -> str:
        """Return the section with the footnotes, in order of their first references."""
        written = [start_tag("section", {"class": "footnotes"}), "\n<ol>\n"]
        for number, label in enumerate(self._order, 1):  # grows while footnotes refer to others
            item, note = self._notes[label]
            html = self._resolved(note.html, item.part)
            written.append(start_tag("li", {"id": self._note_ids[label]}) + "\n")
            back = "".join(
                self._backward(number, use, name) for use, name in enumerate(self._reference_ids[label], 1)
            )
            if html.endswith("</p>\n"):
                written.append(f"{html[:-5]}{back}</p>\n")
            else:
                written.append(f"{html}{back.strip()}\n")
            written.append("</li>\n")
        return "".join([*written, "</ol>\n</section>\n"])

    def _backward(self, number: int, use: int, name: str) -> str:
        """Return the link from a footnote back to one of its references."""
        index = f"{number}-{use}" if use > 1 else str(number)
        link = start_tag(
            "a", {"href": f"#{name}", "class": "footnote-backref", "aria-label": f"Back to reference {index}"}
        )
        again = f"{start_tag('sup', {'class': 'footnote-ref'})}{use}</sup>" if use > 1 else ""
        return f" {link}{_BACK}{again}</a>"

    def _order_of(self, placed: list[_Placed]) -> Iterator[Span]:
        """Yield the spans of the source in the order of the page."""
        for item in placed:
            yield from _without_notes(item, (0, len(item.part.canvas)), item.part.notes)
        for label in self._order:
            item, note = self._notes[label]
            others = [other for other in item.part.notes if other is not note]
            yield from _without_notes(item, (note.start, note.end), others)

    # Fates and removals

    def _paint_notes(self, placed: list[_Placed], canvas: bytearray) -> Iterator[Removal]:
        """Paint the footnotes; yield a removal for each that is not on the page."""
        for item in placed:
            for note in sorted(item.part.notes, key=lambda note: note.start):
                label = normal_label(note.label)
                start, end = item.start + note.start, item.start + note.end
                first_item, first_note = self._notes[label]
                is_first = first_item is item and first_note is note  # equal blocks share their footnotes
                if is_first and label in self._numbers:
                    canvas[start:end] = item.part.canvas[note.start : note.end]
                    continue
                end = start + len(self._document.text[start:end].rstrip(" \t\r\n"))
                paint(canvas, start, end, Fate.REMOVED)
                reason = _("no note refers to it") if is_first else _("an earlier footnote has the same name")
                yield Removal.of(start, end, self._document.text[start:end], reason)

    def _paint_definitions(self, placed: list[_Placed], canvas: bytearray) -> Iterator[Removal]:
        """Paint the link definitions; yield a removal for each except the first of a label that a link uses."""
        text = self._document.text
        labels: set[str] = set().union(
            *(item.part.labels for item in placed), *(self._notes[label][1].labels for label in self._order)
        )
        inside = [moved(found, item.start) for item in placed for found in item.part.definitions]
        seen: set[str] = set()
        for found in sorted([*inside, *self._document.definitions], key=lambda found: found.start):
            is_second = found.label in seen
            seen.add(found.label)
            if is_second or found.label not in labels:
                if canvas[found.start : found.start + 1] == CODES[Fate.REMOVED]:
                    continue  # listed with the footnote around it, which is not on the page
                paint(canvas, found.start, found.end, Fate.REMOVED)
                reason = (
                    _("no link on the page uses it")
                    if not is_second
                    else _("an earlier definition has the same name")
                )
                yield Removal.of(found.start, found.end, text[found.start : found.end], reason)
            else:
                paint(canvas, found.start, found.end, Fate.MARKUP)
                paint(canvas, *found.target, Fate.VALUE)
                paint(canvas, *found.title, Fate.VALUE)


def _without_notes(item: _Placed, span: Span, notes: Iterable[Note]) -> Iterator[Span]:
    """Yield what is left of a span of a part without some footnotes, as spans of the source."""
    start, end = span
    for note in sorted(notes, key=lambda note: note.start):
        if start <= note.start and note.end <= end:
            yield item.start + start, item.start + note.start
            start = note.end
    yield item.start + start, item.start + end


@cache
def _block_writer(refusal: Refusal) -> Callable[[Block], Part]:
    """Return the function that writes a block by itself; it is the key under which blocks remember their parts."""

    def write(block: Block) -> Part:
        writer = Writer(refusal)
        writer.add(block, 0)
        return writer.finish()

    return write
