"""Elements of HTML while it is written: the open ones, and the tags and text so far.

Every element is closed in its part, attributes are quoted and sorted, and text directly in a table gets a cell. So no
two parsers can read the HTML differently.
"""

from dataclasses import dataclass, field

import regex

from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.page import images, safelist
from articles.text.page.spelling import begins_pre, escape, line_end_after_pre, start_tag

MAX_HTML_BYTES = 1_048_576
MAX_DEPTH = 64
MAX_REFERENCES = 30_000  # &lt; and the like

# Stands before the words of a heading's id, which is known only when the whole page is written. Text never holds it,
# since `escape` replaces control characters.
ANCHOR = "\x02"

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_TRANSPARENT = safelist.INLINE | {"p", "div"}
# A start tag of a key closes open elements of its values, as in HTML, if only _TRANSPARENT ones are between them.
_CLOSES: dict[str, frozenset[str]] = {
    **dict.fromkeys(safelist.BLOCKS - safelist.TABLE_PARTS, frozenset(("p",))),
    **dict.fromkeys(_HEADINGS, _HEADINGS | {"p"}),
    "li": frozenset(("li", "p")),
    **dict.fromkeys(("dt", "dd"), frozenset(("dt", "dd", "p"))),
    **dict.fromkeys(("rt", "rp"), frozenset(("rt", "rp"))),
}
# Nesting depth of each table part, and the tag to insert at a depth that is missing.
TABLE_RANK = {"table": 0, "caption": 1, "thead": 1, "tbody": 1, "tfoot": 1, "tr": 2, "td": 3, "th": 3}
_WRAPPERS = ("", "tbody", "tr")
_IN_TABLE = frozenset(("table", "thead", "tbody", "tfoot", "tr"))  # these may hold only parts of a table
_CELLS = frozenset(("table", "caption", "td", "th"))


class SourceRefused(ValueError):
    """The source is beyond the limit named by `limit`. The message says which limit and where."""

    def __init__(self, limit: str, message: Message) -> None:
        super().__init__(message)
        self.limit, self.message = limit, message


class LimitExceeded(Exception):
    """A limit was exceeded while writing. Callers that know the line raise `SourceRefused` instead."""

    def __init__(self, limit: str, what: Message) -> None:
        super().__init__(what)
        self.limit, self.what, self.place = limit, what, 0  # in code points, of the part that is written


@dataclass(slots=True)
class Element:
    """An open element. `position` is the index of its start tag in the output, -1 if the tag is left out."""

    tag: str
    attributes: dict[str, str]
    position: int
    is_raw: bool  # written as HTML by the author, not made from Markdown
    heading_text: int = 0  # where the text of a heading begins


@dataclass(slots=True)
class Counts:
    """Counts of what a page may hold a limited number of."""

    tags: int = 0
    bytes: int = 0
    references: int = 0


@dataclass(slots=True)
class Output:
    """A stretch of HTML that is written, and its open elements. A footnote has an output of its own."""

    written: list[str] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)
    heading_text: list[str] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)  # of the link definitions that its links use
    is_note: bool = False


class Elements:
    """The writer of elements and text, and of ids for headings by default. Raises `LimitExceeded` beyond a limit."""

    def __init__(self, *, gives_ids: bool = True) -> None:
        self._gives_ids = gives_ids
        self.out = Output()
        self.counts = Counts()
        self.ids: dict[str, None] = {}

    @property
    def is_inside_link(self) -> bool:
        """Whether a link is open."""
        return any(element.tag == "a" for element in self.out.open)

    @property
    def would_end_note(self) -> bool:
        """Whether a list item that begins here would end the footnote around it, which is a list item, too."""
        return self.out.is_note and all(element.tag in _TRANSPARENT for element in self.out.open)

    def write(self, piece: str) -> None:
        """Add HTML as it is."""
        self.out.written.append(piece)
        counts = self.counts
        counts.bytes += len(piece) if piece.isascii() else len(piece.encode())
        counts.references += piece.count("&")
        if counts.bytes > MAX_HTML_BYTES or counts.references > MAX_REFERENCES:
            check_counts(counts)

    def write_line_end(self) -> None:
        """Add a line end, except after another one, or after `pre`, where some parsers ignore it."""
        written = self.out.written
        if written and not written[-1].endswith("\n") and not begins_pre(written[-1]):
            written.append("\n")

    def text(self, text: str) -> None:
        """Add visible text."""
        out = self.out
        if out.open and out.open[-1].tag in _IN_TABLE and text.strip(" \t\r\n"):
            self.make_cell()
        if out.written and begins_pre(out.written[-1]):
            text = line_end_after_pre(text) + text
        if text:
            self.write(escape(text))
            out.heading_text.append(text)

    def begin(self, tag: str, attributes: dict[str, str], *, is_raw: bool = False) -> None:
        """Open an element, or write a void one, after closing those that HTML closes before it."""
        out = self.out
        self.counts.tags += 1
        if out.open and out.open[-1].tag in _IN_TABLE and tag not in TABLE_RANK.keys() - {"table"}:
            self.make_cell()
        if tag in _CLOSES:
            self._close_implied(_CLOSES[tag])
        if tag == "a" and safelist.leaves_site(attributes.get("href", "")):
            attributes["rel"] = safelist.REL
        if tag == "img":
            attributes = images.complete_attributes(attributes)
        if tag in safelist.VOID:
            self.write(start_tag(tag, attributes))
        elif tag == "a" and self.is_inside_link:
            self.push(Element(tag, {}, -1, is_raw))  # a link inside a link has no effect
        else:
            self._push_written(tag, attributes, is_raw=is_raw)

    def push(self, element: Element) -> None:
        """Open an element without writing its tag."""
        self.out.open.append(element)
        if len(self.out.open) > MAX_DEPTH:
            raise LimitExceeded("depth", _("more than %(limit)d elements inside each other", limit=MAX_DEPTH))

    def close_down_to(self, depth: int) -> None:
        """Close the innermost elements until `depth` are open."""
        out = self.out
        while len(out.open) > depth:
            element = out.open.pop()
            if element.position < 0:
                continue
            self.write(f"</{element.tag}>")
            if self._gives_ids and element.tag in _HEADINGS and "id" not in element.attributes:
                self._give_anchor(element)

    def _give_anchor(self, heading: Element) -> None:
        """Add the words of a heading to its start tag as an id, to be made unique later."""
        if words := anchor_words("".join(self.out.heading_text[heading.heading_text :])):
            tag = start_tag(heading.tag, heading.attributes | {"id": words})
            self.out.written[heading.position] = tag.replace(f' id="{words}"', f' id="{ANCHOR}{words}"', 1)

    def close_raw(self, tag: str) -> bool:
        """Close the innermost raw element of a tag. Returns False if none may be closed here."""
        for depth in range(len(self.out.open) - 1, -1, -1):
            element = self.out.open[depth]
            if not element.is_raw or (element.tag in _CELLS and tag not in TABLE_RANK):
                break
            if element.tag == tag:
                self.close_down_to(depth)
                return True
            if element.tag == "table":
                break
        return False

    def make_place(self, tag: str) -> bool:
        """Close and open elements so that a part of a table may stand here. Returns False outside of a table."""
        for depth in range(len(self.out.open) - 1, -1, -1):
            element = self.out.open[depth]
            if element.tag in _IN_TABLE and TABLE_RANK[element.tag] < TABLE_RANK[tag]:
                self.close_down_to(depth + 1)
                for wrapper in _WRAPPERS[TABLE_RANK[element.tag] + 1 : TABLE_RANK[tag]]:
                    self._push_written(wrapper, {}, is_raw=True)
                return True
            if not element.is_raw or element.tag == "table":
                break
        return False

    def make_cell(self) -> None:
        """Open a cell for content that would stand directly in a table."""
        if self.make_place("td"):
            self._push_written("td", {}, is_raw=True)

    def _close_implied(self, closes: frozenset[str]) -> None:
        """Close the open elements of these tags that only transparent elements separate from here."""
        for depth in range(len(self.out.open) - 1, -1, -1):
            tag = self.out.open[depth].tag
            if tag in closes:
                self.close_down_to(depth)
            elif tag not in _TRANSPARENT:
                break

    def _push_written(self, tag: str, attributes: dict[str, str], *, is_raw: bool) -> None:
        """Open an element and write its start tag."""
        out = self.out
        self.push(Element(tag, attributes, len(out.written), is_raw, len(out.heading_text)))
        self.write(start_tag(tag, attributes))


def check_counts(counts: Counts, *, max_tags: int | None = None) -> None:
    """Raise `LimitExceeded` if a page holds too much."""
    if counts.bytes > MAX_HTML_BYTES:
        raise LimitExceeded(
            "HTML bytes", _("the page gets longer than %(limit)d bytes", limit=MAX_HTML_BYTES)
        )
    if counts.references > MAX_REFERENCES:
        raise LimitExceeded("references", _("more than %(limit)d of the signs < > &", limit=MAX_REFERENCES))
    if max_tags is not None and counts.tags > max_tags:
        raise LimitExceeded("tags", _("more than %(limit)d tags", limit=max_tags))


def anchor_words(text: str) -> str:
    """Return the words of a heading for its id, in any script, at most 64 characters."""
    words: str = regex.sub(r"[^\w\s-]", "", text.lower())
    joined: str = regex.sub(r"[\s-]+", "-", words)
    return joined.strip("-")[:64]
