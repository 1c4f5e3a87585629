"""The text of a page as its reader sees it, and its length in words and minutes."""

import html
import re
from dataclasses import dataclass
from math import ceil

import regex

from articles.text.page.safelist import INLINE
from articles.text.unicode.graphemes import words

WORDS_A_MINUTE = 238  # silent reading of non-fiction, the mean of 190 studies (Brysbaert 2019)
CHARACTERS_A_MINUTE = 500  # Han and kana
CLUSTERS_A_WORD = 3  # about, in Thai, Lao, Khmer and Burmese

_TAG = re.compile(r"</?([a-z0-9]+)[^>]*>")
_COUNTS = regex.compile(r"[\p{L}\p{N}]")
_SINGLY = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_COMPLEX = regex.compile(r"\p{Line_Break=Complex_Context}")


@dataclass(frozen=True, slots=True)
class Length:
    """Words, and minutes of silent reading, rounded up; both 0 for an empty page."""

    words: int
    minutes: int


def length(page: str) -> Length:
    """Return the length of a page, given as HTML of the sanitizer. Linear in the HTML.

    Words are those of UAX #29 that hold a letter or a digit, so each Han character is one. In scripts for which the
    standard requires a dictionary (Line_Break=Complex_Context), the number of words is an estimate.

    >>> length("<p>It can't <em>st</em>op.</p>")
    Length(words=3, minutes=1)
    """
    singly = clusters = spaced = 0
    for word in words(visible_text(page)):
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


def visible_text(page: str) -> str:
    """Return the visible text of a page, with a space for each tag that parts words."""

    def around(tag: re.Match[str]) -> str:
        return "" if tag[1] in INLINE and tag[1] != "br" else " "

    return html.unescape(_TAG.sub(around, page))
