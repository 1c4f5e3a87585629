"""Writes the HTML of a page anew from what Markdown and raw HTML amount to.

Whatever is not a tag by the grammar of tags, on the safelist and in its place becomes text, so what is
written leaves no two parsers room to read it differently: every element is closed in its block, attributes
are quoted and sorted, a line end after <pre> is kept.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import regex

from articles.text.markdown import parse as markup
from articles.text.markdown.parse import NOWHERE, Node, Span
from articles.text.messages import gettext_noop as _
from articles.text.page import images, removals, safelist
from articles.text.page.removals import Remedy, Removal, Rewrite

MAX_HTML_BYTES = 1_048_576
MAX_DEPTH = 64
MAX_TAGS = 12_000  # or one for so many bytes of source, where that is more: dense prose has one for twelve
MIN_BYTES_PER_TAG = 12
MAX_REFERENCES = 30_000  # &lt; and the like
MAX_ATTRIBUTES = 32  # of one tag


_OWN_ID = re.compile(rf' (id="|href="#){safelist.PREFIX}')


def with_ids_apart(page: str, name: str) -> str:
    """A page whose ids, and links to them, carry a name of their own, for a place that shows two pages.

    >>> with_ids_apart('<b id="user-content-a">id="user-content-a"</b>', "old")
    '<b id="user-content-old-a">id="user-content-a"</b>'
    """
    return markup.TAG.sub(
        lambda tag: _OWN_ID.sub(lambda match: f" {match[1]}{safelist.PREFIX}{name}-", tag[0]), page
    )


class SourceRefused(ValueError):
    """The source is beyond the limit named by `limit`; the message says which and where."""

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit


CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
_TOKEN = re.compile(rf"{markup.TAG.pattern}|({markup.RAW_HTML})|<!--|[^<]++|<")
_CONDITIONAL = re.compile(r"<!--\[if [^\]<>]*+\]>")


def escape(text: str) -> str:
    """Text as it is written in HTML. Control characters, which no parser takes alike, become U+FFFD."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", html.escape(text, quote=False))


def start_tag(tag: str, attributes: dict[str, str]) -> str:
    written = [f' {name}="{_quoted(value)}"' for name, value in sorted(attributes.items())]
    return f"<{tag}{''.join(written)}>"


def _quoted(value: str) -> str:
    return escape(value).replace('"', "&quot;")


def line_end_after_pre(text: str) -> str:
    """HTML ignores a line end directly after <pre>, so a text that begins with one needs another."""
    return "\n" if text.startswith("\n") else ""


def respelled(page: str) -> str:
    """HTML as a parser wrote it, having dropped the line end after <pre>, in the spelling of this module."""
    written = [""]
    for match in _TOKEN.finditer(page):
        closing, tag, attributes = match.group(1, 2, 3)
        if tag:
            known = {name: value or "" for _, name, value in _attributes(attributes)}
            written.append(f"</{tag}>" if closing else start_tag(tag, known))
        else:
            text = _resolved(match[0])
            written.append((line_end_after_pre(text) if _PRE.match(written[-1]) else "") + escape(text))
    return "".join(written)


_PRE = re.compile("<pre[ >]")


def _resolved(text: str) -> str:
    """The text with those character references resolved that end as they should."""
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def _attributes(written: str) -> Iterator[tuple[re.Match[str], str, str | None]]:
    for match in markup.ATTRIBUTE.finditer(written):
        value = match["value"]
        if value is not None:
            value = _resolved(value[1:-1] if value[0] in "\"'" else value)
        yield match, match["name"].lower(), value


_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_TRANSPARENT = safelist.INLINE | {"p", "div"}
# Opening one of the first closes open ones of the second, as in HTML, if only _TRANSPARENT is between them.
_CLOSES: dict[str, frozenset[str]] = {
    **dict.fromkeys(safelist.BLOCKS - safelist.TABLE_PARTS, frozenset(("p",))),
    **dict.fromkeys(_HEADINGS, _HEADINGS | {"p"}),
    "li": frozenset(("li", "p")),
    **dict.fromkeys(("dt", "dd"), frozenset(("dt", "dd", "p"))),
    **dict.fromkeys(("rt", "rp"), frozenset(("rt", "rp"))),
}
# How far inside a table its parts stand, and what is put around one that lacks it.
_RANK = {"table": 0, "caption": 1, "thead": 1, "tbody": 1, "tfoot": 1, "tr": 2, "td": 3, "th": 3}
_WRAPPERS = ("", "tbody", "tr")
_IN_TABLE = frozenset(
    ("table", "thead", "tbody", "tfoot", "tr")
)  # these hold parts of a table and nothing else
_SCOPE = frozenset(("table", "caption", "td", "th"))
_AS_TEXT = "shown as text"
_FOOTNOTE_MARKS = (
    "data-footnote-ref",
    "data-footnote-backref",
    "data-footnote-backref-idx",
    "data-footnotes",
)


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: dict[str, str]
    position: int  # of its start tag in what is written, -1 if that is left out
    raw: bool  # written by the author as HTML, not made from Markdown
    heading_text: int = 0  # where its text begins, if it is a heading


class Page:
    """A page in the making. `refusal(tag, name, value)` says why an attribute may not stand, or nothing."""

    def __init__(self, source: str, refusal: Callable[[str, str, str], str], *, max_tags: int) -> None:
        self.removals: list[Removal] = []
        self._source = source
        self._refusal = refusal
        self._max_tags = max_tags
        self._written: list[str] = []
        self._ends: list[int] = []  # how much is written wherever the last open element is closed
        self._open: list[_Element] = []
        self._depths: list[int] = []  # of the open elements made from Markdown
        self._tags = self._bytes = self._references = 0
        self._ids: dict[str, int] = {}
        self._heading_text: list[str] = []
        self._sourcepos = "1:1-1:1"  # of the block last begun
        self._pieces: list[Node] = []
        self._piece = -1
        self._raw: _Raw | None = None

    @cached_property
    def _lines(self) -> markup.Lines:
        return markup.lines_of(self._source)

    def finish(self) -> list[str]:
        """The page, cut where no element is open."""
        self._close_down_to(0)
        ends = [*self._ends, len(self._written)]
        return ["".join(self._written[start:end]) for start, end in pairwise([0, *ends])]

    def _write(self, piece: str) -> None:
        self._written.append(piece)
        self._bytes += len(piece) if piece.isascii() else len(piece.encode())
        self._references += piece.count("&")
        if self._bytes > MAX_HTML_BYTES:
            self._refuse("HTML bytes", f"the page gets longer than {MAX_HTML_BYTES:,} bytes")
        if self._references > MAX_REFERENCES:
            self._refuse("references", f"more than {MAX_REFERENCES:,} of the signs < > &")

    # Markdown

    def add_rendered(self, rendered: str) -> None:
        """What cmark made of the source, with raw HTML marked."""
        for match in _TOKEN.finditer(rendered):
            closing, tag, attributes, marked = match.groups()
            if marked:
                self._piece += 1
                node = self._node()
                self.add_raw(node.text, node)
            elif not tag:
                self._add_text(_resolved(match[0]))
            elif closing:
                self._close_down_to(self._depths.pop())
            else:
                self._open_rendered(tag, {name: value or "" for _, name, value in _attributes(attributes)})

    def _open_rendered(self, tag: str, attributes: dict[str, str]) -> None:
        self._sourcepos = attributes.pop("data-sourcepos", self._sourcepos)
        is_footnote = [mark for mark in _FOOTNOTE_MARKS if attributes.pop(mark, None) is not None]
        target = {"a": "href", "img": "src"}.get(tag)
        if target and not is_footnote:
            self._piece += 1
            url = attributes.get(target) or self._node().url
            if reason := self._refusal(tag, target, url):
                del attributes[target]
                self._remove_target(tag, url, reason)
        for name, value in attributes.items():
            attributes[name] = self._prefixed(name, value)
        if "id" in attributes:
            self._ids[attributes["id"]] = 1
        kept = {name: value for name, value in attributes.items() if not self._refusal(tag, name, value)}
        self._begin(tag, kept, raw=False)

    def _remove_target(self, tag: str, url: str, reason: str) -> None:
        node = self._node()
        span = next((s for s in (node.target, node.span) if s != NOWHERE), node.block)
        if tag == "a":
            rewrite = removals.without_link(self._lines, node)
        else:
            may_link = not self._refusal("a", "href", url)
            rewrite = removals.of_picture(self._source, node, may_link=may_link)
        self._remove(span, url, reason, rewrite)

    def _node(self) -> Node:
        """The link, image or raw HTML being written, from the syntax tree, made when first asked for."""
        if not self._pieces:
            self._pieces = [n for n in markup.nodes(self._source) if n.kind in _PIECES and not n.in_image]
        return self._pieces[self._piece]

    # Raw HTML

    def add_raw(self, literal: str, node: Node | None) -> None:
        """HTML written by the author, which stands in the source where the node says."""
        raw = self._raw = _Raw(literal, node, self._lines)
        tags, removed = self._tags, len(self.removals)
        last_comment_end = literal.rfind("-->")
        position = 0
        is_after_pre = False
        while match := _TOKEN.match(literal, position):
            start, position = match.span()
            closing, tag = match.group(1, 2)
            if tag and closing:
                self._close_raw(tag.lower(), match)
            elif tag:
                self._open_raw(tag.lower(), match)
            elif match[0].startswith("<!--") and start + 2 <= last_comment_end:
                position = literal.index("-->", start + 2) + 3
                self._take_out(start, position, _("a comment"))
            elif conditional := _CONDITIONAL.match(literal, start):
                position = conditional.end()
                self._take_out(start, position, _("a comment"))
            else:
                self._add_text(_resolved(match[0].removeprefix("\n") if is_after_pre else match[0]))
            is_after_pre = bool(tag) and not closing and tag.lower() == "pre"
        if node and node.kind == "html_block" and self._tags == tags and "&" not in literal:
            self._offer_fences(node, raw, removed)
        self._raw = None

    def _offer_fences(self, node: Node, raw: "_Raw", first: int) -> None:
        """Where all of a block of HTML is shown as text, its removals are best answered by one rewrite."""
        shown = all(removal.reason.startswith(_AS_TEXT) for removal in self.removals[first:])
        literal = raw.literal.removesuffix("\n")
        if shown and self._source.startswith(literal, node.block[0]):
            rewrite = removals.in_fences(self._source, (node.block[0], node.block[0] + len(literal)))
            self.removals[first:] = [replace(removal, rewrite=rewrite) for removal in self.removals[first:]]

    def _open_raw(self, tag: str, match: re.Match[str]) -> None:
        found = list(_attributes(match[3]))
        if len(found) > MAX_ATTRIBUTES:
            self._refuse(
                "attributes", f"a tag with {len(found)} attributes; at most {MAX_ATTRIBUTES} are accepted"
            )
        is_prose = any(value is None and name not in safelist.BARE for _, name, value in found)
        is_input = tag == "input" and ("type", "checkbox") in [(name, value) for _, name, value in found]
        if tag not in safelist.TAGS or is_prose or (tag == "input" and not is_input):
            self._show_as_text(match, _("shown as text; put backticks around code"))
            return
        if tag in _RANK and tag != "table" and not self._make_place(tag):
            self._show_as_text(match, _("shown as text: a part of a table outside one"))
            return
        if tag == "a" and any(element.tag == "a" for element in self._open):
            self._remove_raw(*match.span(), _("a link inside a link"))
            self._push(_Element(tag, {}, -1, raw=True))
            return
        attributes: dict[str, str] = {}
        reason: str
        for part, name, given in found:
            value = "" if name in safelist.FLAGS else given or ""
            value = self._prefixed(name, value.strip(" \t\r\n") if name in safelist.TARGETS else value)
            if name in attributes:
                reason = _("a second %(name)s", name=name)
            elif name == "id" and value in self._ids:
                reason = _("another element has this id")
            elif name == "rel" and set(value.split()) <= set(safelist.REL.split()):
                continue  # written below where it belongs
            else:
                reason = self._refusal(tag, name, value)
            if reason:
                self._remove_attribute(match.start(3), part, name, value, reason)
            else:
                attributes[name] = value
        if "id" in attributes:
            self._ids[attributes["id"]] = 1
        if tag == "input":
            attributes["disabled"] = ""
        self._begin(tag, attributes, raw=True)

    def _close_raw(self, tag: str, match: re.Match[str]) -> None:
        if tag not in safelist.TAGS:
            self._show_as_text(match, _("shown as text; put backticks around code"))
            return
        for depth in range(len(self._open) - 1, -1, -1):
            element = self._open[depth]
            if not element.raw or (element.tag in _SCOPE and tag not in _RANK):
                break
            if element.tag == tag:
                self._close_down_to(depth)
                return
            if element.tag == "table":
                break
        self._take_out(*match.span(), _("it closes nothing that is open here"))

    def _make_place(self, tag: str) -> bool:
        """Closes and opens what it takes for a part of a table to stand here; false if it cannot."""
        for depth in range(len(self._open) - 1, -1, -1):
            element = self._open[depth]
            if element.tag in _IN_TABLE and _RANK[element.tag] < _RANK[tag]:
                self._close_down_to(depth + 1)
                for wrapper in _WRAPPERS[_RANK[element.tag] + 1 : _RANK[tag]]:
                    self._push_written(wrapper, {}, raw=True)
                return True
            if not element.raw or element.tag == "table":
                break
        return False

    def _show_as_text(self, match: re.Match[str], reason: str) -> None:
        shown = _resolved(match[0])
        node, span = self._place(*match.span())
        is_inline = node and node.kind == "html_inline"
        rewrite = removals.in_code(self._source, span, shown, node.block) if node and is_inline else None
        self._remove_raw(*match.span(), reason, rewrite)
        self._add_text(shown)

    def _take_out(self, start: int, end: int, reason: str) -> None:
        node, span = self._place(start, end)
        rewrite = None
        if self._raw and node and node.kind == "html_inline":
            rewrite = removals.taken_out(self._lines, span)
        elif self._raw and node:
            rewrite = removals.taken_out_of_block(self._source, span, self._raw.literal, start, end)
        self._remove_raw(start, end, reason, rewrite)

    def _remove_attribute(self, at: int, part: re.Match[str], name: str, value: str, reason: str) -> None:
        node, span = self._place(at + part.start(), at + part.end())
        rewrite = None
        if node and name != "src":  # a picture without it would be none
            rewrite = Rewrite(Remedy.REMOVE, *span)
        elif node and removals.is_picture_data(value):
            quoted = part["value"][0] in "\"'"
            rewrite = Rewrite(Remedy.UPLOAD, span[1] - len(part["value"]) + quoted, span[1] - quoted)
        self._remove_raw(at + part.start("name"), at + part.end(), reason, rewrite)

    def _place(self, start: int, end: int) -> tuple[Node | None, Span]:
        """The node of a part of the raw HTML and where it stands in the source, if that is certain."""
        if self._raw and self._raw.node:
            span = self._raw.span(start, end)
            if self._source[slice(*span)] == self._raw.literal[start:end]:
                return self._raw.node, span
        return None, NOWHERE

    # Both

    def _prefixed(self, name: str, value: str) -> str:
        """Ids and links to them with the prefix that keeps them apart from the page's own."""
        if name == "id" and value and not value.startswith(safelist.PREFIX):
            return safelist.PREFIX + value
        if name == "href" and len(value) > 1 and value[0] == "#" and not value.startswith(safelist.PREFIX, 1):
            return f"#{safelist.PREFIX}{value[1:]}"
        return value

    def _begin(self, tag: str, attributes: dict[str, str], *, raw: bool) -> None:
        self._tags += 1
        if self._tags > self._max_tags:
            self._refuse("tags", f"more than {self._max_tags:,} tags")
        if self._open and self._open[-1].tag in _IN_TABLE and tag not in _RANK.keys() - {"table"}:
            self._make_cell()
        if tag in _CLOSES:
            self._close_implied(_CLOSES[tag])
        if tag == "a" and safelist.leaves_site(attributes.get("href", "")):
            attributes["rel"] = safelist.REL
        if tag == "img":
            attributes = images.completed(attributes)
        if tag in safelist.VOID:
            self._write(start_tag(tag, attributes))
            return
        if not raw:
            self._depths.append(len(self._open))
        if tag == "a" and any(element.tag == "a" for element in self._open):
            self._push(_Element(tag, {}, -1, raw))  # the link around it prevails
        else:
            self._push_written(tag, attributes, raw=raw)

    def _close_implied(self, closes: frozenset[str]) -> None:
        for depth in range(len(self._open) - 1, -1, -1):
            tag = self._open[depth].tag
            if tag in closes:
                self._close_down_to(depth)
            elif tag not in _TRANSPARENT:
                break

    def _make_cell(self) -> None:
        if self._make_place("td"):
            self._push_written("td", {}, raw=True)

    def _push_written(self, tag: str, attributes: dict[str, str], *, raw: bool) -> None:
        self._push(_Element(tag, attributes, len(self._written), raw, len(self._heading_text)))
        self._write(start_tag(tag, attributes))

    def _push(self, element: _Element) -> None:
        self._open.append(element)
        if len(self._open) > MAX_DEPTH:
            self._refuse("depth", f"more than {MAX_DEPTH} elements inside each other")

    def _close_down_to(self, depth: int) -> None:
        while len(self._open) > depth:
            element = self._open.pop()
            if element.position < 0:
                continue
            self._write(f"</{element.tag}>")
            if element.tag in _HEADINGS and "id" not in element.attributes:
                anchor = self._anchor("".join(self._heading_text[element.heading_text :]))
                attributes = element.attributes | ({"id": anchor} if anchor else {})
                self._written[element.position] = start_tag(element.tag, attributes)
            if not self._open:
                self._ends.append(len(self._written))

    def _anchor(self, text: str) -> str:
        """A new id from the words of a heading, in any script."""
        words = regex.sub(r"[\s-]+", "-", regex.sub(r"[^\w\s-]", "", text.lower())).strip("-")[:64]
        if not words:
            return ""
        anchor = safelist.PREFIX + words
        while anchor in self._ids:
            self._ids[safelist.PREFIX + words] += 1
            anchor = f"{safelist.PREFIX}{words}-{self._ids[safelist.PREFIX + words]}"
        self._ids[anchor] = 1
        return anchor

    def _add_text(self, text: str) -> None:
        if self._open and self._open[-1].tag in _IN_TABLE and text.strip(" \t\r\n\f"):
            self._make_cell()
        if self._written and _PRE.match(self._written[-1]):
            text = line_end_after_pre(text) + text
        if text:
            self._write(escape(text))
            self._heading_text.append(text)

    def _remove(self, span: Span, what: str, reason: str, rewrite: Rewrite | None) -> None:
        start, end = span
        if start == end:  # the block of an empty line
            start, end = max(0, start - 1), min(len(self._source), end + 1)
        what = what if len(what) <= 100 else f"{what[:99]}…"
        self.removals.append(Removal(start, end, what, reason, rewrite))

    def _remove_raw(self, start: int, end: int, reason: str, rewrite: Rewrite | None = None) -> None:
        if self._raw and self._raw.node:
            self._remove(self._raw.span(start, end), self._raw.literal[start:end], reason, rewrite)

    def _refuse(self, limit: str, what: str) -> None:
        block = self._raw.node.block[0] if self._raw and self._raw.node else -1
        line = (
            self._source.count("\n", 0, block) + 1 if block >= 0 else int(self._sourcepos.partition(":")[0])
        )
        raise SourceRefused(limit, f"Line {line}: {what}.")


_PIECES = frozenset(("link", "image", "html_inline", "html_block"))


class _Raw:
    """Raw HTML and where each part of it stands in the source, where that is certain; else its block."""

    def __init__(self, literal: str, node: Node | None, source_lines: markup.Lines) -> None:
        self.literal = literal
        self.node = node
        self._source_lines = source_lines

    @cached_property
    def _lines(self) -> markup.Lines:
        return markup.Lines(self.literal)

    def span(self, start: int, end: int) -> Span:
        assert self.node
        if self.node.kind == "html_block":
            first, last = self._offset(self.node, start), self._offset(self.node, end - 1)
            return (first, last + 1) if 0 <= first <= last else self.node.block
        if self.node.span == NOWHERE:
            return self.node.block
        if "\n" in self.literal:
            return self.node.span
        return self.node.span[0] + start, self.node.span[0] + end

    def _offset(self, node: Node, position: int) -> int:
        """Each line of a block of HTML ends a line of the source, behind the marks of quotes and lists."""
        number = self._lines.number(position)
        start, end = self._lines.span(number, number)
        source_number = self._source_lines.number(node.span[0]) + number - 1
        source_start, source_end = self._source_lines.span(source_number, source_number)
        if not self._source_lines.text.endswith(self.literal[start:end], source_start, source_end):
            return -1
        return source_end - (end - position)
