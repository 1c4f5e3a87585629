"""The check on words written wholly in look-alike letters of another script."""

import re
from collections.abc import Iterator
from functools import cache
from string import ascii_letters

from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Finding, Severity
from articles.text.checks.judging import known_words, looking_like, neighbours
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables
from articles.text.unicode.confusables import counterpart, latin, prototype
from articles.text.unicode.scripts import script_group, script_of_language


def whole_word(field: Field) -> Iterator[Finding]:
    """Flag words wholly in another script that look like a word of the article's language (UTS #39 section 4)."""
    for token in field.tokens:
        language = field.language_at(token.start)
        home = script_of_language(language)
        for start, piece in token.pieces:
            if piece.isascii() or len(piece) < 2:
                continue
            script = script_group(piece[0])
            if script in (None, "Latin", "East Asian") or not all(
                script_group(char) == script for char in piece
            ):
                continue
            if script == home and all(map(_is_everyday, piece)):
                continue
            reading = disguised_word(piece, known_words(language) or tables.common_words("en"))
            if reading is None or stands_in_phrase(field.text, start, start + len(piece), script or ""):
                continue
            yield _disguised(field, start, start + len(piece), script or "", reading)
    for start, end, reading in _disguised_in_latin(field):
        yield _disguised(field, start, end, "Latin", reading)


def _disguised(field: Field, start: int, end: int, script: str, reading: str) -> Finding:
    """Return the finding on a word; a notice if the word may well be of another language."""
    where = field.where_at(start)
    # A word of two letters, or of three everyday letters, may exist in another language.
    length, may_be_real = end - start, all(map(_is_everyday, field.text[start:end]))
    is_doubtful = length < 3 or (length == 3 and may_be_real)
    return field.finding(
        "whole-word",
        start,
        end,
        looking_like(reading, _("The whole word is written in %(script)s letters", script=script)),
        severity=Severity.NOTICE if is_doubtful and where not in STRICT else None,
        meant=reading,
    )


def _disguised_in_latin(field: Field) -> Iterator[tuple[int, int, str]]:
    """Yield ASCII words that look exactly like a word of the article's language, if that has another alphabet."""
    if field.is_ascii:
        return
    home = script_of_language(field.language)
    words = known_words(field.language, home)
    if not words or field.alphabet.script != home:
        return
    pattern, letters = _latin_twins(home)
    if not letters:
        return
    for match in pattern.finditer(field.text):
        reading = match[0].translate(letters)
        is_word = reading.lower() in words and (
            match[0].islower() or match[0].isupper() or match[0].istitle()
        )
        if is_word and match[0].lower() not in tables.common_words("en"):
            sides = neighbours(field.text, *match.span())
            if not any(side.isascii() and not pattern.fullmatch(side) for side in sides):
                yield match.start(), match.end(), reading


@cache
def _latin_twins(script: str) -> tuple[re.Pattern[str], dict[int, str]]:
    """Return a pattern for words of ASCII letters that look exactly like letters of `script`, and these letters."""
    letters: dict[int, str] = {}
    for char in ascii_letters if script != "Latin" else "":
        letter = counterpart(char, script)
        if letter and prototype(letter) == prototype(char) and letter.isupper() == char.isupper():
            letters[ord(char)] = letter
    chars = "".join(map(chr, letters))
    # Without letters, the pattern matches nothing.
    return re.compile(rf"(?<![\w@/.-])[{chars}]{{4,}}(?![\w@/-])" if chars else r"(?!)"), letters


def _is_everyday(char: str) -> bool:
    """Return whether a letter is in the basic Cyrillic, Greek or Armenian alphabet."""
    return "\u0410" <= char <= "\u044f" or "\u0391" <= char <= "\u03c9" or "\u0561" <= char <= "\u0586"


def disguised_word(piece: str, words: frozenset[str]) -> str | None:
    """Return the word among `words` that a word of another script looks exactly like; None if there is none."""
    letters = []
    for char in piece:
        letter = latin(char)
        shape = prototype(char)
        if letter is None or (letter != shape and shape != "l" and not _has_shape(char)):
            return None
        letters.append(letter)
    reading = "".join(letters)
    if not piece.isupper():
        reading = reading.lower() if piece.islower() else reading[0] + reading[1:].lower()
    for candidate in (reading, reading.replace("I", "l"), reading.replace("i", "l")):
        if candidate.lower() in words:
            return candidate
    return None


def _has_shape(char: str) -> bool:
    """Return whether a letter is of a rarely used script, so that its shape alone counts."""
    return not tables.is_allowed_in_identifiers(char)


def stands_in_phrase(text: str, start: int, end: int, script: str) -> bool:
    """Return whether a word beside a span is of the same script and does not look like Latin letters."""
    return any(
        script_group(side[0]) == script and not all(prototype(char).isascii() for char in side)
        for side in neighbours(text, start, end)
    )
