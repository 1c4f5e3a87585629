"""Host names label by label: signs, letters and scripts by which one passes for another (UTS #39, RFC 5892)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex
import unicodedata2

from articles.text.checks.judging import describe, looking_like
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables
from articles.text.unicode.confusables import latin, prototype
from articles.text.unicode.foreign import foreign_letters
from articles.text.unicode.languages import letters, official_languages
from articles.text.unicode.scripts import ALIKE, script_group, script_runs
from articles.text.unicode.signs import Kind, signs

MAX_LABEL = 63  # octets (RFC 1035); Punycode is decoded in quadratic time
DOTS = "\u3002\uff0e\uff61"  # label separators beside the ASCII one (UTS #46 section 4)
_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"


class Fault(NamedTuple):
    """A character of a host name, by which the name passes for another one. Notices only tell what stands there."""

    place: int
    message: Message
    meant: str | None
    is_notice: bool = False


# What RFC 5892 disallows (section 2), without spaces and invisible characters, which other checks flag.
_DISALLOWED = regex.compile(
    r"(?V1)[[\p{P}\p{S}\p{Me}\p{No}\p{Nl}\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]"
    r"--[\x00-\x7f\u00b7\u0375\u05f3\u05f4\u06fd\u06fe\u0f0b\u3007\u30fb]]"  # exceptions (section 2.6)
)
_NAME = re.compile(r"(?:www\.)?+(?:[A-Za-z0-9-]{1,63}\.){1,9}[A-Za-z]{2,63}")
_OF_SENTENCES = frozenset({Kind.WIDE, Kind.DASH, Kind.CURLY, Kind.QUOTE})
_STOPS = frozenset("\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b")  # of sentences, full-width


def end_of_name(name: str, *, is_wide: bool) -> int:
    """Return where a host name ends and the sentence around it goes on without a space.

    A whole name in ASCII ends at a sign of typography or of another script, if no other name follows. In East Asian
    text (`is_wide`) one may follow. Without such a sign, the length of the name.
    """
    first = _NAME.match(name)
    place = first.end() if first else len(name)
    if place == len(name):
        return place
    sign = signs().get(name[place])
    if sign is None:
        return len(name)
    is_typography = sign.kind in _OF_SENTENCES
    is_of_script = sign.kind is Kind.OTHER and tables.script(name[place]) != "Common"
    may_go_on = is_wide and name[place] in _STOPS
    is_end = (is_typography or is_of_script) and (may_go_on or not _NAME.match(name, place + 1))
    return place if is_end else len(name)


def disallowed_signs(name: str) -> Iterator[Fault]:
    """Yield signs that no host name may hold."""
    for match in _DISALLOWED.finditer(name):
        char, place = match[0], match.start()
        if char not in DOTS and not _is_mapped(char):
            sign = signs().get(char)
            fault = _("%(character)s is not allowed in a host name", character=describe(char))
            is_notice = sign.kind is Kind.CURLY if sign else not _shows_separator(char)
            yield Fault(place, looking_like(sign and sign.meant, fault), sign and sign.meant, is_notice)


_SEPARATORS = frozenset("/\\?#@:")  # of an address, beside its host


def _shows_separator(char: str) -> bool:
    """Return whether a sign looks like a separator, or holds one, such as the fractions."""
    mapped = unicodedata2.normalize("NFKC", char)
    return not _SEPARATORS.isdisjoint(map(prototype, (char, *mapped)))


def _is_mapped(char: str) -> bool:
    """Return whether browsers read letters or digits in place of a character (UTS #46 section 4)."""
    mapped = unicodedata2.normalize("NFKC", char)
    return mapped != char and all(tables.category(part)[0] in "LMN" for part in mapped)


def wide_dots(name: str) -> Iterator[Fault]:
    """Yield dots of East Asian width between ASCII labels, which browsers take for the dot of ASCII."""
    for match in _WIDE_DOT.finditer(name):
        fault = _("%(character)s counts as a dot in a host name", character=describe(match[0]))
        yield Fault(match.start(), fault, ".")


_WIDE_DOT = re.compile(
    rf"(?<=[A-Za-z0-9])[{DOTS}](?=[A-Za-z0-9-]{{1,63}}(?:[.{DOTS}][A-Za-z0-9-]{{1,63}}){{0,8}}\Z)"
)
_JAPANESE = r"[\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Han}]"
_AS_SIGN = regex.compile(
    r"(?<=[ijl\u0131])\u0307"  # a dot above a letter that has one
    r"|(?<!l)\u00b7|\u00b7(?!l)"  # a middle dot, except the one of Catalan
    rf"|(?<!{_JAPANESE})[\u30bd\u30be\u30ce\u30f3\u30fb\u30fc\u4e36\u4e3f](?!{_JAPANESE})"  # strokes in other text
)


def letters_as_signs(label: str) -> Iterator[Fault]:
    """Yield letters that look like punctuation; browsers refuse to show them in host names."""
    for match in _AS_SIGN.finditer(label):
        fault = _(
            "%(character)s can be mistaken for punctuation in a host name", character=describe(match[0])
        )
        yield Fault(match.start(), fault, None)


def disguised_letters(label: str, top: str, language: str) -> Iterator[Fault]:
    """Yield the letters by which a label passes for an ASCII one: of a look-alike script, or outside the alphabet."""
    if not top.isascii():
        return
    reading = _reading(label)
    scripts = {run.script for run in script_runs(label)}
    if reading or len(scripts & ALIKE) > 1:
        message = looking_like(reading, _("The host name can be mistaken for another one"))
        for place, char in enumerate(label):
            if not char.isascii():
                yield Fault(place, message, latin(char))
    elif scripts <= {"Latin"}:
        yield from _outside_alphabet(label, top, language)


def _reading(label: str) -> str | None:
    """Return the ASCII label that letters of look-alike scripts spell; None if one of them can be told apart."""
    odd = [char for char in label if not char.isascii()]
    is_alike = all(script_group(char) in ALIKE - {"Latin"} for char in odd)
    if not odd or not is_alike or unicodedata2.normalize("NFKC", label) != label:
        return None
    reading = "".join(char if char.isascii() else prototype(char) for char in label)
    return reading if reading.isascii() else None


def _outside_alphabet(label: str, top: str, language: str) -> Iterator[Fault]:
    """Yield Latin letters and marks that neither the article's language has, nor the country of the domain."""
    alphabet = _alphabet(top, language)
    for match in _CLUSTER.finditer(label):
        base, marks = match[1], match[2]
        composed = unicodedata2.normalize("NFC", match[0])
        if composed.isascii() or all(char.isascii() or _is_usual(char, alphabet) for char in composed):
            continue
        if unicodedata2.normalize("NFKC", base).isascii() and not base.isascii():
            continue  # the check `styled-letters` flags it, and browsers read the ASCII letter
        place, char = (match.start(2), marks[0]) if base.isascii() else (match.start(), base)
        sign = signs().get(char)
        meant = "" if base.isascii() else sign.meant if sign else latin(char)
        fault = _("%(character)s is not in the alphabet of this language", character=describe(char))
        yield Fault(place, looking_like(meant, fault), meant)


_CLUSTER = regex.compile(
    r"(?V1)([\p{Latin}[\p{Lm}&&\p{Common}]])(\p{M}*+)"
)  # modifier letters may look like signs


def _is_usual(char: str, alphabet: frozenset[str]) -> bool:
    """Return whether a letter or mark belongs to the alphabet; without one, whether it is in everyday use anywhere."""
    return char in alphabet if alphabet else tables.is_allowed_in_identifiers(char) and char != _DOTLESS


@lru_cache(maxsize=256)
def _alphabet(top: str, language: str) -> frozenset[str]:
    """Return the letters of a language, of English, and of the official languages of the country of a domain."""
    own = letters(language)
    region = "gb" if top == "uk" else top
    countrys = official_languages(region) if len(top) == 2 else ()
    return own.union(letters("en"), *map(letters, countrys)) if own else own


def mixed_letters(label: str, language: str) -> Iterator[Fault]:
    """Yield letters of another script than their label."""
    for letter in foreign_letters(label, language):
        fault = _("The host name mixes scripts")
        yield Fault(letter.place, looking_like(letter.meant, fault), letter.meant)


def decoded_punycode(label: str) -> str:
    """Return what a label in Punycode (`xn--…`) means; empty if it is not encoded correctly (RFC 3492)."""
    try:
        decoded = label[4:].encode("ascii").decode("punycode") if len(label) <= MAX_LABEL else ""
    except (UnicodeError, ValueError):
        return ""
    return "" if decoded.isascii() else decoded
