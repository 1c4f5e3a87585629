"""Misreadings: UTF-8 whose bytes were read in another encoding, as the characters that readers see."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from articles.text.unicode.scripts import script_group

# Of each family the commonest first. Windows code pages stand for the parts of ISO 8859 that equal them.
_NAMES = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1257 mac-roman cp437 cp850 koi8-r cp866 mac-cyrillic cp1255 cp1256 cp874"
    " iso8859-2 iso8859-5 iso8859-7 iso8859-15"
).split()


@dataclass(frozen=True, slots=True, eq=False)
class Misreading:
    """An encoding in which UTF-8 may have been read."""

    name: str
    script: str  # of most of its letters
    byte_of: dict[str, int]  # of the characters of the bytes from 0x80 on
    leads: frozenset[str]  # the characters of first bytes of UTF-8
    follows: frozenset[str]  # the characters of all other bytes
    sequences: re.Pattern[str]  # of UTF-8, in a row

    def meaning(self, text: str) -> str | None:
        """Return what characters mean whose bytes are UTF-8; None if they are none."""
        try:
            return bytes(self.byte_of[char] for char in text).decode()
        except (KeyError, UnicodeDecodeError):
            return None


@cache
def misreadings() -> tuple[Misreading, ...]:
    """Return the encodings, the commonest first."""
    return tuple(map(_misreading, _NAMES))


def _misreading(name: str) -> Misreading:
    # Bytes without a character are shown as the controls of Latin-1, and so are those of ISO 8859.
    byte_of = {chr(byte): byte for byte in range(0x80, 0xA0)}
    byte_of |= {bytes([byte]).decode(name, "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}
    chars: dict[int, str] = {}
    for char, byte in byte_of.items():
        chars[byte] = chars.get(byte, "") + char

    def shown(first: int, last: int) -> str:
        return "[" + re.escape("".join(chars[byte] for byte in range(first, last + 1))) + "]"

    scripts = Counter(map(script_group, filter(str.isalpha, byte_of)))
    script = scripts.most_common(1)[0][0] or "Latin"
    follow = shown(0x80, 0xBF)
    sequence = (
        f"{shown(0xC2, 0xDF)}{follow}|{shown(0xE0, 0xEF)}{follow}{follow}"
        f"|{shown(0xF0, 0xF4)}{follow}{follow}{follow}"
    )
    return Misreading(
        name,
        script,
        byte_of,
        frozenset("".join(chars[byte] for byte in range(0xC2, 0xF5))),
        frozenset("".join(chars[byte] for byte in range(0x80, 0xC0))),
        re.compile(f"(?:{sequence})+"),
    )


WIDE_ENCODINGS = ("gbk", "big5", "cp932", "cp949")


def meaning_of_wide(text: str, encoding: str, *, is_cut: bool) -> tuple[str, bool]:
    """Return what a text means whose bytes are UTF-8 in an encoding of two bytes a character, and whether it is whole.

    The last sequence may lack bytes and, if the text `is_cut`, the first one, too. No meaning if there is other damage.
    """
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        return "", False
    rest = data.lstrip(_CONTINUATIONS) if is_cut else data
    try:
        return rest.decode(), rest == data
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return "", False
        meant = rest[: error.start].decode()
        return meant, not meant


_CONTINUATIONS = bytes(range(0x80, 0xC0))


# Encodings in which texts in a script, or else in a language, were written before Unicode.
CODE_PAGES = {
    "Cyrillic": ("cp1251", "koi8-r", "cp866", "iso8859-5"),
    "Greek": ("cp1253",),
    "Hebrew": ("cp1255",),
    "Arabic": ("cp1256",),
    "Thai": ("cp874",),
    "zh": ("gbk", "big5"),
    "ja": ("cp932",),
    "ko": ("cp949",),
}


@lru_cache(maxsize=4096)
def reread(text: str, read: Misreading, written: str) -> str:
    """Return what a text means that was written in one encoding and read in another; nothing if that cannot be."""
    try:
        return bytes(read.byte_of[char] for char in text).decode(written)
    except (KeyError, UnicodeDecodeError):
        return ""
