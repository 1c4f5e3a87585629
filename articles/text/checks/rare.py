"""The check on letters that are rare in their own script."""

from collections.abc import Iterator
from functools import lru_cache

import unicodedata2

from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding
from articles.text.checks.judging import (
    describe,
    is_transcription,
    known_words,
    looking_like,
    neighbours,
)
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables
from articles.text.unicode.confusables import counterpart, latin, prototype
from articles.text.unicode.foreign import intended_letter
from articles.text.unicode.ordinary import is_rare_latin
from articles.text.unicode.scripts import script_group, script_of_language

_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
_DOTLESS_LANGUAGES = frozenset("az crh gag kk ku tr tt".split())
_CLICKS = frozenset("\u01c0\u01c1\u01c2\u01c3")


def rare_letter(field: Field) -> Iterator[Finding]:
    """Flag letters of phonetics, of old texts or of few languages that stand for a plain letter."""
    if not field.tokens:
        return
    home = script_of_language(field.language)
    has_archaic = home in ("Cyrillic", "Greek")
    latin_ones = frozenset(filter(is_rare_latin, field.token_characters))
    if not has_archaic and not latin_ones:
        return
    for token in field.tokens:
        if not has_archaic and latin_ones.isdisjoint(token.text):
            continue
        for start, piece in token.pieces:
            if has_archaic:
                yield from _archaic(field, start, piece, home)
            if latin_ones.isdisjoint(piece) or len(piece) == 1 or is_transcription(field.text, token):
                continue
            rare = [place for place, char in enumerate(piece) if char in latin_ones]
            reading = "".join(latin(char) or char for char in piece)
            for place in rare:
                if _is_out_of_place(field, start, piece, reading, piece[place]):
                    plain = latin(piece[place])
                    yield field.finding(
                        "rare-letter",
                        start + place,
                        start + place + 1,
                        _in_plain_word(piece[place], plain),
                        meant=plain,
                    )


@lru_cache(maxsize=4096)
def _in_plain_word(char: str, plain: str | None) -> Message:
    return looking_like(plain, _("%(character)s is unusual in this word", character=describe(char)))


def _archaic(field: Field, start: int, piece: str, home: str) -> Iterator[Finding]:
    """Flag a letter of old texts and phonetics if all other letters of the word and its neighbours are modern."""
    rare = {char for char in piece if _is_archaic(char, home)}
    if len(rare) != 1 or len(piece) < 3 or piece.lower().endswith("\N{CYRILLIC SMALL LETTER HARD SIGN}"):
        return
    if any(
        _is_archaic(char, home) for side in neighbours(field.text, start, start + len(piece)) for char in side
    ):
        return
    for place, char in enumerate(piece):
        if char in rare and all(script_group(other) == home for other in piece):
            plain = intended_letter(piece, place, home)
            yield field.finding(
                "rare-letter", start + place, start + place + 1, _in_plain_word(char, plain), meant=plain
            )


def _is_archaic(char: str, script: str) -> bool:
    """Return whether a letter is out of use in `script` and looks exactly like one of its everyday letters."""
    if tables.script(char) != script or tables.is_allowed_in_identifiers(char):
        return False
    letter = counterpart(char, script)
    is_exact = letter is not None and prototype(letter) == prototype(char)
    return is_exact and unicodedata2.normalize("NFKD", char) == char


def _is_out_of_place(field: Field, start: int, piece: str, reading: str, char: str) -> bool:
    """Return whether a rare letter does not belong in its word: the word is not of a language that has the letter."""
    language = field.language_at(start)
    if char in _CLICKS:
        return start > 0 and piece.islower() and piece[0] != char
    if not tables.is_allowed_in_identifiers(char):
        # Languages with codes of three letters often write with such letters.
        is_small = script_of_language(field.language_at(start)) == "Latin" and len(language.split("-")[0]) > 2
        return not is_small
    words = known_words(language)
    if char == _DOTLESS:
        if language.split("-")[0] in _DOTLESS_LANGUAGES:
            return False
        return len(reading) > 4 and piece.islower() and reading in words
    if not words or not reading.isascii():
        return False
    if reading.lower() in words or reading.replace("I", "l") in words:
        return True
    if len(reading) > 3 and reading.lower() in tables.common_words("en"):
        return True
    sides = neighbours(field.text, start, start + len(piece), count=2)
    # A rare letter in a word beside it suggests a quotation in a language that has such letters.
    is_quoted = any(is_rare_latin(other) for side in sides for other in side)
    return piece.islower() and not is_quoted and any(side.lower() in words for side in sides)
