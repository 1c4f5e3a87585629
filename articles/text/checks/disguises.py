"""Whether the rare letters of a Latin word stand for plain ones, or belong to a word of another language."""

from dataclasses import dataclass
from functools import cached_property

import regex

from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT
from articles.text.checks.judging import neighbours
from articles.text.checks.transcription import is_phonetic
from articles.text.unicode import languages, tables
from articles.text.unicode.ordinary import is_rare_latin
from articles.text.unicode.readings import Reading, is_phonetic_only, read
from articles.text.unicode.scripts import script_of_language
from articles.text.unicode.vocabulary import is_common_word, strangeness

_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
# Letters that fonts for Chinese have in transcription, and vowels with the mark of a tone (Hanyu Pinyin).
_PINYIN = frozenset("\u0251\u0261")
_TONE = regex.compile(
    "[\u0101\u00e1\u01ce\u00e0\u0113\u00e9\u011b\u00e8\u012b\u00ed\u01d0\u00ec"
    "\u014d\u00f3\u01d2\u00f2\u016b\u00fa\u01d4\u00f9]"
)
# Phonetic letters that are mistaken for Greek symbols.
_LIKE_GREEK = frozenset("\u0251\u0263\u025b\u0269\u028b\u0278")
_QUOTES = frozenset("*_\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a")
_NOUNS_ARE_CAPITALIZED = frozenset({"de", "lb"})
# A word that is not in the list may be one of the language if at most this share of its letter triples is unheard of.
_STRANGEST = 0.35


def language_of_latin(field: Field, place: int) -> str:
    """Return the language by which a Latin word is judged: in a text of another script, English.

    If the language is written in Latin letters, too, it is the language itself.
    """
    language = field.language_at(place)
    if script_of_language(language) == "Latin":
        return language
    romanized = f"{languages.parse(language).language}-Latn"
    return romanized if field.alphabet.script == "Latin" or languages.letters(romanized) else "en"


@dataclass(frozen=True)
class _Word:
    """A word with rare letters, at `start` in the field."""

    field: Field
    start: int
    text: str
    language: str
    reading: Reading

    @cached_property
    def is_common(self) -> bool:
        reading = self.reading.text
        # Letters that look like a capital i look like a small l, too.
        return any(is_common_word(text, self.language) for text in (reading, reading.replace("I", "l")))

    @cached_property
    def near(self) -> list[str]:
        """The Latin words beside this one; none in code."""
        return self._neighbours(1)

    @cached_property
    def around(self) -> list[str]:
        """Up to two Latin words on either side."""
        return self._neighbours(2)

    def _neighbours(self, count: int) -> list[str]:
        if self.field.where_at(self.start) in STRICT:
            return []
        sides = neighbours(self.field.text, self.start, self.start + len(self.text), count=count)
        return [side for side in sides if tables.script(side[0]) == "Latin"]


class Disguises:
    """The letters that the rare letters of a text stand for."""

    def __init__(self, field: Field) -> None:
        self._field = field

    def find(self, start: int, text: str) -> dict[str, str]:
        """Return the letter that each rare letter of a word stands for; nothing if they belong to the word."""
        language = language_of_latin(self._field, start)
        reading = read(text, language)
        if not reading.letters or reading.has_distinct or text.lower() in languages.own_names():
            return {}
        word = _Word(self._field, start, text, language, reading)
        return reading.letters if self._is_disguise(word) else {}

    def _is_disguise(self, word: _Word) -> bool:
        """Return whether the reading of a word fits its language and its neighbours."""
        rare, alphabet = word.reading.letters.keys(), languages.letters(word.language)
        is_mentioned = not self._mentioned.isdisjoint(rare)
        if alphabet and any(map(is_phonetic_only, rare - alphabet)):
            return not self._is_pinyin(word) and (word.is_common or not (is_mentioned or _is_phonetics(word)))
        is_of_text = is_mentioned or not self._foreign.isdisjoint(rare)
        if is_of_text and not word.is_common:
            return False
        if not alphabet:
            # Nothing tells which letters the language has, so only an English word among English words is suspicious.
            is_english = len(word.near) == 2 and all(is_common_word(side, "en") for side in word.near)
            return is_english and word.is_common and len(word.text) > 4 and not is_of_text
        if word.reading.has_twin:
            return not is_of_text
        return word.reading.is_spelled_so and _fits(word, is_of_text=is_of_text)

    def _is_pinyin(self, word: _Word) -> bool:
        """Return whether a word of a Chinese text is Pinyin: it or a neighbour has the mark of a tone."""
        is_east_asian = script_of_language(self._field.language_at(word.start)) == "East Asian"
        is_pinyin = is_east_asian and word.reading.letters.keys() <= _PINYIN
        return is_pinyin and any(map(_TONE.search, (word.text, *word.around)))

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """The rare letters that stand alone, because the text speaks of them."""
        pieces = (piece for token in self._field.tokens for _, piece in token.pieces)
        return frozenset(piece for piece in pieces if len(piece) == 1 and is_rare_latin(piece))

    @cached_property
    def _foreign(self) -> frozenset[str]:
        """The rare letters of alphabets, if at least two words of the text have some and few of these are common."""
        letters = frozenset(char for char in self._field.token_characters if _is_of_an_alphabet(char))
        words = {
            piece.lower(): start
            for token in self._field.tokens
            if not letters.isdisjoint(token.text)
            for start, piece in token.pieces
            if len(piece) > 1 and not letters.isdisjoint(piece)
        }
        common = others = 0
        for word, start in words.items():
            reading = read(word, language := language_of_latin(self._field, start))
            if not letters.isdisjoint(reading.letters):
                is_common = is_common_word(reading.text, language)
                common, others = common + is_common, others + (not is_common)
        return letters if others > max(1, 2 * common) else frozenset()


def _is_of_an_alphabet(char: str) -> bool:
    return is_rare_latin(char) and not is_phonetic_only(char)


def _is_phonetics(word: _Word) -> bool:
    """Return whether a word with phonetic letters is phonetics: it has several of them, or distinct ones around it."""
    others = [char for char in word.text if char.isalpha() and char not in word.reading.letters]
    if not any(map(str.islower, others)) and word.reading.letters.keys() <= _LIKE_GREEK:
        return True  # a formula such as "TNF" with a letter for alpha
    is_several = len(word.reading.letters) > 1 and is_phonetic(word.text)
    return (is_several and strangeness(word.reading.text, word.language) > 0) or any(
        read(side, word.language).has_distinct for side in word.around
    )


def _fits(word: _Word, *, is_of_text: bool) -> bool:
    """Return whether a word with rare letters of alphabets is rather one of its language than a foreign one."""
    language, length = word.language, len(word.reading.text)
    has_list = bool(tables.common_words(language))
    home = [side for side in word.around if _is_at_home(side, language)]
    is_sure = any(_is_surely_at_home(side, language) for side in home)
    foreign = sum(_is_foreign(side, language) for side in word.around)
    if foreign > len(home):
        return False
    if word.is_common and length > 3:
        return (is_sure and length > 4) if is_of_text else (is_sure or not (has_list and word.around))
    # Words such as "by" need no other evidence than plain words beside them.
    if (
        word.reading.text in tables.frequent_words_of(language)
        and not is_of_text
        and all(map(str.isascii, word.near))
    ):
        return True
    if is_of_text or not home:
        return False
    is_framed = all(side in home for side in word.near)
    if word.is_common:
        return length > 2 or is_framed
    return (
        not foreign
        and len(word.reading.letters) == 1
        and (is_sure or not has_list)
        and (is_framed or _DOTLESS not in word.text)
        and len(word.around) - len(home) <= (2 if has_list else 1)
        and _may_be_a_word(word)
    )


def _may_be_a_word(word: _Word) -> bool:
    """Return whether a word that is not common may be one of the language, neither quoted nor a name."""
    text, start, language = word.field.text, word.start, word.language
    end = start + len(word.text)
    sides = text[max(0, start - 2) : start].rstrip()[-1:], text[end : end + 2].lstrip()[:1]
    if not word.reading.text.isalpha() or _QUOTES.issuperset(sides):
        return False
    has_list, oddity = bool(tables.common_words(language)), strangeness(word.reading.text, language)
    if word.text.islower():
        return len(word.text) > 2 and (not has_list or oddity < (_STRANGEST if len(word.text) > 4 else 0.01))
    # A word of the language begins a sentence, or is a German noun. The rare letter of a name is often its first one.
    before = text[max(0, start - 3) : start].rstrip(" ")
    is_first = not before or before[-1] in ".!?:\n"
    is_noun = languages.parse(language).language in _NOUNS_ARE_CAPITALIZED
    is_long = len(word.text) > (3 if not word.reading.text.isascii() else 5)
    is_name = is_rare_latin(word.text[0]) or not word.text[1:].islower() or _DOTLESS in word.text
    return has_list and (is_first or is_noun) and is_long and not is_name and not oddity


def _is_at_home(word: str, language: str) -> bool:
    """Return whether a word may be one of the language."""
    if _is_surely_at_home(word, language):
        return True
    if len(word) == 1 or not languages.letters(language).issuperset(word):
        return False
    return not tables.common_words(language) or (len(word) > 2 and not strangeness(word, language))


def _is_surely_at_home(word: str, language: str) -> bool:
    """Return whether a word is common in the language, or has a letter beyond ASCII of the language and no others."""
    if len(word) == 1:
        return word.lower() in languages.one_letter_words(language)
    reading = read(word, language).text
    is_spelled_so = not reading.isascii() and languages.main_letters(language).issuperset(reading)
    return is_spelled_so or is_common_word(reading, language)


def _is_foreign(word: str, language: str) -> bool:
    """Return whether a word has distinct letters, or rare letters of alphabets and no plain reading."""
    reading = read(word, language)
    if reading.has_distinct:
        return True
    if all(map(is_phonetic_only, reading.letters.keys() - languages.letters(language))):
        return False
    return not is_common_word(reading.text, language) and strangeness(reading.text, language) > 0
