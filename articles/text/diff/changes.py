"""Changes: the parts of a diff, and which kind each is of."""

from enum import StrEnum
from functools import partial
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
    SPACING = "spacing"  # only white space and line ends
    INVISIBLE = "invisible"  # only characters that draw nothing: default-ignorables, controls
    LOOK_ALIKE = "look-alike"  # equal skeletons, and not both sides ASCII
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


def kind_of(old: str, new: str) -> Kind:
    """Return which kind of change turns `old` into `new`, which must differ."""
    is_ascii = old.isascii() and new.isascii()
    if is_ascii and old.isalnum() and new.isalnum():
        return Kind.WORDING
    if not is_ascii and _nfc(old) == _nfc(new):
        return Kind.NORMALIZATION
    old, new = "".join(old.split()), "".join(new.split())
    if old == new:
        return Kind.SPACING
    is_ascii = old.isascii() and new.isascii()
    if is_ascii and old.isprintable() and new.isprintable():
        return Kind.WORDING
    if _invisible.sub("", old) == _invisible.sub("", new):
        return Kind.INVISIBLE
    if not is_ascii and skeleton(old) == skeleton(new):
        return Kind.LOOK_ALIKE
    return Kind.WORDING


def invisible_characters(text: str) -> list[str]:
    """Return the characters of a text that draw nothing: default-ignorables, format characters, controls."""
    found: list[str] = _invisible.findall("".join(text.split()))
    return found


_nfc = partial(unicodedata2.normalize, "NFC")
_invisible = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]")
