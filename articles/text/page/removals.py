"""What of a source did not reach the page, and how to write it so that nothing has to be removed.

A rewrite is proposed where it should keep the text that readers see and cause no other removal: what stands beside
it must not become markup with it. The sanitizer tries those out before it offers them.
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

    CODE = "code"  # puts what reads like HTML between backticks, or a block of it between fences
    REMOVE = "remove"  # takes it out
    TEXT = "text"  # keeps a link's text without the link
    LINK = "link"  # links to a picture instead of showing it
    UPLOAD = "upload"  # puts the address of the picture, once it is uploaded, in the place of its data
    SUBSCRIPT = "subscript"  # writes what stands between two tildes as a subscript


@dataclass(frozen=True, slots=True)
class Rewrite:
    """`text` for the source from `start` to `end`; empty for `UPLOAD`, since nobody knows the address yet."""

    remedy: Remedy
    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """What did not reach the page as markup: where in the source (never empty), what it is, and why."""

    start: int
    end: int
    what: str
    reason: str
    rewrite: Rewrite | None = None

    @classmethod
    def of(cls, start: int, end: int, what: str, reason: str, rewrite: Rewrite | None = None) -> Self:
        """Make a removal that quotes at most 100 code points of what was removed."""
        return cls(
            start, end, what if len(what) <= 100 else f"{what[:99]}\N{HORIZONTAL ELLIPSIS}", reason, rewrite
        )

    def moved(self, by: int) -> Self:
        """Return the same removal so many code points later."""
        if not by:
            return self
        rewrite = self.rewrite
        if rewrite:
            rewrite = Rewrite(rewrite.remedy, rewrite.start + by, rewrite.end + by, rewrite.text)
        return type(self)(self.start + by, self.end + by, self.what, self.reason, rewrite)

    def without_rewrite(self) -> Self:
        """Return the same removal with no rewrite."""
        return type(self)(self.start, self.end, self.what, self.reason)


_REACH = 200  # code points looked at beside a place
_WORD_BEFORE = re.compile(r"(?:^|(?<=[\s(]))[^\W_](?:\w*[^\W_])?\Z")
_LETTER = re.compile(r"[^\W\d_]")
_PLAIN_BEGINNING = re.compile(r"[^<\w]*+(?:[\d_]++[^<\w]*+)*+[^\W\d_]")  # a letter that is not in a tag
_BARE_ADDRESS = re.compile(rf"(?:www\.|://|@)\S*\Z|\S{{{_REACH}}}\Z")
_DELIMITERS = frozenset("*_~")  # which open or close by what stands beside them
_INDENTED_NEXT = re.compile(r"[ \t]*+\n\s*?^[ \t]", re.MULTILINE)  # may go on with a list above the block
_TICKS = re.compile("`+")
_BESIDE_A_LINK = re.compile(r"[\s.,;:?()\"']|\Z")


def in_code(text: str, span: Span, shown: str) -> Rewrite | None:
    """Put backticks around HTML that is `shown` as text, and around the word that it ends: `` `List<String>` ``."""
    start, end = span
    word = _WORD_BEFORE.search(_before(text, start))
    word_length = len(word[0]) if word else 0
    before = text[start - word_length : start]
    return between_backticks(text, (start - word_length, end), before + shown)


def _before(text: str, start: int) -> str:
    """Return what stands before a place on its line, as far as it is looked at."""
    return text[max(0, start - _REACH) : start].rpartition("\n")[2]


def between_backticks(text: str, span: Span, shown: str) -> Rewrite | None:
    """Put backticks around `shown`, which stands at a span of a block's text; None if they would touch others."""
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
    return frozenset(_TICKS.findall(text))


def in_fences(text: str, span: Span) -> Rewrite | None:
    """Put fences around a block of HTML, all of it shown as text. Offered where it stands alone at the margin."""
    start, end = span
    above, below = text[max(0, start - 2) : start], text[end : end + 2]
    if not {above, below} <= {"", "\n", "\n\n"}:
        return None
    inside = text[start:end]
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(inside)), default=0))
    return Rewrite(Remedy.CODE, start, end, f"{fence}\n{inside}\n{fence}")


def taken_out(text: str, span: Span) -> Rewrite | None:
    """Put nothing in the place of what stands in a line of text, where the line reads the same without it."""
    start, end = span
    line_start = text.rfind("\n", 0, start) + 1
    before, after = _before(text, start), text[end : end + 1]
    begins = _PLAIN_BEGINNING.match(text, line_start, min(start, line_start + _REACH))
    if not begins or _BARE_ADDRESS.search(before) or not _DELIMITERS.isdisjoint(before[-1] + after):
        return None
    meet = before[-1].isspace() or not after or after.isspace() or (before[-1].isalpha() and after.isalpha())
    return Rewrite(Remedy.REMOVE, start, end) if meet else None


def taken_out_of_block(text: str, span: Span, literal: str, start: int, end: int) -> Rewrite | None:
    """Put nothing in the place of what is all of a block of HTML, or stands behind other parts of it on a line."""
    what = literal[start:end]
    if literal.strip() == what:
        is_line = "\n" not in what and not _before(text, span[0]).strip(" \t>")
        can_be_empty = is_line and not _INDENTED_NEXT.match(text, span[1])
    else:  # a block ends where a line is empty, and some end with such an end tag
        line = literal[max(0, start - _REACH) : start].rpartition("\n")[2]
        line += literal[end : end + _REACH].partition("\n")[0]
        can_be_empty = bool(literal[:_REACH][:start].strip() and line.strip()) and "</" not in what[1:]
    return Rewrite(Remedy.REMOVE, *span) if can_be_empty else None


def without_link(text: str, link: Link) -> Rewrite | None:
    """Put the text of a link in its place; an address that is linked by itself goes between backticks."""
    start, end = link.span
    inside = text[slice(*link.inner)]
    if link.is_bare:
        return None if "&" in inside else between_backticks(text, link.span, inside)
    line_start = text.rfind("\n", 0, start) + 1
    begins = _LETTER.match(inside) or _PLAIN_BEGINNING.match(
        text, line_start, min(start, line_start + _REACH)
    )
    before = text[start - 1 : start]
    apart = _BESIDE_A_LINK.match(text, end) and (not before or _BESIDE_A_LINK.match(before))
    return Rewrite(Remedy.TEXT, start, end, inside) if inside and begins and apart else None


def of_picture(text: str, link: Link, *, may_link: bool) -> Rewrite | None:
    """Upload a picture's data; link to a picture from elsewhere."""
    if is_picture_data(link.target):
        return None if link.target_span == NOWHERE else Rewrite(Remedy.UPLOAD, *link.target_span)
    start, _ = link.span
    alt = text[slice(*link.inner)]
    is_linkable = may_link and _LETTER.match(alt) and "[" not in alt
    return Rewrite(Remedy.LINK, start, start + 1) if is_linkable and text[start - 1 : start] != "!" else None


def is_picture_data(target: str) -> bool:
    """Return whether an address is a picture carried as data."""
    return target[:11].lower() == "data:image/"
