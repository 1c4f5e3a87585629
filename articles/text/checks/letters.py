"""The check on letters of another script than their word."""

import re
from collections.abc import Iterator
from functools import lru_cache
from string import digits

import regex
import unicodedata2

from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding
from articles.text.checks.joined import foreign_across_markup
from articles.text.checks.judging import describe, looking_like, neighbours
from articles.text.checks.transcription import is_transcription
from articles.text.markdown import Where
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables
from articles.text.unicode.confusables import counterpart, latin, prototype
from articles.text.unicode.foreign import foreign_letters, intended_letter
from articles.text.unicode.scripts import ALIKE, script_group, script_of_language

_UNSEEN = r"\p{Default_Ignorable_Code_Point}"
_IN_RUN = regex.compile(rf"{_UNSEEN}(?:(?={_UNSEEN})|(?<={_UNSEEN}{{2}}))")


def foreign_letter(field: Field) -> Iterator[Finding]:
    """Flag letters, marks and digits of another script than their word (UTS #39 section 5.1)."""
    signs = frozenset(
        char for char in field.token_characters if _is_sign(char, script_of_language(field.language))
    )
    for token in field.tokens:
        language = field.language_at(token.start)
        previous: tuple[int, str] | None = None
        for start, piece in token.pieces:
            letters = foreign_letters(piece, language)
            if letters and field.where_at(start) is not Where.HOST and is_transcription(field.text, token):
                break
            for letter in letters:
                is_in_run = _IN_RUN.match(piece, letter.place)  # the check `invisible` reports the run
                if not is_in_run and not _is_affix(field, start, piece, letter.place):
                    yield _foreign(field, start + letter.place, letter.host, letter.meant)
            if previous and not letters:
                yield from _foreign_after_apostrophe(field, previous, (start, piece))
            previous = start, piece
            if not signs.isdisjoint(piece):
                yield from _sign_as_letter(field, start, piece, signs)
    yield from _letter_as_digit(field)
    for place, letter in foreign_across_markup(field):
        yield _foreign(field, place, letter.host, letter.meant)


def _is_affix(field: Field, start: int, piece: str, place: int) -> bool:
    """Return whether a letter of an unrelated script ends or begins a word beside words of its own script."""
    script = script_group(piece[place])
    if script in ALIKE or place not in (0, len(piece) - 1):
        return False
    return any(script_group(side[0]) == script for side in neighbours(field.text, start, start + len(piece)))


def _foreign(field: Field, place: int, host: str, meant: str | None) -> Finding:
    return field.finding(
        "foreign-letter",
        place,
        place + 1,
        _in_word(field.text[place], host, meant),
        meant=meant,
    )


@lru_cache(maxsize=4096)
def _in_word(char: str, host: str, meant: str | None) -> Message:
    fault = _(
        "%(character)s stands in a %(script)s word", character=describe(char), script=host.replace("_", " ")
    )
    return looking_like(meant, fault)


def _foreign_after_apostrophe(
    field: Field, left: tuple[int, str], right: tuple[int, str]
) -> Iterator[Finding]:
    """Flag one or two look-alikes on one side of an apostrophe if a Latin word stands on the other side."""
    for (start, short), (_place, long) in ((right, left), (left, right)):
        scripts = {script_group(char) for char in short}
        # In an article of that script, the letters may be a case ending after a foreign name.
        is_open = len(short) <= min(2, len(long)) and script_group(long[-1]) == "Latin"
        if not is_open or not scripts <= ALIKE - {"Latin", script_of_language(field.language_at(start))}:
            continue
        readings = [latin(char) if len(short) == 1 else prototype(char) for char in short]
        if all(reading and reading.isascii() for reading in readings):
            for place, meant in enumerate(readings, start):
                yield _foreign(field, place, "Latin", meant)
            return


@lru_cache(maxsize=8192)
def _is_sign(char: str, home: str) -> bool:
    """Return whether a digit or sign without a script of its own looks exactly like a letter of `home`."""
    if home not in ALIKE or char.isascii() or script_group(char) or tables.category(char)[0] not in "LN":
        return False
    letter = counterpart(char, home)
    is_exact = letter is not None and prototype(letter) == prototype(char)
    return is_exact and unicodedata2.normalize("NFKC", char) == char


def _sign_as_letter(field: Field, start: int, piece: str, signs: frozenset[str]) -> Iterator[Finding]:
    """Flag signs that stand for a letter: more than two letters of the home script touch them, and no others."""
    home = script_of_language(field.language)
    for place, char in enumerate(piece):
        if char not in signs:
            continue
        left, right = _LETTERS_BEFORE.match(piece, 0, place), _LETTERS.match(piece, place + 1)
        around = (left[0] if left else "") + (right[0] if right else "")
        if len(around) > 2 and all(script_group(side) == home for side in around):
            yield _foreign(field, start + place, home, intended_letter(piece, place, home))


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
