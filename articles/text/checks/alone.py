"""Letters that stand alone for one of another script: words of one letter, and short chunks beside a Latin one."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from string import ascii_letters

import regex

from articles.text.checks.fields import Field
from articles.text.checks.words import stands_in_phrase
from articles.text.unicode.confusables import latin, twins
from articles.text.unicode.foreign import Foreign
from articles.text.unicode.languages import one_letter_words
from articles.text.unicode.ordinary import APOSTROPHES
from articles.text.unicode.science import SYMBOLS
from articles.text.unicode.scripts import ALIKE, script_group, script_of_language

_LATIN = r"A-Za-z\u00c0-\u02af\u1e00-\u1eff"
_SIGNS = f"{APOSTROPHES}_\N{HYPHEN}\N{NON-BREAKING HYPHEN}-"  # inside words (UTS #55 section 5.1)
# Such a sign between a Latin letter and one of another script.
_JOINT = re.compile(
    rf"[{_SIGNS}](?:(?=[{_LATIN}])(?<=[^\W\d_{_LATIN}].)|(?=[^\W\d_{_LATIN}])(?<=[{_LATIN}].))"
)
_CHUNK = regex.compile(r"[^\W_]+")
_CHUNK_BEFORE = regex.compile(r"(?r)[^\W_]+")


def foreign_chunks(field: Field) -> Iterator[tuple[int, Foreign]]:
    """Yield one or two look-alikes that are a chunk of a word beside a Latin chunk, with their places."""
    text = field.text
    for joint in _JOINT.finditer(text) if _has_lookalikes(field) else ():
        left, right = _CHUNK_BEFORE.match(text, 0, joint.start()), _CHUNK.match(text, joint.end())
        if not left or not right:
            continue
        is_first = script_group(right[0][0]) == "Latin"
        short, long = (left, right) if is_first else (right, left)
        start, language = short.start(), field.language_at(short.start())
        beyond = text[max(0, start - 2) : start] if is_first else text[short.end() : short.end() + 2][::-1]
        if len(short[0]) > min(2, len(long[0])) or _continues(beyond, short[0]):
            continue
        script = script_group(short[0][0]) or ""
        if script == script_of_language(language):
            # After the Latin chunk an ending is usual; before it, only one letter is none.
            is_foreign = is_first and len(short[0]) == 1 and joint[0] not in APOSTROPHES
        else:
            is_foreign = not stands_in_phrase(text, left.start(), right.end(), script)
        if is_foreign and _is_disguised(short[0], joint[0], long[0], language):
            for place, char in enumerate(short[0]):
                meant = (twins(char, "Latin", language) or (latin(char),))[0]
                yield start + place, Foreign(place, "Latin", meant)


def _has_lookalikes(field: Field) -> bool:
    """Return whether a text has letters of an alphabet that looks like the Latin one."""
    scripts = {script_group(char) for char in field.odd}
    return not field.is_ascii and not (ALIKE - {"Latin"}).isdisjoint({*scripts, field.alphabet.script})


def _continues(beyond: str, chunk: str) -> bool:
    """Return whether a sign and a letter of the script of a chunk stand on its other side."""
    return len(beyond) == 2 and beyond[1] in _SIGNS and script_group(beyond[0]) == script_group(chunk[0])


def _is_disguised(chunk: str, sign: str, long: str, language: str) -> bool:
    """Return whether a chunk looks Latin: exactly, or similarly if it is a single letter beside an apostrophe."""
    is_elision = sign in APOSTROPHES
    if not is_elision and (len(long) < 2 or not SYMBOLS.isdisjoint(chunk)):
        return False
    is_alike = (
        latin(chunk)
        if is_elision and len(chunk) == 1
        else all(twins(char, "Latin", language) for char in chunk)
    )
    return bool(is_alike) and {script_group(char) for char in chunk} <= ALIKE - {"Latin"}


# White space with at most one line end, and the punctuation that stands in the middle of a sentence.
_SPACE = r"[^\S\n]{0,2}\s[^\S\n]{0,2}"
_WORD_BEFORE = regex.compile(rf"(?r)(?P<word>[\p{{L}}\p{{M}}]{{1,2}})[,;]?{_SPACE}")
_WORD_AFTER = regex.compile(rf"{_SPACE}[\"'\u00ab\u201c\u201e(*_\[]?(?P<word>\p{{L}}[\p{{L}}\p{{M}}-]?)")
_SENTENCE_BEFORE = regex.compile(r"(?rm)(?:[.!?\u2026][\"'\u00bb\u201d)*_]{0,2}\s{1,3}|^[ \t#>*+-]{0,8})")
_LONE = re.compile(r"[^\W\d_](?<![\w'\u2019.-].)(?![\w'\u2019-])")
_VARIABLE = re.compile(r"[a-z](?<![\w'\u2019.-].)(?![\w'\u2019-])")
_OF_OTHER_SCRIPT = re.compile(r"[^\W\d_\x00-\u024f]")
# Names of the scripts, in many languages, without accents.
_NAMES = {
    "Cyrillic": re.compile("[ckz][iy]+r+[iy]+l", re.IGNORECASE),
    "Greek": re.compile("gr[aei]+[ckgx]", re.IGNORECASE),
}
_NEAR = 200  # code points on either side


def foreign_short_words(field: Field) -> Iterator[tuple[int, Foreign]]:
    """Yield letters that look exactly like a word of one letter between words of the article's language."""
    text = field.text
    topics: dict[str, list[int]] = {}
    for place in () if field.is_ascii else _lone_letters(field):
        language = field.language_at(place)
        script, meant = script_group(text[place]) or "", _short_word(text[place], language)
        if not meant or not _stands_in_sentence(text, place, language):
            continue
        if script not in topics:
            topics[script] = sorted(_topics(text, script, field.language))
        next_topic = bisect_left(topics[script], place - _NEAR)
        if all(topic > place + _NEAR for topic in topics[script][next_topic : next_topic + 1]):
            yield place, Foreign(0, script_of_language(language), meant)


def _topics(text: str, script: str, language: str) -> Iterator[int]:
    """Yield the places where a text is about letters of a script.

    Another letter of it stands alone and is no word, the script is named, or a letter is no look-alike. In an article
    of another alphabet, Latin words are usual, but not a Latin letter before punctuation.
    """
    for other in _LONE.finditer(text):
        is_word = _short_word(other[0], language) and (
            script != "Latin" or _WORD_AFTER.match(text, other.end())
        )
        if script_group(other[0]) == script and not is_word:
            yield other.start()
    if script in _NAMES:
        yield from (match.start() for match in _NAMES[script].finditer(text))
    home = script_of_language(language)
    for match in _OF_OTHER_SCRIPT.finditer(text) if script != "Latin" else ():
        if script_group(match[0]) == script and not twins(match[0], home, language):
            yield match.start()


def _lone_letters(field: Field) -> Iterator[int]:
    """Yield the places of letters between spaces that are not of the article's script."""
    text, main, home = field.text, field.alphabet.script, script_of_language(field.language)
    # Letters of the script of the text are looked at only in articles in Latin letters.
    usual = {None, home} if home == "Latin" else {None, home, main}
    for token in field.tokens:
        if len(token.text) == 1 and script_group(token.text) not in usual:
            yield token.start
    pattern = None if "Latin" in (main, home) else _lone_latin(field.language)
    if pattern and pattern.search(text) and not _has_variables(text, field.language):
        yield from (match.start() for match in pattern.finditer(text))


def _has_variables(text: str, language: str) -> bool:
    """Return whether small ASCII letters stand alone that are no words, such as x and n."""
    return any(not _short_word(char, language) for char in set(_VARIABLE.findall(text)))


@lru_cache(maxsize=64)
def _lone_latin(language: str) -> re.Pattern[str] | None:
    """Return a pattern for lone ASCII letters that look exactly like words of a language; None if none does."""
    chars = "".join(char for char in ascii_letters if _short_word(char, language))
    return re.compile(rf"[{chars}](?<!\S.)(?!\S)") if chars else None


def _short_word(char: str, language: str) -> str | None:
    """Return the word of one letter that a letter looks exactly like, in its case; None if there is none.

    Greek symbols are no words of other languages. Latin capitals are names of things in other alphabets; a Greek
    sentence may start with a word of one letter, though.
    """
    home = script_of_language(language)
    is_name = home not in ("Latin", "Greek") and char.isupper()
    if is_name or script_group(char) == home or (home != "Greek" and char in SYMBOLS):
        return None
    words = one_letter_words(language)
    same = (twin for twin in twins(char, home, language) if twin.isupper() == char.isupper())
    return next((twin for twin in same if twin.lower() in words), None)


def _stands_in_sentence(text: str, place: int, language: str) -> bool:
    """Return whether words of the language stand on either side; before a capital, none if a sentence starts."""
    first = max(0, place - 20)
    after = _WORD_AFTER.match(text, place + 1)
    if not after or not _is_word(after["word"], language):
        return False
    if text[place].isupper() and _SENTENCE_BEFORE.match(text, first, place):
        return True
    before = _WORD_BEFORE.match(text, first, place)
    is_name = text[place].isupper() and script_of_language(language) != "Latin"
    return before is not None and _is_word(before["word"], language) and not is_name


def _is_word(start: str, language: str) -> bool:
    """Return whether up to two letters are of a word in the language's script, or a word of one letter."""
    is_home = script_group(start[0]) == script_of_language(language)
    return is_home and (len(start) > 1 or start.lower() in one_letter_words(language))
