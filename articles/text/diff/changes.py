"""Changes: the parts of a diff, and which kind each is of."""

import re
from enum import StrEnum
from functools import partial
from itertools import accumulate
from typing import NamedTuple

import regex
import unicodedata2

from articles.text.diff.align import Span
from articles.text.unicode.confusables import skeleton


class Op(StrEnum):
    """The operation of a change."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    REPLACE = "replace"


class Kind(StrEnum):
    """What a change alters; the first that fits."""

    NORMALIZATION = "normalization"  # both sides have the same NFC
    SPACING = "spacing"  # only white space, line ends, and the marks of quotes and lists that come with them
    INVISIBLE = "invisible"  # only characters that draw nothing: default-ignorables, controls
    LOOK_ALIKE = "look-alike"  # equal skeletons, and not both sides ASCII
    ACCENTS = "accents"  # only vowel points and accents
    WORDING = "wording"


class Change(NamedTuple):
    """The text old[slice(*self.old)] became new[slice(*self.new)].

    `kind` is None if the sides are equal. `move` is the number of the moved block that holds the change, or None.
    """

    op: Op
    old: Span
    new: Span
    kind: Kind | None
    move: int | None


def kind_of(old: str, new: str, *, starts_line: bool = False, before_space: bool = False) -> Kind:
    """Return which kind of change turns `old` into `new`, which must differ.

    `starts_line` means that both sides stand at the start of a line, `before_space` that white space follows both.
    """
    is_ascii = old.isascii() and new.isascii()
    if is_ascii and old.isalnum() and new.isalnum():
        return Kind.WORDING
    if not is_ascii and _nfc(old) == _nfc(new):
        return Kind.NORMALIZATION
    if starts_line or "\n" in old or "\n" in new:
        head, tail = "\n" * starts_line, " " * before_space
        old, new = (_line_marks.sub("", f"{head}{side}{tail}") for side in (old, new))
    old, new = "".join(old.split()), "".join(new.split())
    if old == new:
        return Kind.SPACING
    is_ascii = old.isascii() and new.isascii()
    if is_ascii and old.isprintable() and new.isprintable():
        return Kind.WORDING
    if _invisible.sub("", old) == _invisible.sub("", new):
        return Kind.INVISIBLE
    if is_ascii:
        return Kind.WORDING
    if skeleton(old) == skeleton(new):
        return Kind.LOOK_ALIKE
    return Kind.ACCENTS if _is_pointing(old, new) else Kind.WORDING


def _is_pointing(old: str, new: str) -> bool:
    """Return whether accents or vowel points were only added or removed, each on a letter that had none."""
    marks_old, marks_new = (_accents.split(unicodedata2.normalize("NFD", side)) for side in (old, new))
    if "".join(marks_old[::2]) != "".join(marks_new[::2]):
        return False
    placed_old, placed_new = _placed(marks_old), _placed(marks_new)
    return all(placed_old[place] == marks for place, marks in placed_new.items() if place in placed_old)


def _placed(parts: list[str]) -> dict[int, str]:
    """Return the marks by the number of letters before them, given a text split at its marks."""
    ends = accumulate(map(len, parts[::2]))
    return dict(zip(ends, parts[1::2], strict=False))


def invisible_characters(text: str) -> list[str]:
    """Return the characters of a text that draw nothing: default-ignorables, format characters, controls."""
    found: list[str] = _invisible.findall("".join(text.split()))
    return found


_nfc = partial(unicodedata2.normalize, "NFC")
# Marks of scripts with letters for all sounds or with optional points. Not the breve of the Cyrillic letter short i
# and the sound marks of kana, which make other letters, nor the marks of Indic scripts, which are vowels.
_accents = regex.compile(
    r"((?:(?<![\u0418\u0438])\u0306"
    r"|[[\p{Mn}&&[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}]]--[\u0306\u3099\u309a]])+)",
    regex.VERSION1,
)
# The marks of quotes and list items at the start of a line, with the line end before them.
_line_marks = re.compile(r"\n(?:[ \t]*+(?:>|(?:[-+*]|[0-9]{1,9}[.)])(?=\s)))++")
_invisible = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]")
