"""Pages with marks: the findings of what readers see in sanitized HTML, drawn a part at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from typing import NamedTuple

from articles.text.checks.findings import Finding
from articles.text.checks.scanning import scan_regions
from articles.text.content.marking import Say, mark_text
from articles.text.markdown import Region, Where
from articles.text.remembering import remembered

_BLOCKS = frozenset(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)

_AROUND = 16  # code points beside a mark that a list shows
_SPACE = re.compile(r"\s")


def _weight(page: MarkedPage) -> int:
    return page.weight


@remembered(weigh=_weight, max_bytes=50_000_000)  # people go from part to part
def marked_page(rendered: str, language: str) -> MarkedPage:
    """Return the marks of sanitized HTML, judged by the language of its article."""
    return MarkedPage(rendered, language=language)


class Listed(NamedTuple):
    """A mark with its number, its characters, and those of the same word before and after them, at most 16 each."""

    number: int
    finding: Finding
    before: str
    text: str
    after: str


class MarkedPage:
    """Sanitized HTML, and a mark for each finding of its visible text, numbered from 1 in the order of the text.

    The text is scanned as readers see it: block by block, and code as code. Costs one scan of the text. A finding that
    goes through several elements has a mark in each.
    """

    def __init__(self, rendered: str, *, language: str) -> None:
        page = TagsAndTexts()
        page.feed(rendered)
        page.close()
        self.text = "".join(
            page.texts
        )  # in which the spans count; a blank line stands for a tag that parts blocks
        self.pieces = page.pieces
        found = scan_regions(self.text, page.regions, language=language).findings
        self._marks = list(_marks(page.pieces, found))

    @property
    def total(self) -> int:
        """The number of marks."""
        return len(self._marks)

    @property
    def weight(self) -> int:
        """The memory that it takes, in bytes."""
        return 2 * len(self.text) + 200 * len(self.pieces) + 600 * len(self._marks)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The spans of the marks, in code points of `text`, in order. Each stands in one piece."""
        return [(mark.start, mark.end) for mark in self._marks]

    def listed(self, first: int, last: int) -> list[Listed]:
        """Return the marks from `first` to `last` with what a list says of them."""
        return [
            Listed(number, mark.finding, *self._around(mark))
            for number, mark in enumerate(self._marks[first - 1 : last], first)
        ]

    def _around(self, mark: _Mark) -> tuple[str, str, str]:
        """Return the characters of a mark, and those of the same word before and after them."""
        before = self.text[max(0, mark.start - _AROUND) : mark.start]
        after = self.text[mark.end : mark.end + _AROUND]
        return _SPACE.split(before)[-1], self.text[mark.start : mark.end], _SPACE.split(after)[0]

    def drawn(self, first: int = 1, last: int | None = None, *, say: Say = str) -> str:
        """Return the HTML with the marks from `first` to `last` drawn, all of them without `last`.

        Tags, attributes and text do not change. Each mark has the id `odd-` with its number.
        """
        marks = [
            mark.finding._replace(start=mark.start, end=mark.end) for mark in self._marks[first - 1 : last]
        ]
        return "".join(_written(self.pieces, marks, first, say))


class _Mark(NamedTuple):
    """The part of a finding that stands in one text."""

    start: int
    end: int
    finding: Finding


def _marks(pieces: Iterable[tuple[str, str]], found: Sequence[Finding]) -> Iterator[_Mark]:
    """Yield the findings cut to the texts in which they stand; of those that overlap, the first is whole."""
    position = index = taken = 0
    for tag, text in pieces:
        start, position = position, position + len(text)
        if tag:  # a block's separator, which the page does not show
            continue
        while index < len(found) and found[index].start < position:
            first, last = max(found[index].start, start, taken), min(found[index].end, position)
            if first < last:
                yield _Mark(first, last, found[index])
                taken = last
            if found[index].end > position:
                break  # goes on in the next text
            index += 1


def _written(
    pieces: Iterable[tuple[str, str]], marks: Sequence[Finding], number: int, say: Say
) -> Iterator[str]:
    """Yield the tags as they are, and the texts with their marks, numbered from `number` on."""
    position = index = 0
    for tag, text in pieces:
        yield tag
        end = position + len(text)
        if not tag:
            last = index
            while last < len(marks) and marks[last].start < end:
                last += 1
            yield mark_text(text, marks[index:last], start=position, number=number + index, say=say)
            index = last
        position = end


class TagsAndTexts(HTMLParser):
    """The tags of HTML as they are written, and its decoded texts with their contexts."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[tuple[str, str]] = []  # (tag as written, separator) or ("", decoded text)
        self.texts: list[str] = []
        self.regions: list[Region] = []
        self.length = 0
        self.depths = {"code": 0, "pre": 0, "a": 0}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.depths:
            self.depths[tag] += 1
        self._tag(self.get_starttag_text() or "", tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(self.get_starttag_text() or "", tag)

    def handle_endtag(self, tag: str) -> None:
        if self.depths.get(tag):
            self.depths[tag] -= 1
        self._tag(f"</{tag}>", tag)

    def handle_data(self, data: str) -> None:
        self._text(data)

    def _tag(self, written: str, tag: str) -> None:
        """Add a tag; a blank line in the text stands for a tag that parts blocks."""
        separator = "\n\n" if tag in _BLOCKS else ""
        self.pieces.append((written, separator))
        self._add(separator, Where.PROSE)

    def _text(self, text: str) -> None:
        """Add a text in the context of the open elements."""
        self.pieces.append(("", text))
        code = self.depths["code"] or self.depths["pre"]
        self._add(text, Where.CODE if code else Where.LINK_TEXT if self.depths["a"] else Where.PROSE)

    def _add(self, text: str, where: Where) -> None:
        """Add to the text that is scanned, and to its regions."""
        if not text:
            return
        start, self.length = self.length, self.length + len(text)
        self.texts.append(text)
        if self.regions and self.regions[-1].where is where:
            self.regions[-1] = Region(self.regions[-1].start, self.length, where)
        else:
            self.regions.append(Region(start, self.length, where))
