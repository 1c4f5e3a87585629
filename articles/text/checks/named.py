"""Characters that a text shows as such: a line of a table, or a remark, says which character stands there."""

from functools import lru_cache
from html.entities import html5

import regex
import unicodedata2

from articles.text.unicode.invisibles import is_letter

REACH = 200  # code points of its line, on either side
_CELL_ENDS = "\t|\"'`()[]\u00ab\u00bb\u2018\u2019\u201c\u201d\u201e"
_ALIAS = regex.compile(r"\b[A-Z]{2,6}[0-9]{0,3}\b")


def is_named(text: str, start: int, end: int) -> bool:
    """Return whether a single character stands alone, in a line with its code point or name.

    A code point is U+00AD, `\\\\u00ad` or the like; a name is that of the standard, a short form of it or the name of
    an entity. In a cell of a table, or in quotes or brackets, also the bare number: 00AD, AD or 173.
    """
    if end - start != 1:
        return False
    left = text[max(0, start - REACH) : start].rpartition("\n")[2]
    right = text[end : end + REACH].partition("\n")[0]
    if is_letter(left[-1:]) or is_letter(right[:1]):
        return False
    char, line = text[start], f"{left}\n{right}"
    written, bare, name = _notations(char)
    if written.search(line) or (name and name in line.upper()):
        return True
    if not _in_cell(left, right):
        return bool(bare.search(left[-8:]) and left.endswith(" "))
    return bool(bare.search(line)) or any(_character(alias) == char for alias in _ALIAS.findall(line))


def _in_cell(left: str, right: str) -> bool:
    """Return whether what is left and right of a character in its line are the ends of its cell."""
    before, after = left.rstrip(" "), right.lstrip(" ")
    is_begun = not before or before[-1] in _CELL_ENDS or left.endswith("  ")
    is_ended = not after or after[0] in _CELL_ENDS or right.startswith("  ")
    return is_begun and is_ended


@lru_cache(maxsize=256)
def _notations(char: str) -> tuple[regex.Pattern[str], regex.Pattern[str], str]:
    """Return what matches the code point with a prefix, and without one; and the standard's name."""
    point = ord(char)
    entities = "|".join(name for name, meant in html5.items() if meant == char and name.endswith(";"))
    written = rf"(?i:(?:U[+-]|[\\&%]u\{{?|\\x\{{?|\b0x|&\#x)0*{point:X}(?![0-9A-F])|&\#0*{point}(?!\d))"
    if entities:
        written += rf"|\b(?:{entities})"
    bare = rf"(?<![\w.])(?i:0*{point:X}|{point})(?![\w.])"
    return regex.compile(written), regex.compile(bare), unicodedata2.name(char, "")


def _character(name: str) -> str:
    try:
        return str(unicodedata2.lookup(name))
    except KeyError:
        return ""
