"""Text that was read in an East Asian encoding, and text of one code page that was read in another one."""

import re
from functools import lru_cache
from typing import NamedTuple

from articles.text.checks.fitting import SIGN, fit_of, own_letters
from articles.text.unicode import tables
from articles.text.unicode.encodings import (
    CODE_PAGES,
    WIDE_ENCODINGS,
    Misreading,
    meaning_of_wide,
    misreadings,
    reread,
)
from articles.text.unicode.languages import parse
from articles.text.unicode.scripts import script_group, script_of_language


class Run(NamedTuple):
    """Misread characters: their span in a line, and what they mean; None if a part was lost."""

    start: int
    end: int
    meant: str | None
    is_certain: bool = True


WIDE = re.compile("[\u3005-\u318f\u3400-\u9fff\uac00-\ud7a3\uff61-\uff9f]")
_WIDE_RUN = re.compile("[^\x00-\x7f\ufffd]+")
_LOST = "\N{REPLACEMENT CHARACTER}"


def wide_runs(line: str, language: str) -> list[Run]:
    """Return the runs of a line that are UTF-8, read in an encoding of two bytes a character, in order."""
    spans = (match.span() for match in _WIDE_RUN.finditer(line) if WIDE.search(match[0]))
    runs = [run for start, end in spans if (run := _wide_run(line, start, end, language))]
    # Beside a certain run, the others are not there by chance.
    return runs if any(run.is_certain for run in runs) else []


def _wide_run(line: str, start: int, end: int, language: str) -> Run | None:
    """Return a run with its meaning; it is certain with many letters of the language or in one of its words."""
    before, after = line[start - 1 : start], line[end : end + 1]
    is_east_asian = script_of_language(language) == "East Asian"
    is_in_word = not is_east_asian and any(char.isascii() and char.isalpha() for char in before + after)
    for encoding in WIDE_ENCODINGS:
        meant, is_whole = meaning_of_wide(line[start:end], encoding, is_cut=before == _LOST)
        chars = [char for char in meant if not char.isascii()]
        if chars and all(fit_of(char, language) == 2 for char in chars):
            is_long = len(chars) > (3 if is_east_asian else 2)
            return Run(
                start, end, meant if is_whole else None, is_in_word or is_long or _LOST in before + after
            )
        if not meant and is_whole and after in (_LOST, "?") and not is_east_asian:
            return Run(start, end, None, is_in_word)
    return None


_WORDS = re.compile(r"(?<![A-Za-z\x80-\U0010ffff])[^\x00-\x7f]++(?![A-Za-z])")
ENOUGH = 8  # letters of a language in words that nothing else explains


def reread_words(line: str, language: str) -> list[Run]:
    """Return the words of a line that mean something in another code page than the one they were read in, in order.

    They have to be most of the words that it changes, and one of them a common word, or all together long.
    """
    found = [(match.start(), match.end(), match[0]) for match in _WORDS.finditer(line)]
    best: list[Run] = []
    pages = CODE_PAGES.get(parse(language).language) or CODE_PAGES.get(script_of_language(language), ())
    for written in pages:
        for read in misreadings():
            if read.name not in (*pages, "cp1252"):
                continue
            runs = [Run(start, end, reread(word, read, written)) for start, end, word in found]
            runs = [run for run in runs if run.meant != line[run.start : run.end]]
            words = [run for run in runs if _is_word(run.meant or "", language)]
            odd = sum(_is_odd(line[run.start : run.end], language) for run in runs)
            is_most = 2 * min(len(words), odd) > len(runs)
            if is_most and len(words) > len(best) and _is_sure(words, read, language):
                best = words
    return best


def _is_sure(words: list[Run], read: Misreading, language: str) -> bool:
    common = tables.common_words(language)
    meanings = [SIGN.sub("", word.meant or "").lower() for word in words]
    count = sum(len(word) > 2 and word in common for word in meanings)
    if read.script == script_of_language(language):
        return 4 * count >= len(words)
    return count > 0 or sum(map(len, meanings)) >= ENOUGH


def _is_odd(word: str, language: str) -> bool:
    """Return whether a word is none of a language, or in capitals, such as small letters of KOI8-R become."""
    return word.isupper() or not _is_word(word, language)


@lru_cache(maxsize=4096)
def _is_word(text: str, language: str) -> bool:
    """Return whether a text is a word of a language: of its letters, in one case except for the first one."""
    word = SIGN.sub("", text)
    own, script = own_letters(language), script_of_language(language)
    is_spelled = all(char in own if own else script_group(char) == script for char in word)
    return bool(word) and is_spelled and word in (word.upper(), word[:1] + word[1:].lower())
