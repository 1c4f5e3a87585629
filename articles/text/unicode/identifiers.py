"""Identifiers, such as names of accounts: what makes one unfit, and which look alike (UTS #39)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import regex
import unicodedata2

from articles.text.unicode import tables
from articles.text.unicode.confusables import latin, skeleton
from articles.text.unicode.invisibles import JOINER, NON_JOINER, is_selected, joiner_has_effect

# What readers don't see or see as an empty box. Of the spaces U+0020 alone is none.
_UNSEEN = regex.compile(r"(?V1)[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]--[ ]]")
# Section 5.2: scripts that are written together, with Latin. Each covers its parts, too.
_WRITTEN_TOGETHER = (
    frozenset({"Latin", "Han", "Hiragana", "Katakana"}),
    frozenset({"Latin", "Han", "Bopomofo"}),
    frozenset({"Latin", "Han", "Hangul"}),
)
_OF_ANY_SCRIPT = (frozenset({"Common"}), frozenset({"Inherited"}))


class Unfitness(Enum):
    """Why an identifier is unfit."""

    UNSEEN = "unseen"  # a character that readers don't see, or see as an empty box
    MIXED_SCRIPTS = "mixed scripts"  # above the level Highly Restrictive, section 5.2
    MIXED_DIGITS = "mixed digits"  # of two number systems, section 5.3


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong with an identifier, and the place of the character at fault."""

    kind: Unfitness
    place: int


def find_fault(identifier: str) -> Fault | None:
    """Return what makes an identifier unfit; None if nothing does. Linear in the identifier.

    Identifier_Status is no criterion. By it, names of living languages would be unfit: of Welsh, Khoekhoe and all
    that use N'Ko or Tifinagh, and Han names with one of 83,000 rarer characters.

    >>> find_fault("\\u0430dmin")
    Fault(kind=<Unfitness.MIXED_SCRIPTS: 'mixed scripts'>, place=0)
    >>> find_fault("\\u6771\\u4eactokyo")
    """
    if identifier.isascii() and identifier.isprintable():
        return None
    if unseen := _UNSEEN.search(identifier):
        return Fault(Unfitness.UNSEEN, unseen.start())
    if (place := _foreign_place(identifier)) is not None:
        return Fault(Unfitness.MIXED_SCRIPTS, place)
    if (place := _other_digit(identifier)) is not None:
        return Fault(Unfitness.MIXED_DIGITS, place)
    return None


def _foreign_place(identifier: str) -> int | None:
    """Return the place of the first character outside the scripts that cover most of the identifier.

    None if a single script, or scripts that are written together, cover all of it.
    """
    extensions = [tables.script_extensions(char) for char in identifier]
    own = [scripts for scripts in extensions if scripts not in _OF_ANY_SCRIPT]
    covers = [frozenset({script}) for scripts in own for script in sorted(scripts)]
    covers = list(dict.fromkeys([*covers, *_WRITTEN_TOGETHER]))
    best = max(covers, key=lambda cover: sum(bool(cover & scripts) for scripts in own))
    foreign = (
        place
        for place, scripts in enumerate(extensions)
        if scripts not in _OF_ANY_SCRIPT and not scripts & best
    )
    return next(foreign, None)


def _other_digit(identifier: str) -> int | None:
    """Return the place of the first digit of another number system than the first; None if there is none."""
    zeros = [
        (place, ord(char) - unicodedata2.digit(char))
        for place, char in enumerate(identifier)
        if tables.category(char) == "Nd"
    ]
    return next((place for place, zero in zeros if zero != zeros[0][1]), None)


def find_hidden(text: str) -> int | None:
    """Return the place of the first unseen character of a text, leaving out spaces and what has an effect there.

    For what may hold several words, such as a full name: Persian and Sinhala need joiners, and Han variation selectors.
    """
    places: Iterator[int] = (match.start() for match in _UNSEEN.finditer(text))
    return next((place for place in places if not _has_use(text, place)), None)


def _has_use(text: str, place: int) -> bool:
    char = text[place]
    if char in (JOINER, NON_JOINER):
        return joiner_has_effect(text, place)
    return tables.category(char) == "Zs" or is_selected(text[max(0, place - 1) : place], char)


def look_alike_keys(identifier: str) -> frozenset[str]:
    """Return the keys of an identifier: two identifiers look alike if they share one. Linear in the identifier.

    A key is a skeleton, of the identifier as it is and in small letters, since both case and shape deceive: `Admin`,
    and Cyrillic capitals that spell HATO beside `hato`. Among ASCII characters 1, I and l, 0 and O, and rn and m count
    as well. A Latin letter without everyday use, as in phonetics, stands for the ASCII letter that it looks like.

    >>> bool(look_alike_keys("p\\u0430ypal") & look_alike_keys("PayPal"))
    True
    >>> bool(look_alike_keys("zoe") & look_alike_keys("zo\\u00eb"))
    False
    """
    shown = unicodedata2.normalize("NFKC", identifier).strip()  # nobody sees a space at an end
    return frozenset(skeleton(_with_everyday_letters(form)).lower() for form in {shown, shown.lower()})


def _with_everyday_letters(text: str) -> str:
    return text if text.isascii() else "".join(map(_everyday, text))


def _everyday(char: str) -> str:
    base = unicodedata2.normalize("NFD", char)[0]  # an accent makes no letter rare
    if tables.script(char) != "Latin" or any(map(tables.is_allowed_in_identifiers, (char, base))):
        return char
    return latin(char) or char
