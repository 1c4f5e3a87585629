"""Science: Greek letters beside Latin ones in units, formulas and the names of substances."""

import regex

from articles.text.unicode import tables
from articles.text.unicode.confusables import latin, twins
from articles.text.unicode.languages import main_letters
from articles.text.unicode.scripts import ALIKE, Run, script_of_language

# Greek letters that are used as symbols, without those that look exactly like Latin letters.
SYMBOLS = frozenset(
    "\u0393\u0394\u0398\u039b\u039e\u03a0\u03a3\u03a6\u03a8\u03a9\u2126"
    "\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8\u03ba\u03bb\u03bc\u03bd"
    "\u03be\u03c0\u03c1\u03c3\u03c4\u03c6\u03c7\u03c8\u03c9\u03d5\u03f5"
)
# Symbols that readers do not take for the Latin letter they resemble most.
_PLAIN_SYMBOLS = frozenset("\u0398\u03b2\u03b8\u03bc")
_MOST_SYMBOLS = 3  # in one word
_FAR = 20  # runs on either side in which no letter of another alphabet may stand
_SCRIPTS = ("Latin", "Greek")
_OTHER_ALPHABETS = ALIKE - set(_SCRIPTS)
_NUMBER = regex.compile(r"\d+")
_CAPITAL_AFTER_SYMBOL = regex.compile(r"[\u03b1-\u03c9\u03d5\u03f5]\d*[A-Z]")  # IkBa with Greek letters, uA
_NAMES = (
    regex.compile(r"[A-Z]{2}\d*\p{Greek}"),  # a receptor: RORg with a Greek letter
    regex.compile(r"^G\p{Greek}[a-z]$"),  # a protein: Gas
    regex.compile(r"^[A-Za-z]+\d+\p{Greek}$"),  # LaTeX2e
    regex.compile(r"^(?:sin|cos|tan|cot|tg|exp|log|ln|lim|max|min)\p{Greek}$"),
)


def is_science(word: str, runs: list[Run], place: int, language: str) -> bool:
    """Return whether the Greek letters at a place of a word, the others of which are Latin, are symbols.

    In a Greek article they are not if each Latin letter looks like a Greek one, and elsewhere if the language has a
    Latin letter of its own with their shape. A word of the article's language, or an English one, is no formula.
    """
    if any(run.script in _OTHER_ALPHABETS for run in runs[max(0, place - _FAR) : place + _FAR]):
        return False
    text = _formula(word, runs, place)
    greek = [char for char in text if tables.script(char) == "Greek"]
    others = "".join(char for char in text if tables.script(char) == "Latin")
    if not others or not others.isascii() or not SYMBOLS.issuperset(greek) or len(greek) > _MOST_SYMBOLS:
        return False
    if _is_letter_of(language, greek) or (len(others) > 3 and _is_word(text, language)):
        return False
    if _CAPITAL_AFTER_SYMBOL.search(text):
        return True
    if script_of_language(language) == "Greek" and all(map(_is_slip_in_greek, others)):
        return False
    if others.isupper() or any(pattern.search(text) for pattern in _NAMES):
        return True
    if all(latin(char) is None for char in greek):
        return len(others) < 5 or text[0] in greek or text[-1] in greek
    if text[0] not in greek and text[-1] not in greek:
        return False
    is_plain = all(latin(char) is None or char in _PLAIN_SYMBOLS for char in greek)
    if is_plain and len(others) < 3:
        return True  # a unit: us with a Greek letter
    return (is_plain or len(others) < 4) and not _is_word(text, language)


def _formula(word: str, runs: list[Run], place: int) -> str:
    """Return the Latin and Greek letters around a run, with the number that follows them, as far as symbols go."""
    first = last = place
    while first > max(0, place - _MOST_SYMBOLS) and runs[first - 1].script in _SCRIPTS:
        first -= 1
    while last + 1 < min(len(runs), place + _MOST_SYMBOLS) and runs[last + 1].script in _SCRIPTS:
        last += 1
    number = _NUMBER.match(word, runs[last].end)
    return word[runs[first].start : number.end() if number else runs[last].end]


def _is_letter_of(language: str, greek: list[str]) -> bool:
    """Return whether Greek letters have the shape of a letter beyond ASCII of the language, such as gamma in Kabyle."""
    same = (twin for char in set(greek) - _PLAIN_SYMBOLS for twin in twins(char, "Latin", language))
    return any(not twin.isascii() and twin in main_letters(language) for twin in same)


def _is_word(text: str, language: str) -> bool:
    reading = "".join(latin(char) or char for char in text).lower()
    return any(reading in tables.common_words(tag) for tag in (language, "en"))


def _is_slip_in_greek(char: str) -> bool:
    return any(twin.isupper() == char.isupper() for twin in twins(char, "Greek"))
