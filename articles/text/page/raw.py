"""Raw HTML in a source, parsed by the grammar of tags and written again.

A tag is written if it is on the safelist and allowed at its place. All else becomes text.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise

from articles.text.markdown.definitions import Span
from articles.text.markdown.tags import TAG, attributes_of, resolved
from articles.text.messages import gettext_noop as _
from articles.text.page import removals, safelist
from articles.text.page.elements import TABLE_RANK, Element, Elements, LimitExceeded
from articles.text.page.fates import Fate, paint
from articles.text.page.removals import Remedy, Removal, Rewrite

MAX_ATTRIBUTES = 32  # of one tag

# Takes a tag, an attribute and its value. Returns why the attribute is not allowed, or an empty string.
Refusal = Callable[[str, str, str], str]

AS_TEXT = "shown as text"
_TOKEN = re.compile(rf"{TAG.pattern}|<!--|[^<]++|<")
_CONDITIONAL = re.compile(r"<!--\[if [^\]<>]*+\]>")


class RawHtml:
    """A stretch of raw HTML: its text, and the places of its lines in the source.

    `lines` are the starts and texts of the pieces that the parser reports, without marks of quotations and lists.
    """

    def __init__(self, lines: list[tuple[int, str]]) -> None:
        self.literal = "".join(text for _, text in lines)
        self._starts: list[int] = []
        self._places: list[int] = []
        length = 0
        for place, text in lines:
            self._starts.append(length)
            self._places.append(place)
            length += len(text)
        self._starts.append(length)

    def span(self, start: int, end: int) -> Span:
        """Return the span in the source of a part of the HTML."""
        return self._place(start), self._place(end - 1) + 1

    def parts(self, start: int, end: int) -> list[Span]:
        """Return the spans in the source of a part of the HTML, one for each line."""
        first = self._line(start)
        if end <= self._starts[first + 1]:
            shift = self._places[first] - self._starts[first]
            return [(start + shift, end + shift)]
        last = self._line(end - 1)
        cuts = [start, *self._starts[first + 1 : last + 1], end]
        return [self.span(a, b) for a, b in pairwise(cuts) if a < b]

    def _line(self, at: int) -> int:
        """Return the index of the line that holds a code point of the HTML."""
        return min(bisect_right(self._starts, at) - 1, len(self._places) - 1)

    def _place(self, at: int) -> int:
        """Return where a code point of the HTML stands in the source."""
        line = self._line(at)
        return self._places[line] + at - self._starts[line]


class RawWriter:
    """The writer of a block's raw HTML into `elements`; it also paints fates and adds removals.

    Places are code points of `text`, which is the block.
    """

    def __init__(
        self,
        text: str,
        elements: Elements,
        removed: list[Removal],
        canvas: bytearray,
        refusal: Refusal,
        taken_ids: frozenset[str],
    ) -> None:
        self._text = text
        self._elements = elements
        self._removed = removed
        self._canvas = canvas
        self._refusal = refusal
        self._taken_ids = taken_ids
        self._raw = RawHtml([(0, "")])
        self._is_inline = False

    def add(self, raw: RawHtml, *, is_inline: bool) -> None:
        """Write a stretch of raw HTML."""
        self._raw, self._is_inline = raw, is_inline
        literal = raw.literal
        tags, removed = self._elements.counts.tags, len(self._removed)
        last_comment_end = literal.rfind("-->")
        position = 0
        is_after_pre = False
        while match := _TOKEN.match(literal, position):
            start, position = match.span()
            closing, tag = match.group(1, 2)
            if tag and closing:
                self._close(tag.lower(), match)
            elif tag:
                self._open(tag.lower(), match)
            elif match[0].startswith("<!--") and start + 2 <= last_comment_end:
                position = literal.index("-->", start + 2) + 3
                self._remove_whole(start, position, _("a comment"))
            elif conditional := _CONDITIONAL.match(literal, start):
                position = conditional.end()
                self._remove_whole(start, position, _("a comment"))
            else:
                shown = match[0].removeprefix("\n") if is_after_pre else match[0]
                self._paint(position - len(shown), position, Fate.SHOWN)
                self._elements.text(resolved(shown))
            is_after_pre = bool(tag) and not closing and tag.lower() == "pre"
        if not is_inline and self._elements.counts.tags == tags and "&" not in literal:
            self._offer_fences(removed)

    def _offer_fences(self, first: int) -> None:
        """Offer fences as the rewrite of all removals of an HTML block, if all of it is shown as text."""
        shown = all(removal.reason.startswith(AS_TEXT) for removal in self._removed[first:])
        literal = self._raw.literal.removesuffix("\n")
        start, _end = self._raw.span(0, 1)
        if shown and self._text.startswith(literal, start):
            rewrite = removals.put_in_fences(self._text, (start, start + len(literal)))
            self._removed[first:] = [
                Removal(removal.start, removal.end, removal.what, removal.reason, rewrite)
                for removal in self._removed[first:]
            ]

    def _open(self, tag: str, match: re.Match[str]) -> None:
        """Write a start tag, or show it as text if it is not allowed."""
        elements = self._elements
        found = list(attributes_of(match[3]))
        if len(found) > MAX_ATTRIBUTES:
            raise LimitExceeded(
                "attributes",
                _(
                    "a tag with %(number)d attributes; at most %(limit)d are accepted",
                    number=len(found),
                    limit=MAX_ATTRIBUTES,
                ),
            )
        if reason := self._tag_refusal(tag, [(name, value) for _, name, value in found]):
            self._show_as_text(match, reason)
            return
        if tag == "a" and elements.is_inside_link:
            self._remove(*match.span(), _("a link inside a link"))
            elements.push(Element(tag, {}, -1, is_raw=True))
            return
        self._paint(*match.span(), Fate.MARKUP)
        attributes: dict[str, str] = {}
        for part, name, given in found:
            value = self._value(tag, name, given or "")
            if reason := self._attribute_refusal(tag, name, value, attributes):
                self._remove_attribute(match.start(3), part, name, value, reason)
            elif name == "rel":
                continue  # `Elements.begin` writes it
            else:
                attributes[name] = value
                self._paint_value(match.start(3), part, name, given)
        if "id" in attributes:
            elements.ids[attributes["id"]] = None
        if tag == "input":
            attributes["disabled"] = ""
        elements.begin(tag, attributes, is_raw=True)

    def _tag_refusal(self, tag: str, attributes: list[tuple[str, str | None]]) -> str:
        """Return why a start tag is not allowed here, or an empty string; makes place for a part of a table."""
        is_prose = any(value is None and name not in safelist.BARE for name, value in attributes)
        is_other_input = tag == "input" and ("type", "checkbox") not in attributes
        if tag not in safelist.TAGS or is_prose or is_other_input:
            return _("shown as text; put backticks around code")
        if tag in TABLE_RANK and tag != "table" and not self._elements.make_place(tag):
            return _("shown as text: a part of a table outside one")
        if tag == "li" and self._elements.would_end_note:
            return _("shown as text: an item of a list outside one")
        return ""

    def _value(self, tag: str, name: str, given: str) -> str:
        """Return the value that is written for an attribute."""
        if name in safelist.FLAGS:
            return "" if name in safelist.ATTRIBUTES.get(tag, ()) else given
        return prefixed(name, given.strip(" \t\r\n") if name in safelist.TARGETS else given)

    def _attribute_refusal(self, tag: str, name: str, value: str, attributes: dict[str, str]) -> str:
        """Return why an attribute is not allowed beside those before it, or an empty string."""
        if name in attributes:
            return _("a second %(name)s", name=name)
        if name == "id" and (value in self._elements.ids or value in self._taken_ids):
            return _("another element has this id")
        if name == "rel" and tag == "a" and set(value.split()) <= set(safelist.REL.split()):
            return ""
        return self._refusal(tag, name, value)

    def _paint_value(self, at: int, part: re.Match[str], name: str, given: str | None) -> None:
        """Paint the value of an attribute of a tag whose attributes begin at `at`."""
        start, end = part.span("value")
        if start < 0:
            return
        quotes = part["value"][0] in "\"'"
        if name not in safelist.FLAGS:
            self._paint(at + start + quotes, at + end - quotes, Fate.VALUE)
        elif given and given.lower() not in (name, "true"):
            self._remove(at + start, at + end, _("%(name)s takes no value", name=name))

    def _close(self, tag: str, match: re.Match[str]) -> None:
        """Write an end tag, or remove it if it closes nothing."""
        if tag not in safelist.TAGS:
            self._show_as_text(match, _("shown as text; put backticks around code"))
        elif self._elements.close_raw(tag):
            self._paint(*match.span(), Fate.MARKUP)
            if match[3].strip():
                self._remove(*match.span(3), _("an end tag has no attributes"))
        else:
            self._remove_whole(*match.span(), _("it closes nothing that is open here"))

    def _show_as_text(self, match: re.Match[str], reason: str) -> None:
        """Write a tag as text, and add a removal that offers backticks."""
        shown = resolved(match[0])
        span = self._raw.span(*match.span())
        rewrite = (
            removals.put_in_code(self._text, span, shown)
            if self._is_inline and self._is_whole(match)
            else None
        )
        self._remove(*match.span(), reason, rewrite)
        self._paint(*match.span(), Fate.SHOWN)
        self._elements.text(shown)

    def _remove_whole(self, start: int, end: int, reason: str) -> None:
        """Leave out a comment or an end tag, and add a removal that offers to delete it."""
        span = self._raw.span(start, end)
        if self._text[slice(*span)] != self._raw.literal[start:end]:
            rewrite = None
        elif self._is_inline:
            rewrite = removals.take_out(self._text, span)
        else:
            rewrite = removals.take_out_of_block(self._text, span, self._raw.literal, start, end)
        self._remove(start, end, reason, rewrite)

    def _remove_attribute(self, at: int, part: re.Match[str], name: str, value: str, reason: str) -> None:
        """Leave out an attribute, and add a removal that offers to delete it, or to upload a picture."""
        start, end = self._raw.span(at + part.start(), at + part.end())
        rewrite = None
        if self._text[start:end] == part[0]:
            if name != "src":  # a picture needs it
                rewrite = Rewrite(Remedy.REMOVE, start, end)
            elif removals.is_picture_data(value):
                quoted = part["value"][0] in "\"'"
                rewrite = Rewrite(Remedy.UPLOAD, end - len(part["value"]) + quoted, end - quoted)
        self._remove(at + part.start("name"), at + part.end(), reason, rewrite)

    def _is_whole(self, match: re.Match[str]) -> bool:
        """Return whether a part of the raw HTML reads the same in the source."""
        return self._text[slice(*self._raw.span(*match.span()))] == match[0]

    def _remove(self, start: int, end: int, reason: str, rewrite: Rewrite | None = None) -> None:
        """Paint a part of the raw HTML as removed, and add a removal."""
        self._paint(start, end, Fate.REMOVED)
        span = self._raw.span(start, end)
        self._removed.append(Removal.of(*span, self._raw.literal[start:end], reason, rewrite))

    def _paint(self, start: int, end: int, fate: Fate) -> None:
        """Set the fate of a part of the raw HTML."""
        for part in self._raw.parts(start, end) if start < end else ():
            paint(self._canvas, *part, fate)


def prefixed(name: str, value: str) -> str:
    """Return an id, or a link to one, with the prefix that keeps it apart from the ids of the site."""
    if name == "id" and value and not value.startswith(safelist.PREFIX):
        return safelist.PREFIX + value
    if name == "href" and len(value) > 1 and value[0] == "#" and not value.startswith(safelist.PREFIX, 1):
        return f"#{safelist.PREFIX}{value[1:]}"
    return value


def inline_html(text: str, start: int, end: int, literal: str) -> RawHtml:
    """Return inline HTML with its places in the block; each of its lines ends a line of the source."""
    if text[start:end] == literal:
        return RawHtml([(start, literal)])
    lines, place = [], start
    for line in literal.splitlines(keepends=True):
        line_end = text.find("\n", place, end)
        stop = line_end + 1 if line_end >= 0 and line.endswith("\n") else end
        lines.append((max(place, stop - len(line)), line))
        place = stop
    return RawHtml(lines)
