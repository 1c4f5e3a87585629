"""The check on letters that are rare in their own script."""

from collections.abc import Iterator
from functools import lru_cache

import regex
import unicodedata2

from articles.text.checks.disguises import Disguises, language_of_latin
from articles.text.checks.fields import Field, Token
from articles.text.checks.findings import Finding
from articles.text.checks.judging import describe, looking_like, neighbours
from articles.text.checks.small import is_small_capitals
from articles.text.checks.transcription import is_transcription
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode import languages, tables
from articles.text.unicode.confusables import prototype
from articles.text.unicode.foreign import intended_letter
from articles.text.unicode.ordinary import APOSTROPHES, is_rare_latin
from articles.text.unicode.scripts import script_group, script_of_language
from articles.text.unicode.vocabulary import is_common_word, strangeness

_SIGNS = {"\u01c3": "!", "\u01c0": "|", "\u01c1": "||"}
_CLICKS = "".join(_SIGNS)
_CLICKS_AT_END = regex.compile(rf"(?<=\w)[{_CLICKS}]+(?=[{APOSTROPHES}]*$)")


def rare_letter(field: Field) -> Iterator[Finding]:
    """Flag letters of phonetics, of old texts or of few languages that stand for a plain letter."""
    if not field.tokens:
        return
    home = script_of_language(field.language)
    has_archaic = home in ("Cyrillic", "Greek")
    latin_ones = frozenset(filter(is_rare_latin, field.token_characters))
    if not has_archaic and not latin_ones:
        return
    disguises = Disguises(field)
    for token in field.tokens:
        if has_archaic:
            for start, piece in token.pieces:
                yield from _archaic(field, start, piece, home)
        if not latin_ones.isdisjoint(token.text):
            yield from _click_as_sign(field, token)
            yield from _in_latin_word(field, token, disguises)


@lru_cache(maxsize=4096)
def _in_plain_word(char: str, plain: str | None) -> Message:
    return looking_like(plain, _("%(character)s is unusual in this word", character=describe(char)))


def _finding(field: Field, place: int, meant: str | None) -> Finding:
    message = _in_plain_word(field.text[place], meant)
    return field.finding("rare-letter", place, place + 1, message, meant=meant)


def _click_as_sign(field: Field, token: Token) -> Iterator[Finding]:
    """Flag click letters that end a word of at least two letters: no word of a language with clicks ends in one."""
    clicks = _CLICKS_AT_END.search(token.text)
    if clicks is None or sum(map(str.isalpha, token.text[: clicks.start()])) < 2:
        return
    if not is_transcription(field.text, token, field.language_at(token.start)):
        for place, char in enumerate(clicks[0], token.start + clicks.start()):
            yield _finding(field, place, _SIGNS[char])


def _in_latin_word(field: Field, token: Token, disguises: Disguises) -> Iterator[Finding]:
    """Flag the rare letters of a word that stand for plain ones."""
    language = language_of_latin(field, token.start)
    own = languages.main_letters(language)
    if all(char in own for char in token.text if is_rare_latin(char)):
        return
    if len(token.text) == 1 or is_transcription(field.text, token, language):
        return
    for start, piece in token.pieces:
        # Words in small capitals are styled letters.
        is_judged = len(piece) > 1 and not is_small_capitals(piece)
        letters = disguises.find(start, piece.rstrip(_CLICKS)) if is_judged else {}
        for place, char in enumerate(piece, start):
            if char in letters:
                yield _finding(field, place, letters[char])


def _archaic(field: Field, start: int, piece: str, home: str) -> Iterator[Finding]:
    """Flag a letter of old texts if all other letters of the word and its neighbours are modern."""
    language = field.language_at(start)
    alphabet = languages.letters(language)
    old = {char for char in piece if char not in alphabet and _is_archaic(char, home)}
    if len(old) != 1 or len(piece) < 3 or not alphabet or _is_old_spelling(piece):
        return
    sides = neighbours(field.text, start, start + len(piece), count=2)
    if any(_is_old_spelling(side) or any(_is_archaic(char, home) for char in side) for side in sides):
        return
    (char,) = old
    plain = intended_letter(piece, piece.index(char), home)
    if plain is None or any(script_group(other) != home for other in piece):
        return
    if _is_modern(piece, char, plain, language):
        for place, other in enumerate(piece, start):
            if other == char:
                yield _finding(field, place, plain)


@lru_cache(maxsize=4096)
def _is_archaic(char: str, script: str) -> bool:
    """Return whether a letter is of `script`, but not of a living alphabet that everybody's system has."""
    return (
        tables.script(char) == script
        and not tables.is_allowed_in_identifiers(char)
        and tables.category(char)[0] == "L"
        and not "\u1c80" <= char <= "\u1c88"  # the check `styled-letters` reports these
        and unicodedata2.normalize("NFKD", char) == char
    )


def _is_old_spelling(word: str) -> bool:
    return word.lower().endswith("\N{CYRILLIC SMALL LETTER HARD SIGN}")


def _is_modern(piece: str, char: str, plain: str, language: str) -> bool:
    """Return whether a word with a plain letter in place of an archaic one is a modern word.

    An archaic letter with the shape of a modern one needs no other evidence, except omega, which stands for "o".
    """
    reading = piece.replace(char, plain)
    if prototype(plain) != prototype(char):
        return is_common_word(reading, language)
    if char != "\N{CYRILLIC SMALL LETTER OMEGA}" or not tables.common_words(language):
        return True
    return is_common_word(reading, language) or not strangeness(reading, language)
