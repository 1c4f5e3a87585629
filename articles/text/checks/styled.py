"""The check on styled copies of letters."""

from collections.abc import Iterator
from itertools import chain

import regex
import unicodedata2

from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Finding
from articles.text.checks.judging import describe, known_words, looking_like
from articles.text.checks.small import ACCENTED, indicators, small_forms
from articles.text.messages import gettext_noop as _
from articles.text.unicode.confusables import counterpart
from articles.text.unicode.scripts import script_group, script_of_language

# Symbol forms of Greek letters and old forms of Cyrillic ones.
_GREEK_VARIANTS = "\u00b5\u03d0\u03d1\u03d2\u03d5\u03d6\u03f0\u03f1\u03f4\u03f5"
_CYRILLIC_VARIANTS = "\u1c80\u1c81\u1c82\u1c83\u1c84\u1c85\u1c86\u1c87\u1d2b\ua68d"
_OLD_LANGUAGES = frozenset({"cu", "orv"})  # printed with old forms
# Styled copies of letters and digits: full-width, mathematical, circled, squared, letterlike, Roman numerals.
_STYLED = regex.compile(
    r"[\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff\u249c-\u24e9"
    r"\U0001f110-\U0001f189\u2160-\u217f\u2100-\u2139\u213c-\u213f\u2145-\u2149"
    rf"{_GREEK_VARIANTS}{_CYRILLIC_VARIANTS}\uff10-\uff19\U0001ccd6-\U0001ccf9\U0001fbf0-\U0001fbf9]+"
)
_WIDE = regex.compile(
    r"\p{Han}|\p{Hiragana}|\p{Katakana}|\p{Hangul}|[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]"
)
_STYLED_TEXT = regex.compile(
    rf"{ACCENTED}?{_STYLED.pattern}(?:(?:[ ,.'!?-]{{1,2}}|{ACCENTED}{{1,2}}){_STYLED.pattern})*{ACCENTED}?"
)


def styled_letters(field: Field) -> Iterator[Finding]:
    """Flag styled copies of letters, small forms and regional indicators that spell a word or a part of one."""
    for start, end, plain in chain(_copies(field), small_forms(field), indicators(field)):
        character = describe(field.text[start])
        fault = (
            _("The text is in styled letters, such as %(character)s", character=character)
            if end - start > 1
            else _("%(character)s is used instead of a plain letter", character=character)
        )
        yield field.finding("styled-letters", start, end, looking_like(plain, fault), meant=plain)


def _copies(field: Field) -> Iterator[tuple[int, int, str | None]]:
    """Yield start, end and meaning of styled copies of letters that spell a word or a part of one."""
    if not _STYLED.search(field.odd):
        return
    for phrase in _STYLED_TEXT.finditer(field.text):
        runs = [
            (phrase.start() + run.start(), phrase.start() + run.end()) for run in _STYLED.finditer(phrase[0])
        ]
        is_accented = len(phrase[0]) > 3 and regex.search(ACCENTED, phrase[0])
        is_phrase = is_accented or any(end - start > 3 for start, end in runs)
        for start, end in runs:
            reading = "".join(map(_plain, field.text[start:end]))
            if _spells(field, start, end, reading, is_phrase=bool(is_phrase)):
                yield start, end, _meant_by(field.text, start, end, reading)


_LETTER_OF_DIGIT = {"0": "o", "1": "l", "6": "\u0431"}  # and 3 in Cyrillic words


def _plain(char: str) -> str:
    """Return the letters that a styled letter is a copy of."""
    if match := _NEGATIVE.match(unicodedata2.name(char, "")):
        return str(match[1])
    return str(unicodedata2.normalize("NFKC", char)).strip("()")


def _meant_by(text: str, start: int, end: int, reading: str) -> str | None:
    """Return the plain letters in the script of their word; None if they are unknown or of another number."""
    if len(reading) != end - start:
        return None
    if reading.isdecimal():
        reading = _LETTER_OF_DIGIT.get(reading, reading)
    sides = filter(_is_plain_letter, text[max(0, start - 1) : start] + text[end : end + 1])
    host = script_group(next(sides, "a"))
    if not reading.isascii():
        return counterpart(reading, host or "") if len(reading) == 1 else None
    if end - start > 1 or host not in ("Cyrillic", "Greek", "Armenian"):
        return reading
    return counterpart(reading, host)


_NEGATIVE = regex.compile(r"(?:CROSSED )?NEGATIVE .*LETTER ([A-Z])$")


def _spells(field: Field, start: int, end: int, reading: str, *, is_phrase: bool) -> bool:
    """Return whether styled letters spell a word or a part of one, not a symbol, a numeral or East Asian type."""
    text = field.text
    first = text[start]
    is_wide = "\uff21" <= first <= "\uff5a"
    if is_wide and (
        script_of_language(field.language_at(start)) == "East Asian"
        or _WIDE.search(text, max(0, start - 12), end + 12)
    ):
        return field.where_at(start) in STRICT
    sides = text[max(0, start - 1) : start] + text[end : end + 1]
    touches = any(map(_is_plain_letter, sides))
    between = len(sides) == 2 and all(map(_is_plain_letter, sides)) and _is_inside(text, start, end)
    if not reading.isalpha():
        # A styled digit stands for a letter inside a word, or at an end of a longer word.
        least = 2 if between else 3
        is_letter = reading in _LETTER_OF_DIGIT or (
            reading == "3" and any(script_group(side) == "Cyrillic" for side in sides)
        )
        return is_letter and not any(map(str.isdecimal, sides)) and _touches_word(text, start, end, least)
    for variants, script in ((_GREEK_VARIANTS, "Greek"), (_CYRILLIC_VARIANTS, "Cyrillic")):
        if first in variants:
            language = field.language_at(start)
            is_home = script_of_language(language) == script and language.split("-")[0] not in _OLD_LANGUAGES
            if first == "\N{GREEK BETA SYMBOL}" and text[start - 1 : start].isalpha():
                return False
            is_among = all(script_group(side) in (script, None) for side in sides)
            return is_home and is_among and _touches_word(text, start, end)
    if "\u2100" <= first <= "\u2188":
        # Letterlike symbols and Roman numerals belong to a word inside it, or at an end of a longer word.
        least = 4 if first >= "\u2160" else 3
        return between or (end - start == len(reading) == 1 and _touches_word(text, start, end, least))
    if touches and _touches_word(text, start, end):
        return True
    if "\U0001f110" <= first <= "\U0001f189" and end - start < 3:
        return False
    if end - start > 3 or is_phrase:
        return True
    return end - start > 1 and reading.lower() in known_words(field.language_at(start))


def _is_inside(text: str, start: int, end: int) -> bool:
    """Return whether the letters before and after a span continue one word, in the same case."""
    left, right = text[start - 1], text[end]
    if left.islower() and right.islower():
        return True
    return left.isupper() and _touches_word(text, start, end)


def _touches_word(text: str, start: int, end: int, least: int = 2) -> bool:
    """Return whether `least` plain letters touch a span on one side, so that it is no factor or index."""
    around = text[max(0, start - least) : start], text[end : end + least]
    return any(len(side) == least and all(map(_is_plain_letter, side)) for side in around)


def _is_plain_letter(char: str) -> bool:
    return char.isalpha() and script_group(char) in ("Latin", "Cyrillic", "Greek", "Armenian")
