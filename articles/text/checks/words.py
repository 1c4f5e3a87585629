"""The check on words written wholly in look-alike letters of another script."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from string import ascii_letters

import unicodedata2

from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Finding, Severity
from articles.text.checks.judging import known_words, looking_like, neighbours
from articles.text.checks.scripts import script_name
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables
from articles.text.unicode.confusables import latin, prototype, twins
from articles.text.unicode.languages import letters
from articles.text.unicode.scripts import script_group, script_of_language
from articles.text.unicode.vocabulary import strangeness

SHORTEST_NEW_WORD = 5  # letters of a Latin word that need not be on the list of common words
STRANGE = 0.3  # of its three letters in a row are not English


def whole_word(field: Field) -> Iterator[Finding]:
    """Flag words wholly in another script that look like a word of the article's language (UTS #39 section 4)."""
    for token in field.tokens:
        for start, piece in token.pieces:
            script = _script_of_disguise(piece)
            if not script:
                continue
            language = field.language_at(token.start)
            home = script_of_language(language)
            alphabet = letters(language)
            if script == home and (not alphabet or alphabet.issuperset(piece)):
                continue
            reading = disguised_word(piece, known_words(language) or tables.common_words("en"))
            if reading is None or stands_in_phrase(field.text, start, start + len(piece), script):
                continue
            yield _disguised(field, start, start + len(piece), script, reading)
    for start, end, reading in _disguised_in_latin(field):
        yield _disguised(field, start, end, "Latin", reading)


@lru_cache(maxsize=4096)
def _script_of_disguise(piece: str) -> str:
    """Return the script of a word if all its letters are of one and look like Latin ones; else an empty string."""
    script = script_group(piece[0])
    if piece.isascii() or len(piece) < 2 or script in (None, "Latin", "East Asian"):
        return ""
    is_whole = all(script_group(char) == script for char in piece)
    return script or "" if is_whole and all(map(_looks_latin, piece)) else ""


def _looks_latin(char: str) -> bool:
    letter, shape = latin(char), prototype(char)
    return letter is not None and (letter == shape or shape == "l" or _has_shape(char))


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
        looking_like(
            reading, _("The whole word is written in %(script)s letters", script=script_name(script))
        ),
        severity=Severity.NOTICE if is_doubtful and where not in STRICT else None,
        meant=reading,
    )


def _disguised_in_latin(field: Field) -> Iterator[tuple[int, int, str]]:
    """Yield ASCII words that look exactly like a word of the article's language, if that has another alphabet."""
    script = "Latin" if field.is_ascii else field.alphabet.script
    if script == "Latin" or script != script_of_language(field.language):
        return
    pattern, twin_of = _latin_twins(script)
    for match in pattern.finditer(field.text) if twin_of else ():
        word, language = match[0], field.language_at(match.start())
        is_written = word.islower() or word.isupper() or (word.istitle() and len(word) > 3)
        # Three letters in brackets or before a hyphen may be an abbreviation.
        is_apart = len(word) > 3 or _APART.match(field.text, max(0, match.start() - 1))
        if is_written and is_apart and _is_meant(word, reading := word.translate(twin_of), language):
            sides = neighbours(field.text, *match.span())
            if not any(side.isascii() and not pattern.fullmatch(side) for side in sides):
                yield match.start(), match.end(), reading


def _is_meant(word: str, reading: str, language: str) -> bool:
    """Return whether a word of the language is meant, not an English one: a common word, or one that reads like it."""
    words, small = known_words(language, script_group(reading[0]) or ""), reading.lower()
    if word.isupper() and script_group(reading[0]) == "Greek":
        words = _without_tonos(words)
    if not words or word.lower() in tables.common_words("en"):
        return False
    is_alike = len(word) >= SHORTEST_NEW_WORD and not strangeness(small, language)
    return small in words or (is_alike and strangeness(word, "en") >= STRANGE)


_APART = re.compile(r"\s?\w{3}(?:[,.;!?]?(?:\s|$)|-\w{1,3}\b)")


@lru_cache(maxsize=8)
def _without_tonos(words: frozenset[str]) -> frozenset[str]:
    """Return Greek words without their accents, as they are written in capitals."""
    decomposed = (unicodedata2.normalize("NFD", word) for word in words)
    return frozenset(word.replace("\N{COMBINING ACUTE ACCENT}", "") for word in decomposed)


@cache
def _latin_twins(script: str) -> tuple[re.Pattern[str], dict[int, str]]:
    """Return a pattern for words of ASCII letters that look exactly like letters of `script`, and these letters.

    A hyphen may join them to a word of other letters. The pattern starts with a letter, so that the search is quick.
    """
    twin_of: dict[int, str] = {}
    for char in ascii_letters:
        if same := [twin for twin in twins(char, script) if twin.isupper() == char.isupper()]:
            twin_of[ord(char)] = same[0]
    chars = "".join(map(chr, twin_of))
    before = r"(?:(?<![\w@/.-].)|(?<=[^\W\d_A-Za-z]-.))"
    after = r"(?:(?![\w@/-])|(?=-[^\W\d_A-Za-z]))"
    return re.compile(rf"[{chars}]{before}[{chars}]{{2,}}+{after}" if chars else r"(?!)"), twin_of


def _is_everyday(char: str) -> bool:
    """Return whether a letter is in the basic Cyrillic, Greek or Armenian alphabet."""
    return "\u0410" <= char <= "\u044f" or "\u0391" <= char <= "\u03c9" or "\u0561" <= char <= "\u0586"


def disguised_word(piece: str, words: frozenset[str]) -> str | None:
    """Return the word among `words` that a word of another script looks exactly like; None if there is none."""
    letters = []
    for char in piece:
        letter = latin(char)
        if letter is None or not _looks_latin(char):
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
