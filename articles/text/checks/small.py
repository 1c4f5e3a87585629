"""Superscripts, subscripts, small capitals and regional indicators that spell words."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

import regex
import unicodedata2

from articles.text.checks.fields import Field
from articles.text.checks.judging import neighbours
from articles.text.checks.transcription import is_transcription
from articles.text.unicode import tables
from articles.text.unicode.languages import letters, main_letters
from articles.text.unicode.scripts import script_group
from articles.text.unicode.vocabulary import is_common_word, strangeness

ACCENTED = "[\u00c0-\u024f\u1e00-\u1eff]"  # Latin letters of alphabets; there are hardly any styled copies
_ACCENTED = regex.compile(ACCENTED)
_SMALL_CAPITAL = regex.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])$")


@lru_cache(maxsize=4096)
def full_form(char: str) -> str | None:
    """Return the letter of which a superscript, a subscript or a small capital is a small form; None for others.

    >>> full_form("\u1d49"), full_form("\u1d18"), full_form("e")
    ('e', 'p', None)
    """
    if unicodedata2.decomposition(char).startswith(("<super>", "<sub>")):
        letter = str(unicodedata2.normalize("NFKC", char))
        return letter if len(letter) == 1 and letter.isalpha() else None
    name = _SMALL_CAPITAL.match(unicodedata2.name(char, ""))
    return str(name[1]).lower() if name else None


def _is_raised(char: str) -> bool:
    return bool(unicodedata2.decomposition(char).startswith("<super>"))


def is_small_capitals(piece: str) -> bool:
    """Return whether a part of a word is in small capitals: three beside other letters, or two and no other letter."""
    count = sum(map(_is_small_capital, piece))
    return count > 2 or (count == 2 and sum(map(str.isalpha, piece)) == 2)


def _is_small_capital(char: str) -> bool:
    return tables.category(char) == "Ll" and full_form(char) is not None


class _Piece(NamedTuple):
    """A part of a word that has small forms, its reading with full letters, and the kind of each character.

    Kinds: `s` small form, `o` full letter, `e` accented one, `x` phonetic or foreign one, `1` digit, `.` others.
    """

    start: int
    text: str
    reading: str
    kinds: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _pieces(field: Field) -> Iterator[_Piece]:
    """Yield the parts of words that have small forms, except in phonetic transcription."""
    for token in field.tokens:
        if not any(map(full_form, token.text)):
            continue
        has_full = any(
            not full_form(char) and not _ACCENTED.match(char) for char in token.text if char.isalpha()
        )
        if has_full and is_transcription(field.text, token, field.language_at(token.start)):
            continue
        for start, text in token.pieces:
            if small := _small_forms(text, field.language_at(start)):
                script = script_group(full_form(min(small)) or "")
                kinds = "".join("s" if char in small else _kind(char, script) for char in text)
                yield _Piece(start, text, "".join(full_form(char) or char for char in text), kinds)


def _small_forms(text: str, language: str) -> set[str]:
    """Return the small forms in a part of a word, without letters of the language.

    One or two small capitals beside other letters may be phonetic; they are left to the check on rare letters.
    """
    small = {char for char in text if full_form(char)} - (letters(language) - _ORDINALS)
    capitals = set(filter(_is_small_capital, small))
    return small - capitals if capitals and len(text) > 1 and not is_small_capitals(text) else small


_ORDINALS = frozenset("\N{FEMININE ORDINAL INDICATOR}\N{MASCULINE ORDINAL INDICATOR}")


def _kind(char: str, script: str | None) -> str:
    if not char.isalpha():
        return "1" if char.isnumeric() else "."
    if char.isascii() or script != "Latin":
        return "o" if script_group(char) == script else "x"
    return "e" if _ACCENTED.match(char) else "x"


def small_forms(field: Field) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and reading of the runs of small forms that spell a word or stand inside one."""
    if not any(map(full_form, field.odd)):
        return
    phrases: list[list[_Piece]] = []
    words: list[_Piece] = []
    signs: list[_Piece] = []
    for piece in _pieces(field):
        if {"o", "x"}.isdisjoint(piece.kinds) or is_small_capitals(piece.text):
            if phrases and _GAP.fullmatch(field.text, phrases[-1][-1].end, piece.start):
                phrases[-1].append(piece)
            else:
                phrases.append([piece])
        elif _is_mixed_word(field, piece):
            words.append(piece)
        elif not _AT_END.fullmatch(piece.kinds):
            signs.append(piece)
    if len(signs) == 1 and _is_long_word(field, signs[0]):
        words, signs = words + signs, []
    # If phonetic signs prevail, words are such by chance.
    is_phonetic = len(signs) >= len(words)
    phrases = [phrase for phrase in phrases if any(_is_word(field, piece) for piece in phrase)]
    for piece in chain(*phrases, (word for word in words if not (is_phonetic and _is_phonetic(word)))):
        yield from _runs(piece)


_GAP = regex.compile(r"[ ,.;:!?'\u2019-]{1,2}")


def _runs(piece: _Piece) -> Iterator[tuple[int, int, str]]:
    """Yield the runs of small forms of a piece."""
    for run in regex.finditer("s+", piece.kinds):
        start, end = run.span()
        yield piece.start + start, piece.start + end, piece.reading[start:end]


def _is_word(field: Field, piece: _Piece) -> bool:
    """Return whether small forms alone are a word: no end of an abbreviation, no index, gloss or row of notes."""
    word = "".join(filter(str.isalpha, piece.reading.lower()))
    is_row = all(ord(after) - ord(before) == 1 for before, after in pairwise(word))
    if piece.kinds.count("s") < 3 or is_row:
        return False
    words = tables.common_words(field.language_at(piece.start))
    is_known = word in words or not words
    if _is_attached(field.text, piece):
        return len(word) > 4 or (len(word) == 4 and is_known and _is_raised(piece.text[-1]))
    return len(word) > 3 or is_known


_TIE_BEFORE = regex.compile(r"(?r)[\p{L}\p{N}.)\]}\u27e9-][*_~]*")
_TIE_AFTER = regex.compile(r"[=.-]\w")


def _is_attached(text: str, piece: _Piece) -> bool:
    """Return whether a digit, a point, a bracket or a hyphen ties a piece to what stands before or after it."""
    has_tie = _TIE_AFTER.match(text, piece.end) or _TIE_BEFORE.match(text, 0, piece.start)
    return "1" in piece.kinds or bool(has_tie)


_AT_END = regex.compile("[^s]+s+")
_AFTER_FIRST = regex.compile("[oe]{1,2}s{3,}")


def _is_mixed_word(field: Field, piece: _Piece) -> bool:
    """Return whether small forms stand in a word: they are no abbreviation, formula, note or phonetic sign."""
    reading, kinds = piece.reading, piece.kinds
    if not {"x", "1"}.isdisjoint(kinds) or not (reading[1:].islower() or reading.isupper()):
        return False
    if is_like_word(reading, field.language_at(piece.start)):
        # Small forms at the end are an abbreviation, a note or, after a capital, an index.
        return not _AT_END.fullmatch(kinds) or bool(reading.islower() and _AFTER_FIRST.fullmatch(kinds))
    return _is_inside(kinds) and not _is_phonetic(piece)


def _is_inside(kinds: str) -> bool:
    """Return whether small forms stand between full letters, two of which touch, unlike those of formulas."""
    return "s" in kinds.strip("s.") and regex.search("[oe]{2}", kinds) is not None


def _is_long_word(field: Field, piece: _Piece) -> bool:
    """Return whether the only phonetic sign of a text stands in a long word, so that it is no transcription."""
    return (
        _is_inside(piece.kinds)
        and {"x", "1"}.isdisjoint(piece.kinds)
        and len(piece.text) > 5
        and bool(tables.common_words(field.language_at(piece.start)))
        and field.text[piece.start - 1 : piece.start] not in ("*", "_")
        and not _PHONETIC_LETTER.search(field.odd)
    )


_PHONETIC_LETTER = regex.compile("[\u0250-\u02af\u02be\u02bf]")


def is_like_word(reading: str, language: str) -> bool:
    """Return whether a word is common, or long and made of the same fragments as common words."""
    own = main_letters(language)
    if not all(char.isascii() or char in own for char in reading):
        return False
    return is_common_word(reading, language) if len(reading) < 6 else not strangeness(reading, language)


_VOWEL = "[aeiou\u00e6\u00f8\u0153]"
_CONSONANT = "[b-df-hj-np-tv-z\u0111\u014b\u0142]"
# Superscripts as capitals: the short vowels of Hebrew in the first syllable, breath and nasals before consonants,
# nasal vowels, and release, breath, rounding and the like after consonants.
_PHONETIC = regex.compile(
    rf"(?:{_CONSONANT}{{1,3}}[AEO](?={_CONSONANT}))?"
    rf"(?:{_VOWEL}[NM]*+|[HNM]*+(?:[bcdgkpqt][HWJLRSXZ]*+|{_CONSONANT}[HWJ]*+))*+"
)


def _is_phonetic(piece: _Piece) -> bool:
    """Return whether superscripts stand where transcriptions have them, such as the h of aspiration."""
    word = ""
    for char, full, kind in zip(piece.text, piece.reading, piece.kinds, strict=True):
        if kind == "s":
            word += full.upper() if _is_raised(char) else "_"
        elif kind in "oe":
            word += unicodedata2.normalize("NFD", full)[0].lower()
    return _PHONETIC.fullmatch(word) is not None


_INDICATOR = "[\U0001f1e6-\U0001f1ff]"
_INDICATORS = regex.compile(f"{_INDICATOR}+")
# Separate indicators make no flag, whatever they spell.
_ROW = regex.compile(rf"{_INDICATOR}(?:[ .\-\u00a0\u200b-\u200d\u2060]{{0,2}}{_INDICATOR})+")
# Regions and former regions of CLDR 48.2 (territories.json, aliases.json): first letters with their second letters.
_REGIONS = {
    f"{codes[0]}{second}"
    for codes in (
        "ACDEFGILMNOQRSTUWXZ BABDEFGHIJLMNOQRSTUVWYZ CACDFGHIKLMNOPQRSTUVWXYZ DDEGJKMOYZ EACEGHRSTU FIJKMOQRX"
        " GABDEFGHILMNPQRSTUWY HKMNRTUV ICDELMNOQRST JEMOPT KEGHIMNPRWYZ LABCIKRSTUVY MACDEFGHIKLMNOPQRSTUVWXYZ"
        " NACEFGHILOPQRTUZ OM PACEFGHKLMNRSTUWYZ QAU REHOSUW SABCDEGHIJKLMNORSTUVXYZ TACDFGHJKLMNOPRTVWZ"
        " UAGKMNSYZ VACDEGINU WFKS XK YDETU ZAMRW"
    ).split()
    for second in codes[1:]
}


def indicators(field: Field) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and reading of the regional indicators that spell a word instead of flags, in order."""
    if not _INDICATORS.search(field.odd):
        return
    for row in _ROW.finditer(field.text):
        runs = [(row.start() + run.start(), _spelling(run[0])) for run in _INDICATORS.finditer(row[0])]
        if _is_spelled(field, row.start(), row.end(), [word for _, word in runs]):
            for start, word in runs:
                if word not in _REGIONS:
                    yield start, start + len(word), word


def _spelling(run: str) -> str:
    return "".join(chr(ord(char) - ord("\U0001f1e6") + ord("A")) for char in run)


def _is_spelled(field: Field, start: int, end: int, words: list[str]) -> bool:
    """Return whether indicators are letters that make no flags, or flags that spell a common word in a sentence."""
    if all(len(word) == 1 for word in words):
        return len(words) > 2
    if any(len(word) > 2 and not _are_flags(word) for word in words):
        return True
    language = field.language_at(start)
    spelled = [word for word in words if is_like_word(word, language)]
    # Two flags may spell a word by chance; other flags and names beside them suggest that.
    return any(len(word) > 5 for word in spelled) or (
        bool(spelled)
        and not _INDICATORS.search(field.text, end)
        and not _INDICATORS.search(field.text, 0, start)
        and all(map(str.islower, neighbours(field.text, start, end)))
    )


def _are_flags(word: str) -> bool:
    return all(word[place : place + 2] in _REGIONS for place in range(0, len(word), 2))
