"""The check on letters of another script than their word."""

import re
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, groupby
from string import digits
from typing import NamedTuple

import regex
import unicodedata2

from articles.text.checks.alone import foreign_chunks, foreign_short_words
from articles.text.checks.fields import Field, Token
from articles.text.checks.findings import STRICT, Finding
from articles.text.checks.joined import foreign_across_markup
from articles.text.checks.judging import describe, looking_like, neighbours
from articles.text.checks.scripts import script_name
from articles.text.checks.transcription import is_transcription
from articles.text.markdown import Where
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.remembering import Remembered
from articles.text.unicode import tables
from articles.text.unicode.confusables import prototype, twins
from articles.text.unicode.foreign import Foreign, foreign_letters, has_two_scripts, intended_letter
from articles.text.unicode.languages import main_letters
from articles.text.unicode.scripts import ALIKE, script_group, script_of_language

_UNSEEN = r"\p{Default_Ignorable_Code_Point}"
_IN_RUN = regex.compile(rf"{_UNSEEN}(?:(?={_UNSEEN})|(?<={_UNSEEN}{{2}}))")


def foreign_letter(field: Field) -> Iterator[Finding]:
    """Flag letters, marks and digits of another script than their word (UTS #39 section 5.1)."""
    for place, letter in _foreign_in_words(field):
        yield _foreign(field, place, letter)
    yield from _sign_as_letter(field)
    yield from _letter_as_digit(field)
    for place, letter in chain(
        foreign_across_markup(field), foreign_chunks(field), foreign_short_words(field)
    ):
        yield _foreign(field, place, letter)


class _Suspect(NamedTuple):
    """A letter that no neighbour excuses, with its place and that of its word, counted from a paragraph's start."""

    place: int
    word: int
    letter: Foreign
    is_phonetic: bool  # part of a transcription, which is an excuse except in a host name


REACH = 100  # code points beside a paragraph that may excuse a letter in it
# By all that decides on the letters of a paragraph. After an edit of one word, all others are the same.
_SUSPECTS: Remembered[Hashable, tuple[_Suspect, ...]] = Remembered(max_bytes=8_000_000)


def _foreign_in_words(field: Field) -> Iterator[tuple[int, Foreign]]:
    """Yield the letters of another script than their word, with their places."""
    for (start, end), group in groupby(field.tokens, key=lambda token: field.paragraph_at(token.start)):
        tokens = list(group)
        for suspect in _suspects(field, start, end, tokens):
            if not suspect.is_phonetic or field.where_at(start + suspect.word) is Where.HOST:
                yield start + suspect.place, suspect.letter


def _suspects(field: Field, start: int, end: int, tokens: list[Token]) -> tuple[_Suspect, ...]:
    """Return the suspects among the tokens of a paragraph, which are remembered if there are some."""
    text = field.text
    around = text[max(0, start - REACH) : start], text[start:end], text[end : end + REACH]
    places = tuple(token.start - start for token in tokens)
    key = around, places, field.language, field.where in STRICT
    suspects = _SUSPECTS.get(key)
    if suspects is None:
        suspects = tuple(_found_anew(field, start, tokens))
        if suspects:
            weight = 600 + 4 * sum(map(len, around)) + 40 * len(places) + 300 * len(suspects)
            _SUSPECTS.keep(key, suspects, weight=weight)
    return suspects


def _found_anew(field: Field, first: int, tokens: Iterable[Token]) -> Iterator[_Suspect]:
    """Yield the suspects among the tokens of a paragraph that starts at `first`.

    Looks at nothing but the paragraph, its language, and what is within `REACH` of it. Paragraphs end at line ends, so
    a transcription, which never goes beyond a line, is a whole one.
    """
    for token in tokens:
        for start, piece in token.pieces:
            if has_two_scripts(piece) and foreign_letters(piece, language := field.language_at(start)):
                for place, letter, is_phonetic in _without_excuse(field.text, token, start, piece, language):
                    yield _Suspect(place - first, start - first, letter, is_phonetic)


# Up to the letter that ends it: a format of C, Python, Java or Objective-C, or an escape sequence.
_FORMAT = re.compile(
    r"(?:%(?:\([^()\s%]{1,60}\))?(?:[0-9]{1,3}\$)?[-+ #0,']{0,5}[0-9*]{0,4}(?:\.[0-9*]{0,4})?(?:hh?|ll?|[Lqjzt])?|\\)"
    r"[A-Za-z@]"
)
_LONGEST_FORMAT = 80


def _without_excuse(
    text: str, token: Token, start: int, piece: str, language: str
) -> Iterator[tuple[int, Foreign, bool]]:
    """Yield the foreign letters of a piece, with their places, unless their surroundings excuse them.

    A format specifier before the word ends at its own letter. Invisible characters in a run are left to the check
    `invisible`. Phonetic letters are yielded, too, and marked.
    """
    cut = _format_end(text, start) - start
    letters = foreign_letters(piece[cut:], language)
    is_phonetic = bool(letters) and is_transcription(text, token, language)
    for letter in letters:
        place = cut + letter.place
        if not _IN_RUN.match(piece, place) and not _is_quoted(text, start, piece, place):
            # Cyrillic transcription has a Latin schwa, too; Tatar has a letter of that shape.
            is_own = is_phonetic and letter.meant in _own_cyrillic_letters(language)
            yield start + place, letter, is_phonetic and not is_own


@lru_cache(maxsize=64)
def _own_cyrillic_letters(language: str) -> frozenset[str | None]:
    """Return the Cyrillic letters of a language that are not in the basic alphabet."""
    return frozenset(char for char in main_letters(language) if "\u0450" <= char <= "\u052f")


def _format_end(text: str, start: int) -> int:
    """Return where a format specifier or an escape sequence ends that goes on into the word at `start`."""
    before = max(
        text.rfind("%", max(0, start - _LONGEST_FORMAT), start), text.rfind("\\", max(0, start - 1), start)
    )
    match = _FORMAT.match(text, before) if before >= 0 else None
    return max(start, match.end()) if match else start


def _is_quoted(text: str, start: int, piece: str, place: int) -> bool:
    """Return whether a letter of an unrelated script joins a word to words of its own script.

    One such word is enough beside a letter that ends or begins the word.
    """
    script = script_group(piece[place])
    if script in ALIKE:
        return False
    sides = [
        all(script_group(char) in (None, script) for char in side)
        for side in neighbours(text, start, start + len(piece))
    ]
    return any(sides) if place in (0, len(piece) - 1) else len(sides) == 2 and all(sides)


def _foreign(field: Field, place: int, letter: Foreign) -> Finding:
    message = _in_word(field.text[place], letter.host, letter.meant)
    return field.finding("foreign-letter", place, place + 1, message, meant=letter.meant)


@lru_cache(maxsize=4096)
def _in_word(char: str, host: str, meant: str | None) -> Message:
    fault = _("%(character)s stands in a %(script)s word", character=describe(char), script=script_name(host))
    return looking_like(meant, fault)


@lru_cache(maxsize=8192)
def _is_sign(char: str, home: str) -> bool:
    """Return whether a digit or sign without a script of its own looks exactly like a letter of `home`."""
    if home not in ALIKE or char.isascii() or script_group(char) or tables.category(char)[0] not in "LN":
        return False
    return bool(twins(char, home)) and unicodedata2.normalize("NFKC", char) == char


def _sign_as_letter(field: Field) -> Iterator[Finding]:
    """Flag signs that stand for a letter: more than two letters of the home script touch them, and no others."""
    signs = frozenset(
        char for char in field.token_characters if _is_sign(char, script_of_language(field.language))
    )
    if not signs:
        return
    home = script_of_language(field.language)
    for token in field.tokens:
        for start, piece in token.pieces:
            for place, char in enumerate(piece):
                if char not in signs:
                    continue
                left, right = _LETTERS_BEFORE.match(piece, 0, place), _LETTERS.match(piece, place + 1)
                around = (left[0] if left else "") + (right[0] if right else "")
                if len(around) > 2 and all(script_group(side) == home for side in around):
                    meant = intended_letter(piece, place, home, field.language)
                    yield _foreign(field, start + place, Foreign(place, home, meant))


_LETTERS = regex.compile(r"\p{L}{1,3}")
_LETTERS_BEFORE = regex.compile(r"(?r)\p{L}{1,3}")
_AMONG_DIGITS = re.compile(r"[^\x00-\x7f](?<=[0-9].)(?=[0-9])")


def _letter_as_digit(field: Field) -> Iterator[Finding]:
    """Flag letters that look like a digit and stand between digits, such as a Cyrillic O in 2O24."""
    if field.token_characters.isdisjoint(digits):
        return
    for token in field.tokens:
        for match in _AMONG_DIGITS.finditer(token.text):
            shape = prototype(match[0])
            digit = {"O": "0", "o": "0", "l": "1"}.get(shape, shape)
            if digit.isdecimal() and digit.isascii() and tables.category(match[0])[0] == "L":
                place = token.start + match.start()
                yield field.finding(
                    "foreign-letter",
                    place,
                    place + 1,
                    looking_like(digit, _("%(character)s stands among digits", character=describe(match[0]))),
                    meant=digit,
                )
