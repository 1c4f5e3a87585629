"""What of a source did not reach the page, and how to write it so that nothing has to be removed.

A rewrite is proposed where it should keep the text that readers see and cause no other removal: what stands beside
it must not become markup with it. The sanitiser tries those out before it offers them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from articles.text.markdown.parse import NOWHERE, Lines, Node, Span


class Remedy(StrEnum):
    """What a rewrite does."""

    CODE = "code"  # puts what reads like HTML between backticks, or a block of it between fences
    REMOVE = "remove"  # takes it out
    TEXT = "text"  # keeps a link's text without the link
    LINK = "link"  # links to a picture instead of showing it
    UPLOAD = "upload"  # puts the address of the picture, once it is uploaded, in the place of its data


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


_REACH = 200  # code points looked at beside a place
_WORD_BEFORE = re.compile(r"(?:^|(?<=[\s(]))[^\W_](?:\w*[^\W_])?\Z")
_LETTER = re.compile(r"[^\W\d_]")
_PLAIN_BEGINNING = re.compile(r"[^<\w]*+(?:[\d_]++[^<\w]*+)*+[^\W\d_]")  # a letter that is not in a tag
_BARE_ADDRESS = re.compile(rf"(?:www\.|://|@)\S*\Z|\S{{{_REACH}}}\Z")
_DELIMITERS = frozenset("*_~")  # which open or close by what stands beside them
_INDENTED_NEXT = re.compile(r"[ \t]*+\n\s*?^[ \t]", re.MULTILINE)  # may go on with a list above the block
_TICKS = re.compile("`+")
_BESIDE_A_LINK = re.compile(r"[\s.,;:?()\"']|\Z")


def in_code(text: str, span: Span, shown: str, block: Span) -> Rewrite | None:
    """Backticks around HTML that is `shown` as text, and around the word that it ends: `` `List<String>` ``."""
    start, end = span
    word = _WORD_BEFORE.search(_before(text, start))
    word_length = len(word[0]) if word else 0
    before = text[start - word_length : start]
    return _between_backticks(text, (start - word_length, end), before + shown, block)


def _before(text: str, start: int) -> str:
    """What stands before a place on its line, as far as it is looked at."""
    return text[max(0, start - _REACH) : start].rpartition("\n")[2]


def _between_backticks(text: str, span: Span, shown: str, block: Span) -> Rewrite | None:
    start, end = span
    before = _before(text, start)
    is_touched = "`" in (shown[0], shown[-1], before[-1:], text[end : end + 1]) or before[-1:] == "\\"
    if is_touched or "\n" in shown or _BARE_ADDRESS.search(before):
        return None
    taken = _backticks_in(text, block).union(_TICKS.findall(shown))
    ticks = "`"
    while ticks in taken:
        ticks += "`"
    return Rewrite(Remedy.CODE, start, end, f"{ticks}{shown}{ticks}")


@lru_cache(maxsize=4)  # removals of one block come one after the other
def _backticks_in(text: str, block: Span) -> frozenset[str]:
    return frozenset(_TICKS.findall(text, *block))


def in_fences(text: str, block: Span) -> Rewrite | None:
    """A block of HTML, all of it shown as text, as a block of code. Offered where it stands alone at the margin."""
    start, end = block
    above, below = text[max(0, start - 2) : start], text[end : end + 2]
    if not {above, below} <= {"", "\n", "\n\n"}:
        return None
    inside = text[start:end]
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(inside)), default=0))
    return Rewrite(Remedy.CODE, start, end, f"{fence}\n{inside}\n{fence}")


def taken_out(lines: Lines, span: Span) -> Rewrite | None:
    """Nothing in the place of what stands in a line of text, where the line reads the same without it."""
    start, end = span
    line_start, _ = lines.span(lines.number(start), lines.number(start))
    before, after = _before(lines.text, start), lines.text[end : end + 1]
    begins = _PLAIN_BEGINNING.match(lines.text, line_start, min(start, line_start + _REACH))
    if not begins or _BARE_ADDRESS.search(before) or not _DELIMITERS.isdisjoint(before[-1] + after):
        return None
    meet = before[-1].isspace() or not after or after.isspace() or (before[-1].isalpha() and after.isalpha())
    return Rewrite(Remedy.REMOVE, start, end) if meet else None


def taken_out_of_block(text: str, span: Span, literal: str, start: int, end: int) -> Rewrite | None:
    """Nothing in the place of what is all of a block of HTML, or stands behind other parts of it on a line."""
    what = literal[start:end]
    if literal.strip() == what:
        is_line = "\n" not in what and not _before(text, span[0]).strip(" \t>")
        can_be_empty = is_line and not _INDENTED_NEXT.match(text, span[1])
    else:  # a block ends where a line is empty, and some end with such an end tag
        line = literal[max(0, start - _REACH) : start].rpartition("\n")[2]
        line += literal[end : end + _REACH].partition("\n")[0]
        can_be_empty = bool(literal[:_REACH][:start].strip() and line.strip()) and "</" not in what[1:]
    return Rewrite(Remedy.REMOVE, *span) if can_be_empty else None


def without_link(lines: Lines, node: Node) -> Rewrite | None:
    """The text of a link in its place; an address that is linked by itself goes between backticks."""
    text = lines.text
    start, end = node.span
    if node.span == NOWHERE:
        return None
    if node.span == node.target:
        is_bracketed = text[start - 1 : start] == "<" and text[end : end + 1] == ">"
        whole = (start - 1, end + 1) if is_bracketed else node.span
        shown = text[start:end]
        return None if "&" in shown else _between_backticks(text, whole, shown, node.block)
    inside = text[slice(*node.inner)]
    line_start, _ = lines.span(lines.number(start), lines.number(start))
    begins = _LETTER.match(inside) or _PLAIN_BEGINNING.match(
        text, line_start, min(start, line_start + _REACH)
    )
    before = text[start - 1 : start]
    apart = _BESIDE_A_LINK.match(text, end) and (not before or _BESIDE_A_LINK.match(before))
    return Rewrite(Remedy.TEXT, start, end, inside) if inside and begins and apart else None


def of_picture(text: str, node: Node, *, may_link: bool) -> Rewrite | None:
    """A picture's data uploaded; a picture from elsewhere linked to."""
    if is_picture_data(node.url):
        return None if node.target == NOWHERE else Rewrite(Remedy.UPLOAD, *node.target)
    start, _ = node.span
    alt = text[slice(*node.inner)]
    is_linkable = may_link and not node.in_link and start >= 0 and _LETTER.match(alt) and "[" not in alt
    return Rewrite(Remedy.LINK, start, start + 1) if is_linkable and text[start - 1 : start] != "!" else None


def is_picture_data(target: str) -> bool:
    return target[:11].lower() == "data:image/"
