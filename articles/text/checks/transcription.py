"""Phonetic transcription: in slashes or brackets, with stress or length marks, or beside another phonetic word."""

from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

import regex
import unicodedata2

from articles.text.checks.fields import Token
from articles.text.unicode.confusables import latin
from articles.text.unicode.languages import letters
from articles.text.unicode.vocabulary import is_common_word

# Letters of the chart of the International Phonetic Association (2020) and of its extensions that are not ASCII.
# There are no capitals, no small capitals that stand for no sound, and of Greek only beta, theta and chi.
_LETTERS = (
    r"\u00e6\u00f0\u00f8\u0127\u014b\u0153\u01c0-\u01c3\u01dd\u0250-\u02ff\u03b2\u03b8\u03c7\u1d2c-\u1d6a\u1d7b\u1d7f"
    r"\u1d80-\u1dbf\u207f\u2c71\ua717-\ua721\uab53"
)
_PHONETIC = regex.compile(rf"[a-z{_LETTERS}\P{{L}}]++")
# Russian and its kin are transcribed in their own letters, with "j" and letters of the chart.
_PHONETIC_CYRILLIC = regex.compile(rf"[j\p{{Cyrillic}}\u03b3{_LETTERS}\P{{L}}]++")
_LATIN_OR_GREEK = regex.compile(r"[\p{Latin}\p{Greek}\P{L}\p{Lm}]++")
_STRESS = regex.compile(r"[\u02c8\u02cc\u02d0\u02d1\u0361\u035c]")  # stress, length, tie bars
_LONGEST_WORD = 300
_LONGEST = 500  # code points between two delimiters
# What may not stand before, what opens, what may stand inside, what closes, and what may not follow, such as a link.
_DELIMITED = regex.compile(
    "|".join(
        rf"(?<![\w{before}]){opening}(?=(?P<inside>(?!\s){inner}{{1,{_LONGEST}}}(?<!\s)){closing}(?![\w{after}]))"
        for before, opening, inner, closing, after in (
            (":/", "/", r"[^/\n]", "/", "/"),
            (":/", "//", r"[^/\n]", "//", "/"),
            (r":\\", r"\\", r"[^\\\n]", r"\\", r"\\"),
            (r"\[", r"\[", r"[^\[\]\n]", r"\]", r"\](\[:"),
            ("", "\u27e8", r"[^\u27e8\u27e9\n]", "\u27e9", ""),
            ("", "[\uff3b\u3014]", r"[^\uff3b\uff3d\u3014\u3015\n]", "[\uff3d\u3015]", ""),
        )
    )
)
_SPACED = regex.compile(r"[^\s,;~]+")
_CERTAIN = regex.compile(r"[\u02b0-\u02bb\u02bd-\u036f]")  # stress, length, tones, modifiers, marks alone
_WORD = regex.compile(r"[\p{L}\p{M}]++")
_LAST_WORD = regex.compile(r"(?r)(?P<word>[\p{L}\p{M}]+)[^\p{L}\p{M}\n]{1,5}")
_NEXT_WORD = regex.compile(r"[^\p{L}\p{M}\n]{1,5}(?P<word>[\p{L}\p{M}]+)")
_FAR = 80  # code points around a word that are looked at


class Passage(NamedTuple):
    """A text between two delimiters whose letters are all phonetic."""

    start: int
    end: int


def is_transcription(text: str, token: Token, language: str = "en") -> bool:
    """Return whether a word of Latin and Greek letters is phonetic. The answer for a word of other scripts is no.

    Between delimiters, a long word that reads as a common one is not phonetic, unless that word stands nearby, or one
    just before that begins alike.
    """
    start, end = token.start, token.start + len(token.text)
    if len(token.text) > _LONGEST_WORD:
        return False
    if _STRESS.search(token.text) and _LATIN_OR_GREEK.fullmatch(token.text):
        return True
    if passage := _passage_at(text, start):
        return not _is_disguised(text, passage, language)
    if not is_phonetic(token.text) or _is_long_word(_read(token.text), language):
        return False
    before = _LAST_WORD.match(text, max(0, start - _FAR), start)
    after = _NEXT_WORD.match(text, end, end + _FAR)
    return any(
        _passage_at(text, side.start("word")) or _is_symbolic(side["word"], language)
        for side in (before, after)
        if side
    )


def _read(word: str) -> str:
    return "".join(latin(char) or char for char in word)


def _is_long_word(reading: str, language: str) -> bool:
    """Return whether a reading is a common word that no phonetic transcription is likely to look like."""
    return len(reading) > 4 and is_common_word(reading, language)


@lru_cache(maxsize=4)  # the words of a passage come one after another
def _is_disguised(text: str, passage: Passage, language: str) -> bool:
    """Return whether the words between delimiters are common words, plain or with rare letters for plain ones."""
    if any(_is_symbolic(word, language) for word in _SPACED.findall(text, *passage)):
        return False
    inside = ["".join(filter(str.isalpha, word)) for word in _SPACED.findall(text, *passage)]
    readings = [*map(_read, inside)]
    before = text[max(0, passage.start - _FAR) : passage.start].lower()
    around = before + text[passage.end : passage.end + _FAR].lower()
    is_named = any(word[0] == readings[0][:1] for word in _WORD.findall(before)[-3:])
    if is_named or not all(is_common_word(reading, language) for reading in readings):
        return False
    plain = [word for word in inside if word.isascii() and len(word) > 2]
    return len(plain) > 1 or any(
        _is_long_word(reading, language) and reading not in around for reading in readings
    )


def _passage_at(text: str, place: int) -> Passage | None:
    """Return the phonetic passage that holds a place; None if there is none."""
    starts, passages = _passages(text)
    index = bisect_right(starts, place) - 1
    return passages[index] if index >= 0 and place < passages[index].end else None


@lru_cache(maxsize=2)
def _passages(text: str) -> tuple[list[int], list[Passage]]:
    """Return the phonetic passages of a text and where they start. Linear in the text."""
    passages = [
        Passage(*match.span("inside"))
        for match in _DELIMITED.finditer(text)
        if not match["inside"].isascii() and _is_passage(match["inside"])
    ]
    return [passage.start for passage in passages], passages


def _is_passage(inside: str) -> bool:
    if _STRESS.search(inside) and _LATIN_OR_GREEK.fullmatch(inside):
        return True
    return is_phonetic(inside) or bool(_PHONETIC_CYRILLIC.fullmatch(inside))


def is_phonetic(text: str) -> bool:
    """Return whether all letters of a text are those of the phonetic alphabet."""
    return bool(_PHONETIC.fullmatch(unicodedata2.normalize("NFD", text)))


@lru_cache(maxsize=1024)
def _is_symbolic(word: str, language: str) -> bool:
    """Return whether a word has phonetic letters or marks that look like no plain letter, none of the language."""
    return any(
        _CERTAIN.match(char)
        or ("\u0250" <= char <= "\u02af" and latin(char) is None)
        or char in "\u014b\u00f0\u03b8\u03c7"
        for char in frozenset(unicodedata2.normalize("NFC", word)) - letters(language)
    )
