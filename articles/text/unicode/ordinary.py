"""Ordinary characters: those that no check can flag in a text of a given script. All others are odd.

Most prose has words of one script, ASCII and common punctuation. One search for odd characters is then all that a
scan costs. This is a shortcut only: it changes no finding (tests/text/unicode/test_ordinary.py compares both ways).
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

import unicodedata2

from articles.text.unicode import tables
from articles.text.unicode.confusables import latin, prototype, prototypes
from articles.text.unicode.scripts import UNSPACED, script_group

APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
# Tab, line feed and printable ASCII; symbols and punctuation of Latin-1, the general block, currencies, arrows,
# mathematics, boxes and East Asian type. Beyond ASCII no letter, digit, mark, space or invisible character.
_PUNCTUATION = (
    r"\t\n -~\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u22ff\u2500-\u25ff\u3001-\u3003\u3008-\u3020"
    r"\u060c\u061b\u061f\u066a\u06d4\u0964\u0965\uff01-\uff0f\uff1a-\uff20"
)
_EAST_ASIAN = (
    r"\u3005\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    r"\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
)
# Marks that are used with many scripts: two equal ones in a row are a fault.
_COMMON_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
_LAST_LATIN = (0x024F, 0x1E00, 0x1EFF)
SAMPLE = 256  # code points that decide on the script of a text, at most


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The ordinary characters of a script, as patterns that search for anything else."""

    script: str
    odd: re.Pattern[str]  # anything but ordinary characters
    mixed: re.Pattern[str] | None  # an ASCII letter or digit in a word of the script
    alike: re.Pattern[str] | None  # a word of letters that each look like a Latin letter
    marks: re.Pattern[str] | None  # three marks in a row
    digits: re.Pattern[str] | None  # the script's own digits


@cache
def _digit_like() -> frozenset[str]:
    """Return the look-alikes of digits and of the letters O, o and l."""
    return frozenset(char for char, shape in prototypes().items() if shape in "Ool0123456789")


@lru_cache(maxsize=64)
def build_alphabet(script: str, home: str) -> Alphabet:
    """Return the ordinary characters of `script` in an article whose language is written in `home`."""
    is_apart = script == home and script in UNSPACED
    # Elsewhere a letter beside a digit counts as mixed.
    chars = "".join(char for char in _letters(script) if char not in _digit_like() or not is_apart)
    letters = _EAST_ASIAN if script == "East Asian" else "".join(map(re.escape, chars))
    odd = re.compile(f"[^{_PUNCTUATION}{letters}]")
    if script == "Latin" or not letters:
        return Alphabet(script, odd, None, None, None, None)
    mixed = (
        rf"[A-Za-z0-9](?:(?=[{APOSTROPHES}]*[{letters}])|(?<=[{letters}].)"
        rf"|(?<=[{letters}{APOSTROPHES}][{APOSTROPHES}].))"
    )
    if script == "East Asian":
        return Alphabet(script, odd, None if is_apart else re.compile(mixed), None, None, None)
    alike = "".join(char for char in chars if _may_disguise(char))
    marks = "".join(char for char in chars if tables.category(char) == "Mn")
    digits = "".join(char for char in chars if tables.category(char) == "Nd")
    return Alphabet(
        script,
        odd,
        None if is_apart else re.compile(mixed),
        re.compile(_alike(alike, letters, home)) if alike else None,
        re.compile(f"[{marks}][{marks}][{marks}]") if marks else None,
        re.compile(f"[{digits}]") if digits else None,
    )


def _alike(alike: str, letters: str, home: str) -> str:
    """Return a pattern for words of look-alikes; in an article in Latin letters, for one before a Latin word, too."""
    alone = rf"|(?<!\S.)(?=\s+\W?[^\W\d_{letters}])" if home == "Latin" else ""
    return f"[{alike}](?<![{letters}][{alike}])(?:[{alike}]++(?![{letters}]){alone})"


@cache
def _letters(script: str) -> str:
    """Return the everyday letters, marks and digits of a script."""
    if script == "East Asian":
        return ""
    if script == "Latin":
        limit, first, last = _LAST_LATIN
        return "".join(
            char
            for char in map(chr, (*range(0xC0, limit + 1), *range(first, last + 1)))
            if tables.category(char)[0] == "L" and char not in _digit_like() and not is_rare_latin(char)
        )
    return "".join(char for char in tables.characters_with(script) if _is_ordinary(char, script))


def _is_ordinary(char: str, script: str) -> bool:
    return (
        tables.category(char) in _KINDS
        and script_group(char) in (None, script)
        and not _COMMON_MARKS.match(char)
        and tables.is_allowed_in_identifiers(char)
    )


_KINDS = frozenset({"Lu", "Ll", "Lo", "Mn", "Mc", "Nd"})


def _may_disguise(char: str) -> bool:
    """Return whether a letter may be part of a word in another script that looks like a Latin word."""
    letter = latin(char)
    return letter is not None and not (
        letter != prototype(char) != "l" and tables.is_allowed_in_identifiers(char)
    )


# Letters of European and Turkic alphabets that are not accented ASCII letters.
_NATIONAL = frozenset("\u00e6\u00f8\u0111\u00f0\u00fe\u00df\u0127\u0142\u014b\u0153\u0167\u0259\u1e9e\u018f")
_NATIONAL |= frozenset(char.upper() for char in _NATIONAL if len(char.upper()) == 1)


CLICKS = frozenset("\u01c0\u01c1\u01c2\u01c3")  # letters of Khoisan languages that look like signs


@lru_cache(maxsize=4096)
def is_rare_latin(char: str) -> bool:
    """Return whether a Latin letter of phonetics or of few languages looks like an ASCII letter or sign."""
    return (
        not char.isascii()
        and tables.script(char) == "Latin"
        and char not in _NATIONAL
        and unicodedata2.normalize("NFKD", char) == char
        and (latin(char) is not None or char in CLICKS)
    )


def main_script(text: str, home: str) -> str:
    """Return the script of most letters beyond ASCII in a sample of the text; `home` if there are none.

    If `home` is Latin and fewer than a tenth of the letters are beyond ASCII, it is Latin.
    """
    letters = [char for char in text[:: len(text) // SAMPLE + 1] if char.isalpha()]
    counts = Counter(script_group(char) for char in letters if not char.isascii())
    del counts[None]
    if home == "Latin" and counts.total() * 10 < len(letters):
        return home
    return max(counts, key=lambda script: (counts[script], script == home)) if counts else home  # type: ignore[return-value]


def odd_places(text: str, alphabet: Alphabet, *, is_odd: bool) -> list[int]:
    """Return the places where a word may have something odd, in order. `is_odd`: the text has odd characters."""
    patterns = (alphabet.odd if is_odd else None, alphabet.mixed, alphabet.alike)
    return sorted(match.start() for pattern in patterns if pattern for match in pattern.finditer(text))
