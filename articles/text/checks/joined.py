"""Words with inline markup inside: readers see `p*a*ypal` as one word."""

import re
from collections.abc import Iterator

import regex

from articles.text.checks.fields import WORD_CHARACTERS, Field
from articles.text.markdown import Where
from articles.text.unicode.foreign import Foreign, foreign_letters

_TAG = r"/?(?:[bisu]|em|strong|span|mark|small|sub|sup|del|ins|font)(?: [^<>\n]{0,200})?>"
_MARK = rf"(?:[*~<](?:(?<=\*)\*{{0,2}}|(?<=~)~|(?<=<){_TAG}))"  # starts with one of three signs, so the search is quick
_CUT = re.compile(rf"{_MARK}(?=[^\W\d_])")
_REST = regex.compile(rf"{_MARK}+(?:{WORD_CHARACTERS}+{_MARK}*+)*+")
_PART = regex.compile(rf"{_MARK}|({WORD_CHARACTERS}+)")
_BEFORE = regex.compile(rf"(?r){WORD_CHARACTERS}+")
MOST_LETTERS = 3  # more foreign letters may be a word of their own
LONGEST_WORD = 200  # code points on either side of the markup


def foreign_across_markup(field: Field) -> Iterator[tuple[int, Foreign]]:
    """Yield letters that are foreign to a word with markup inside, with their places.

    Letters that are foreign to their own part of the word are left to the check without markup.
    """
    text = field.text
    if field.where is not Where.PROSE or field.is_ascii:
        return
    end = 0
    for cut in _CUT.finditer(text):
        cut_start = cut.start()
        if cut_start < end or not cut_start or not text[cut_start - 1].isalpha():
            continue
        before = _BEFORE.match(text, max(end, cut_start - LONGEST_WORD), cut_start)
        rest = _REST.match(text, cut_start, cut_start + LONGEST_WORD)
        if not before or not rest:
            continue
        start, end = before.start(), rest.end()
        if text[start:end].isascii() or field.where_at(start) is Where.CODE:
            continue
        if cut_start - start == 1 and text[start - 1 : start] in ("-", "_"):
            continue  # an option and its argument
        parts = [part.span() for part in _PART.finditer(text, start, end) if part[1]]
        places = [place for first, last in parts for place in range(first, last)]
        language = field.language_at(start)
        letters = foreign_letters("".join(text[place] for place in places), language)
        known = {
            first + letter.place
            for first, last in parts
            for letter in foreign_letters(text[first:last], language)
        }
        if len(letters) <= MOST_LETTERS:
            for letter in letters:
                if places[letter.place] not in known:
                    yield places[letter.place], letter
