"""Readings: the plain word that readers take a word with rare Latin letters for."""

from dataclasses import dataclass
from functools import lru_cache

import unicodedata2

from articles.text.unicode import tables
from articles.text.unicode.confusables import latin, prototype, skeleton
from articles.text.unicode.languages import letters, main_letters
from articles.text.unicode.ordinary import is_rare_latin
from articles.text.unicode.vocabulary import is_common_word, strangeness

_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
# A Turkic word has vowels of one kind, and a dotted i is a front vowel.
_FRONT_VOWELS, _BACK_VOWELS = frozenset("ei\u00f6\u00fc\u0259"), frozenset("aou\u0131")
# Letters that look like two plain ones: by their shape, and by what they are made of.
_SECOND_LETTERS = {
    "\u01b2": "U",
    "\u028b": "v",
    "\u026f": "m",
    "\u0254": "c",
    "\u0269": "l",
    "\u028c": "a",
}
_ENG = frozenset("\N{LATIN SMALL LETTER ENG}\N{LATIN CAPITAL LETTER ENG}")
# Letters that look like no plain letter, but occur in the words of many languages.
_LIGATURES = frozenset("\u00c6\u00e6\u0152\u0153\u00df\u1e9e")
# Letters of the phonetic blocks that alphabets have, beside those allowed in identifiers: l and o with a bar or belt.
_IN_ALPHABETS = frozenset("\u026b\u026c\u0275\u2c62\ua7ad\u019f")


@dataclass(frozen=True, slots=True)
class Reading:
    """A word with rare letters as it is read in a language.

    `letters` holds the letter of the language that each rare letter looks like, `text` the word with these letters.
    `is_spelled_so`: no letter of `text` is foreign to the language. `has_distinct`: readers notice a letter or mark,
    because it looks like no letter of the language.
    """

    letters: dict[str, str]
    text: str
    is_spelled_so: bool
    has_distinct: bool

    @property
    def has_twin(self) -> bool:
        """Whether a letter looks exactly like one of the language that is not ASCII."""
        return any(not plain.isascii() and plain != _DOTLESS for plain in self.letters.values())


@lru_cache(maxsize=1024)
def read(word: str, language: str) -> Reading:
    """Return how a word is read in a language; the letters of the language's own words are not rare."""
    rare = frozenset(filter(is_rare_latin, word)) - main_letters(language)
    plain = {char: letter for char in rare if (letter := _letter_in(word, char, language))}
    text = _replace(word, plain)
    for char in plain.keys() & _SECOND_LETTERS.keys():
        other = plain | {char: _SECOND_LETTERS[char]}
        if _oddity(_replace(word, other), language) < _oddity(text, language):
            plain, text = other, _replace(word, other)
    others = frozenset(text) - letters(language) - _LIGATURES
    return Reading(plain, text, all(map(str.isascii, others)), any(map(_is_distinct, others)))


def _replace(word: str, plain: dict[str, str]) -> str:
    return str(unicodedata2.normalize("NFC", "".join(plain.get(char, char) for char in word)))


def _oddity(text: str, language: str) -> float:
    return -1 if is_common_word(text, language) else strangeness(text, language)


def _letter_in(word: str, char: str, language: str) -> str | None:
    """Return the letter of a language that a rare letter of a word looks like, in the case of the word."""
    plain = _letter_of(char, language)
    if plain == _DOTLESS:
        vowels = _FRONT_VOWELS.intersection(word.lower()) or _BACK_VOWELS.intersection(word.lower())
        return plain if vowels and vowels <= _BACK_VOWELS else "i"
    if not plain or not plain.islower():
        return plain
    if char.isupper():
        return plain if prototype(char) == plain else plain.upper()
    if "SMALL CAPITAL" not in unicodedata2.name(char, ""):
        return plain
    others = [other for other in word if other.isalpha() and not is_rare_latin(other)]
    return plain.upper() if len(others) > 1 and all(map(str.isupper, others)) else plain


@lru_cache(maxsize=8192)
def _letter_of(char: str, language: str) -> str | None:
    """Return the ASCII letter that a letter looks like, or a letter of the language that it looks exactly like."""
    plain, own = latin(char), main_letters(language)
    if plain == prototype(char):
        return _DOTLESS if plain == "i" and _DOTLESS in own else plain
    twins = [
        letter
        for letter in own
        if not letter.isascii() and letter.isupper() == char.isupper() and skeleton(letter) == skeleton(char)
    ]
    return min(twins, default=plain)


def _is_distinct(char: str) -> bool:
    """Return whether readers notice a Latin letter, a modifier or a mark that composes with no letter."""
    if char.isascii() or tables.script(char) not in ("Latin", "Inherited", "Common"):
        return False
    kind = tables.category(char)
    return kind[0] == "M" or kind == "Lm" or (kind[0] == "L" and latin(char) is None) or char in _ENG


@lru_cache(maxsize=4096)
def is_phonetic_only(char: str) -> bool:
    """Return whether a letter is of no alphabet: of the phonetic blocks, or the capital of such a letter."""
    small = char.lower()
    in_block = "\u0250" <= small <= "\u02af" or "\u1d00" <= small <= "\u1dbf" or "\uab30" <= small <= "\uab6f"
    return (in_block or small in "\ua730\ua731" or small >= "\U0001df00") and not (
        char in _IN_ALPHABETS or tables.is_allowed_in_identifiers(char)
    )
