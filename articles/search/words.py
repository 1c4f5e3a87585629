"""The words that are indexed and asked for, in a spelling that look-alikes, case and accents do not change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import regex
import unicodedata2

from articles.text.diff.segments import split_words
from articles.text.diff.tokens import is_word, split_lines
from articles.text.remembering import remembered
from articles.text.unicode.confusables import skeleton

MAX_LENGTH = 100  # code points of a word that count; what is longer is cut
BYTES_A_WORD = 100
MAX_REMEMBERED = 8_000_000  # bytes: the words of some texts, line by line

_inside = re.compile(r"['\u2019.,]")  # signs that `split_words` leaves inside words: l'eau, 1,000
_parts = re.compile(r"[^'\u2019.,]+").finditer
# As for the kind `accents` of a change: not the sound marks of kana, nor the vowels of Indic scripts.
_accents = regex.compile(
    r"[[\p{Mn}&&[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}]]--[\u3099\u309a]]",
    regex.VERSION1,
)
_ascii_signs = re.compile(r"[\x00-/:-@\[-`{-\x7f]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in two spellings. Two words look alike if either is equal.

    `small` is the skeleton of the small letters. `shape` has the skeletons of the letters as they are, since a capital
    may have a Latin shape and its small letter none. Neither has a sign of ASCII in it; never show them.
    """

    small: str
    shape: str


def words_of(text: str) -> Iterator[Word]:
    """Return the words of a text, in order. Linear.

    Scripts without spaces between words are split by ICU's dictionaries.

    >>> [word.small for word in words_of("L'\\u00c9t\\u00e9 \\u82f9\\u679c\\u624b\\u673a")]
    ['l', 'ete', '\\u82f9\\u679c', '\\u624b\\u673a']
    """
    lines = split_lines(unicodedata2.normalize("NFKC", text))
    return chain.from_iterable(map(_words_in, lines))


def _weight(words: tuple[Word, ...]) -> int:
    return BYTES_A_WORD * len(words)


# A save changes few lines of its text.
@remembered(weigh=_weight, max_bytes=MAX_REMEMBERED)
def _words_in(line: str) -> tuple[Word, ...]:
    parts = (part for token in split_words(line) if is_word(token) for part in _inside.split(token))
    return tuple(word for part in parts if (word := _spelled(part[:MAX_LENGTH])))


def placed_words(text: str) -> Iterator[tuple[int, int, Word]]:
    """Yield where each word of a text stands, from and to in code points, with its spellings. Linear.

    The text is not normalized, so a few words of compatibility characters differ from those of `words_of`.
    """
    for start, end in places_of(text):
        if word := _spelled(unicodedata2.normalize("NFKC", text[start:end])[:MAX_LENGTH]):
            yield start, end, word


def places_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each word of a text stands, from and to in code points. Linear."""
    at = 0
    for line in split_lines(text):
        for token in split_words(line):
            if is_word(token):
                for part in _parts(token):
                    yield at + part.start(), at + part.end()
            at += len(token)


def plain(word: str) -> str:
    """Return a word in small letters without accents and signs of ASCII, with its own letters and no look-alikes."""
    return _ascii_signs.sub("", _fold(unicodedata2.normalize("NFKC", word)))


def letters_of(text: str) -> Word:
    """Return the spellings of a whole text as if it were one word: what they lack, no word of the text has.

    Six times as quick as `words_of`, whose words are parts of it.
    """
    text = unicodedata2.normalize("NFKC", text)
    return Word(_ascii_signs.sub("", skeleton(_fold(text))), _ascii_signs.sub("", _fold(skeleton(text))))


@lru_cache(maxsize=20_000)
def _spelled(part: str) -> Word | None:
    """Return the spellings of a word; None if it shows nothing."""
    small, shape = (_ascii_signs.sub("", form) for form in (skeleton(_fold(part)), _fold(skeleton(part))))
    return Word(small[:MAX_LENGTH], (shape or small)[:MAX_LENGTH]) if small else None


def _fold(text: str) -> str:
    """Return a text in small letters without accents, decomposed."""
    folded: str = _accents.sub("", unicodedata2.normalize("NFD", text.casefold()))
    return folded
