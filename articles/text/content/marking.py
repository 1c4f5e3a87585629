"""Marks around findings in HTML, which never change what a reader copies.

A mark is an element around the characters themselves. Its attributes describe them, and style sheets draw these, so
nobody copies them: `data-code` has the code points, `data-like` the letter probably meant, and `data-box` a label for
invisible characters.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from html.parser import HTMLParser

import regex

from articles.text.checks.findings import Finding
from articles.text.checks.scanning import scan_regions
from articles.text.markdown import Region, Where

# Characters that draw nothing or move others: controls, format characters, separators, default-ignorables.
_INVISIBLE = regex.compile(r"[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]")
_ABBREVIATIONS = {
    "\u00a0": "NBSP",
    "\u00ad": "SHY",
    "\u034f": "CGJ",
    "\u061c": "ALM",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u202f": "NNBSP",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
}
_BLOCKS = frozenset(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)


def box_label(char: str) -> str | None:
    """Return the label to draw for an invisible character; None for any other character."""
    if not _INVISIBLE.match(char) or char in " \n\t":
        return None
    return _ABBREVIATIONS.get(char) or f"U+{ord(char):04X}"


Say = Callable[[str], str]  # translates a finding's message into the reader's language


def mark(text: str, finding: Finding, *, is_new: bool = False, say: Say = str) -> str:
    """Return a part of a finding's characters as HTML with a mark around it. `is_new` if a change introduced it."""
    label = " ".join(filter(None, map(box_label, text)))
    attributes = {
        "class": f"finding {finding.severity}" + (" new" if is_new else ""),
        "title": say(finding.message),
        "data-code": " ".join(f"U+{ord(char):04X}" for char in text) if len(text) <= 4 else None,
        "data-like": finding.meant,
        "data-box": label,
    }
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items() if value)
    return f"<mark{written}>{html.escape(text, quote=False)}</mark>"


def mark_text(
    text: str, findings: Sequence[Finding], *, start: int = 0, new: Collection[Finding] = (), say: Say = str
) -> str:
    """Return plain text as HTML with its findings marked.

    `start` is the offset of the text in the one in which the spans of the findings count. Of findings that overlap, the
    one that begins first is drawn.
    """
    parts = []
    position, end = start, start + len(text)
    for finding in findings:
        first, last = max(finding.start, position), min(finding.end, end)
        if first < last:
            parts.append(html.escape(text[position - start : first - start], quote=False))
            parts.append(mark(text[first - start : last - start], finding, is_new=finding in new, say=say))
            position = last
    parts.append(html.escape(text[position - start :], quote=False))
    return "".join(parts)


def mark_findings(rendered: str, *, language: str, say: Say = str) -> str:
    """Return sanitized HTML with the findings of its visible text marked. Tags and attributes do not change.

    The text is scanned as readers see it: block by block, and code as code. Costs one scan of the text.
    """
    page = TagsAndTexts()
    page.feed(rendered)
    page.close()
    text = "".join(page.texts)
    found = scan_regions(text, page.regions, language=language).findings
    return "".join(_written(page.pieces, found, say))


def _written(pieces: Iterable[tuple[str, str]], found: Sequence[Finding], say: Say) -> Iterator[str]:
    """Yield the tags as they are, and the texts with their findings marked."""
    position = index = 0
    for tag, text in pieces:
        yield tag
        end = position + len(text)
        if tag:  # a block's separator, which the page does not show
            position = end
            continue
        while index < len(found) and found[index].end <= position:
            index += 1
        last = index
        while last < len(found) and found[last].start < end:
            last += 1
        yield mark_text(text, found[index:last], start=position, say=say)
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
