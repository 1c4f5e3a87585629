"""Noise: words in capitals that shout, and characters that are repeated without sense."""

import re

import regex

MIN_WORDS = 3  # shouted one after the other; two may be a heading or a name
MIN_LETTERS = 15  # of these words together
MIN_REPEATED = 6  # of one letter or closing sign in a row

# Code, addresses, tags and entities are no prose.
_NO_PROSE = re.compile(r"(?s:```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z))|`[^`\n]+`|\b\w+://\S+|<[^<>]*>|&\w+;")
_CAPITALS = r"\p{Lu}[\p{Lu}\p{M}'\u2019-]*+(?![\p{L}\p{N}_])"
# Only spaces between them: an enumeration of abbreviations has commas.
_SHOUT = regex.compile(rf"(?<![\p{{L}}\p{{N}}_]){_CAPITALS}(?:[ \t]++{_CAPITALS}){{{MIN_WORDS - 1},}}+")
_HEADING = re.compile(r"^ {0,3}#.*$", re.MULTILINE)  # some write headings in capitals
_HAS_CAPITALS = regex.compile(r"\p{Lu}{3}").search
# A letter of any script, apart from those that only lengthen another one, or "!" and "?" in any width.
_REPEATED = regex.compile(
    rf"([[\p{{L}}!?\uff01\uff1f]--[\p{{Lm}}]])\1{{{MIN_REPEATED - 1},}}+", regex.VERSION1
)
_MAX_BLOB = 40  # code points of a word; longer ones are encoded data


def count_noise(text: str) -> int:
    """Return how many stretches of a text shout or repeat a character. Code and addresses are silent. Linear.

    >>> count_noise("BUY CHEAP WATCHES TODAY!!!!!!"), count_noise("NATO, UNESCO and the UN met. See `AAAAAAA`.")
    (2, 0)
    """
    if not _HAS_CAPITALS(text) and not _REPEATED.search(text):
        return 0
    prose = _NO_PROSE.sub("\n", text)
    shouts = sum(_is_shout(match[0]) for match in _SHOUT.finditer(_HEADING.sub("", prose)))
    return shouts + sum(_is_short_word(prose, *match.span()) for match in _REPEATED.finditer(prose))


def _is_shout(words: str) -> bool:
    return sum(map(str.isalpha, words)) >= MIN_LETTERS


def _is_short_word(text: str, start: int, end: int) -> bool:
    """Return whether the word around a span is as short as words are."""
    first, last = max(0, start - _MAX_BLOB), end + _MAX_BLOB
    before = re.search(r"\w*\Z", text[first:start])
    after = re.match(r"\w*", text[end:last])
    return len(before[0] if before else "") + len(after[0] if after else "") < _MAX_BLOB
