"""How long a page is to its reader: words and minutes."""

import html
import re
from dataclasses import dataclass
from math import ceil

import regex

from articles.text.page.safelist import INLINE
from articles.text.unicode.graphemes import words

WORDS_A_MINUTE = 238  # silent reading of non-fiction, the mean of 190 studies (Brysbaert 2019)
CHARACTERS_A_MINUTE = 500  # of Han and kana
CLUSTERS_A_WORD = 3  # of Thai, Lao, Khmer and Burmese, about

_TAG = re.compile(r"</?([a-z0-9]+)[^>]*>")
_COUNTS = regex.compile(r"[\p{L}\p{N}]")
_SINGLY = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_COMPLEX = regex.compile(r"\p{Line_Break=Complex_Context}")


@dataclass(frozen=True, slots=True)
class Length:
    """Words, and minutes of silent reading rounded up; both 0 where nothing is to be read."""

    words: int
    minutes: int


def length(page: str) -> Length:
    """The length of the text of a page, given as the sanitizer writes it. Cost grows linearly.

    Words are those of UAX #29 that hold a letter or a digit, so each Han character is one. For scripts that the
    standard leaves to a dictionary (Line_Break=Complex_Context) their number is estimated.

    >>> length("<p>It can't <em>st</em>op.</p>")
    Length(words=3, minutes=1)
    """
    singly = clusters = spaced = 0
    for word in words(_text(page)):
        if word.isascii():
            spaced += word.isalnum() or bool(_COUNTS.search(word))
        elif _COMPLEX.match(word):
            clusters += 1
        elif _SINGLY.match(word):
            singly += 1
        elif _COUNTS.search(word):
            spaced += 1
    spaced += ceil(clusters / CLUSTERS_A_WORD)
    return Length(spaced + singly, ceil(spaced / WORDS_A_MINUTE + singly / CHARACTERS_A_MINUTE))


def _text(page: str) -> str:
    def around(tag: re.Match[str]) -> str:
        return "" if tag[1] in INLINE and tag[1] != "br" else " "

    return html.unescape(_TAG.sub(around, page))
