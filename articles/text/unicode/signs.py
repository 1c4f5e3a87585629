"""Signs that look like a punctuation mark or symbol of ASCII, and what each kind is honestly used for."""

from enum import Enum, auto
from functools import cache
from string import punctuation
from typing import NamedTuple

import regex
import unicodedata2

from articles.text.unicode import tables
from articles.text.unicode.confusables import prototype, prototypes


class Kind(Enum):
    """Where a look-alike sign is at home."""

    WIDE = auto()  # East Asian text
    MATH = auto()  # formulas
    QUOTE = auto()  # in pairs around a word or quotation
    CURLY = auto()  # quotation marks of ordinary typography
    DASH = auto()  # between words
    LETTER = auto()  # words of a script
    OTHER = auto()  # beside letters of its script, if it has one


class Sign(NamedTuple):
    """A look-alike of an ASCII sign."""

    meant: str
    kind: Kind


DASHES = "\u2010-\u2015\u2212\u2043\u02d7\u2e3a\ufe58\ufe63\uff0d"
_LONG_DASHES = frozenset("\N{EM DASH}\N{HORIZONTAL BAR}\N{TWO-EM DASH}")
_DASH = regex.compile(f"[{DASHES}]")
_CURLY = frozenset("\u2018\u2019\u201a\u201b\u201c\u201d\u201f\u2039\u203a")
_FULL_STOPS = frozenset("\u3002\uff61")  # dots of host names (UTS #46 section 4)
_LAST = "\uffff"  # beyond are signs of lost scripts only, and a search for them takes ten times as long
_NEVER = frozenset({"So", "Nd", "No", "Nl", "Mc", "Mn"})  # pictures, digits and marks stand for themselves
_BARS = frozenset("\u01c0\u2223\uff5c")  # the data gives these and "|" the prototype "l"


@cache
def signs() -> dict[str, Sign]:
    """Return all look-alikes of one ASCII sign, by confusables.txt and by compatibility (UTS #39, UAX #15).

    >>> signs()["\\u037e"].meant, signs()["\\uff1d"].kind, signs()["\\u2013"].kind
    (';', <Kind.WIDE: 1>, <Kind.DASH: 5>)
    """
    wide = map(chr, (*range(0xFE10, 0xFE70), *range(0xFF01, 0xFF65)))
    chars = {*prototypes(), *wide, *_BARS, *_FULL_STOPS, *_LONG_DASHES, "\u037e", "\u1fef"}
    return {char: Sign(meant, _kind(char, meant)) for char in sorted(chars) if (meant := _meant(char))}


def _meant(char: str) -> str | None:
    """Return the ASCII sign that readers take a character for; "--" for a long dash."""
    if char.isascii() or char > _LAST or tables.category(char) in _NEVER:
        return None
    if "<su" in unicodedata2.decomposition(char):  # superscript or subscript
        return None
    if char in _LONG_DASHES:
        return "--"
    if char in _BARS:
        return "|"
    if char in _FULL_STOPS:
        return "."
    for sign in (unicodedata2.normalize("NFKC", char), prototype(char)):
        if len(sign) == 1 and sign in punctuation:
            return str(sign)
    return '"' if prototype(char) == prototype('"') else None


def _kind(char: str, meant: str) -> Kind:
    """Return the kind of a look-alike sign."""
    category = tables.category(char)
    if _DASH.match(char):
        return Kind.DASH
    if char in _CURLY:
        return Kind.CURLY
    if unicodedata2.east_asian_width(char) in ("W", "F", "H") and category[0] != "L":
        return Kind.WIDE
    if category in ("Lo", "Ll", "Lu") or (category == "Lm" and tables.script(char) != "Common"):
        return Kind.LETTER
    if meant in "'\"":
        return Kind.QUOTE
    return Kind.MATH if category == "Sm" else Kind.OTHER
