"""The check on letters of another script than their word."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from string import digits

import regex
import unicodedata2

from articles.text.checks.alone import foreign_chunks, foreign_short_words
from articles.text.checks.fields import Field, Token
from articles.text.checks.findings import Finding
from articles.text.checks.joined import foreign_across_markup
from articles.text.checks.judging import describe, looking_like, neighbours
from articles.text.checks.scripts import script_name
from articles.text.checks.transcription import is_transcription
from articles.text.markdown import Where
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables
from articles.text.unicode.confusables import prototype, twins
from articles.text.unicode.foreign import Foreign, foreign_letters, has_two_scripts, intended_letter
from articles.text.unicode.languages import main_letters
from articles.text.unicode.scripts import ALIKE, script_group, script_of_language

_UNSEEN = r"\p{Default_Ignorable_Code_Point}"
_IN_RUN = regex.compile(rf"{_UNSEEN}(?:(?={_UNSEEN})|(?<={_UNSEEN}{{2}}))")


def foreign_letter(field: Field) -> Iterator[Finding]:
    """Flag letters, marks and digits of another script than their word (UTS #39 section 5.1)."""
    signs = frozenset(
        char for char in field.token_characters if _is_sign(char, script_of_language(field.language))
    )
    for token in field.tokens:
        for start, piece in token.pieces:
            if has_two_scripts(piece) and foreign_letters(piece, field.language_at(token.start)):
                for place, letter in _without_excuse(field, token, start, piece):
                    yield _foreign(field, place, letter)
            if not signs.isdisjoint(piece):
                yield from _sign_as_letter(field, start, piece, signs)
    yield from _letter_as_digit(field)
    for place, letter in chain(
        foreign_across_markup(field), foreign_chunks(field), foreign_short_words(field)
    ):
        yield _foreign(field, place, letter)


# Up to the letter that ends it: a format of C, Python, Java or Objective-C, or an escape sequence.
_FORMAT = re.compile(
    r"(?:%(?:\([^()\s%]{1,60}\))?(?:[0-9]{1,3}\$)?[-+ #0,']{0,5}[0-9*]{0,4}(?:\.[0-9*]{0,4})?(?:hh?|ll?|[Lqjzt])?|\\)"
    r"[A-Za-z@]"
)
_LONGEST_FORMAT = 80


def _without_excuse(field: Field, token: Token, start: int, piece: str) -> Iterator[tuple[int, Foreign]]:
    """Yield the foreign letters of a piece, with their places, unless their surroundings excuse them.

    A format specifier before the word ends at its own letter. Invisible characters in a run are left to the check
    `invisible`.
    """
    text, language = field.text, field.language_at(start)
    cut = _format_end(text, start) - start
    letters = foreign_letters(piece[cut:], language)
    if letters and field.where_at(start) is not Where.HOST and is_transcription(text, token, language):
        # Cyrillic transcription has a Latin schwa, too; Tatar has a letter of that shape.
        letters = tuple(letter for letter in letters if letter.meant in _own_cyrillic_letters(language))
    for letter in letters:
        place = cut + letter.place
        if not _IN_RUN.match(piece, place) and not _is_quoted(text, start, piece, place):
            yield start + place, letter


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


def _sign_as_letter(field: Field, start: int, piece: str, signs: frozenset[str]) -> Iterator[Finding]:
    """Flag signs that stand for a letter: more than two letters of the home script touch them, and no others."""
    home = script_of_language(field.language)
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
