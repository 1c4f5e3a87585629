"""Removals, and rewrites of the source after which nothing has to be removed.

A rewrite is proposed if it should keep the text that readers see and cause no other removal. It must not become markup
together with the text beside it. The sanitizer tries each rewrite before it offers it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Self

from articles.text.markdown.definitions import NOWHERE, Span
from articles.text.markdown.events import Link


class Remedy(StrEnum):
    """What a rewrite does."""

    CODE = "code"  # put HTML between backticks, or an HTML block between fences
    REMOVE = "remove"  # delete it
    TEXT = "text"  # keep the text of a link without the link
    LINK = "link"  # link to a picture instead of showing it
    UPLOAD = "upload"  # upload a picture and replace its data by its address
    SUBSCRIPT = "subscript"  # write a number between tildes as a subscript


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A replacement of the source from `start` to `end` by `text`, which is empty for `UPLOAD`."""

    remedy: Remedy
    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """A part of the source that is not in the HTML as markup: its span (never empty), a quotation, and the reason."""

    start: int
    end: int
    what: str
    reason: str
    rewrite: Rewrite | None = None

    @classmethod
    def of(cls, start: int, end: int, what: str, reason: str, rewrite: Rewrite | None = None) -> Self:
        """Make a removal that quotes at most 100 code points."""
        return cls(
            start, end, what if len(what) <= 100 else f"{what[:99]}\N{HORIZONTAL ELLIPSIS}", reason, rewrite
        )

    def moved(self, by: int) -> Self:
        """Return the removal `by` code points later."""
        if not by:
            return self
        rewrite = self.rewrite
        if rewrite:
            rewrite = Rewrite(rewrite.remedy, rewrite.start + by, rewrite.end + by, rewrite.text)
        return type(self)(self.start + by, self.end + by, self.what, self.reason, rewrite)

    def without_rewrite(self) -> Self:
        """Return the removal without its rewrite."""
        return type(self)(self.start, self.end, self.what, self.reason)


_REACH = 200  # code points that are searched beside a place
_WORD_BEFORE = re.compile(r"(?:^|(?<=[\s(]))[^\W_](?:\w*[^\W_])?\Z")
_LETTER = re.compile(r"[^\W\d_]")
_PLAIN_BEGINNING = re.compile(r"[^<\w]*+(?:[\d_]++[^<\w]*+)*+[^\W\d_]")  # a letter that is not in a tag
_BARE_ADDRESS = re.compile(rf"(?:www\.|://|@)\S*\Z|\S{{{_REACH}}}\Z")
_DELIMITERS = frozenset("*_~")  # they open or close depending on the characters beside them
_INDENTED_NEXT = re.compile(r"[ \t]*+\n\s*?^[ \t]", re.MULTILINE)  # may continue a list above the block
_TICKS = re.compile("`+")
_BESIDE_A_LINK = re.compile(r"[\s.,;:?()\"']|\Z")


def put_in_code(text: str, span: Span, shown: str) -> Rewrite | None:
    """Put backticks around HTML that is `shown` as text, and around the word that it ends: `` `List<String>` ``."""
    start, end = span
    word = _WORD_BEFORE.search(_before(text, start))
    word_length = len(word[0]) if word else 0
    before = text[start - word_length : start]
    return put_between_backticks(text, (start - word_length, end), before + shown)


def _before(text: str, start: int) -> str:
    """Return the text before a place on its line, at most `_REACH` code points."""
    return text[max(0, start - _REACH) : start].rpartition("\n")[2]


def put_between_backticks(text: str, span: Span, shown: str) -> Rewrite | None:
    """Put backticks around `shown`, which has a span in a block's text; None if they would touch other signs."""
    start, end = span
    before = _before(text, start)
    is_touched = "`" in (shown[0], shown[-1], before[-1:], text[end : end + 1]) or before[-1:] == "\\"
    if is_touched or "\n" in shown or _BARE_ADDRESS.search(before):
        return None
    taken = _backticks_in(text).union(_TICKS.findall(shown))
    ticks = "`"
    while ticks in taken:
        ticks += "`"
    return Rewrite(Remedy.CODE, start, end, f"{ticks}{shown}{ticks}")


@lru_cache(maxsize=4)  # removals of one block come one after the other
def _backticks_in(text: str) -> frozenset[str]:
    """Return each run of backticks in a text once."""
    return frozenset(_TICKS.findall(text))


def put_in_fences(text: str, span: Span) -> Rewrite | None:
    """Put fences around an HTML block that is shown as text; None unless it stands alone at the margin."""
    start, end = span
    above, below = text[max(0, start - 2) : start], text[end : end + 2]
    if not {above, below} <= {"", "\n", "\n\n"}:
        return None
    inside = text[start:end]
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(inside)), default=0))
    return Rewrite(Remedy.CODE, start, end, f"{fence}\n{inside}\n{fence}")


def take_out(text: str, span: Span) -> Rewrite | None:
    """Delete inline HTML; None if the line might read differently without it."""
    start, end = span
    line_start = text.rfind("\n", 0, start) + 1
    before, after = _before(text, start), text[end : end + 1]
    begins = _PLAIN_BEGINNING.match(text, line_start, min(start, line_start + _REACH))
    if not begins or _BARE_ADDRESS.search(before) or not _DELIMITERS.isdisjoint(before[-1] + after):
        return None
    meet = before[-1].isspace() or not after or after.isspace() or (before[-1].isalpha() and after.isalpha())
    return Rewrite(Remedy.REMOVE, start, end) if meet else None


def take_out_of_block(text: str, span: Span, literal: str, start: int, end: int) -> Rewrite | None:
    """Delete a part of an HTML block that is all of it, or stands behind other parts on a line; else None."""
    what = literal[start:end]
    if literal.strip() == what:
        is_line = "\n" not in what and not _before(text, span[0]).strip(" \t>")
        can_be_empty = is_line and not _INDENTED_NEXT.match(text, span[1])
    else:  # an empty line ends a block, and so do some end tags
        line = literal[max(0, start - _REACH) : start].rpartition("\n")[2]
        line += literal[end : end + _REACH].partition("\n")[0]
        can_be_empty = bool(literal[:_REACH][:start].strip() and line.strip()) and "</" not in what[1:]
    return Rewrite(Remedy.REMOVE, *span) if can_be_empty else None


def unlink(text: str, link: Link) -> Rewrite | None:
    """Keep the text of a link without the link, a bare address between backticks; None if that is not safe."""
    start, end = link.span
    inside = text[slice(*link.inner)]
    if link.is_bare:
        return None if "&" in inside else put_between_backticks(text, link.span, inside)
    line_start = text.rfind("\n", 0, start) + 1
    begins = _LETTER.match(inside) or _PLAIN_BEGINNING.match(
        text, line_start, min(start, line_start + _REACH)
    )
    before = text[start - 1 : start]
    apart = _BESIDE_A_LINK.match(text, end) and (not before or _BESIDE_A_LINK.match(before))
    return Rewrite(Remedy.TEXT, start, end, inside) if inside and begins and apart else None


def replace_picture(text: str, link: Link, *, may_link: bool) -> Rewrite | None:
    """Upload the data of a picture, or link to a picture of another site; None if neither is possible."""
    if is_picture_data(link.target):
        return None if link.target_span == NOWHERE else Rewrite(Remedy.UPLOAD, *link.target_span)
    start, _ = link.span
    alt = text[slice(*link.inner)]
    is_linkable = may_link and _LETTER.match(alt) and "[" not in alt
    return Rewrite(Remedy.LINK, start, start + 1) if is_linkable and text[start - 1 : start] != "!" else None


def is_picture_data(target: str) -> bool:
    """Return whether an address holds a picture as data."""
    return target[:11].lower() == "data:image/"
