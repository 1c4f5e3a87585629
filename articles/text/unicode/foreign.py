"""Letters that are foreign to the script of their word (UTS #39 section 5).

A word has no hyphens, underscores or apostrophes: the caller splits there (UTS #55 chunks). A letter is foreign if it
passes for one of the word's script. Several letters of which one does not are a word or an ending of their own.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from articles.text.unicode import tables
from articles.text.unicode.confusables import counterpart, latin, prototype, twins
from articles.text.unicode.languages import main_letters
from articles.text.unicode.science import is_science
from articles.text.unicode.scripts import ALIKE, UNSPACED, Run, script_group, script_of_language, script_runs


@dataclass(frozen=True, slots=True)
class Foreign:
    """A letter of another script than its word: its place, the script of the word, and the letter it stands for."""

    place: int
    host: str
    meant: str | None


LONGEST_ENDING = 4
LONGEST_WORD = 40  # code points of a word that lists of common words may have
# An x between numbers, and between two words in capitals; in a Latin text, a Cyrillic one there is a fault.
_TIMES = [
    regex.compile(rf"(?<=\d)[x\u0445](?=\d)|(?<=\p{{Lu}}{{2}})[{between}](?=\p{{Lu}}{{2}})")
    for between in ("x\u0445", "x")
]


@lru_cache(maxsize=4096)
def has_two_scripts(word: str) -> bool:
    """Return whether a word has letters of two scripts. Most have not; their language need not be known."""
    return not word.isascii() and len(script_runs(word)) > 1


@lru_cache(maxsize=4096)
def foreign_letters(word: str, language: str) -> tuple[Foreign, ...]:
    """Return the letters of another script than their word, in order. Linear in the length of the word."""
    runs = [] if word.isascii() else script_runs(word)
    if len(runs) > 1 and (times := _TIMES[script_of_language(language) == "Latin"]).search(word):
        word = times.sub("\N{MULTIPLICATION SIGN}", word)
        runs = script_runs(word)
    letters = []
    for part in _parts(word, runs, language) if len(runs) > 1 else ():
        for place, run in enumerate(part.runs):
            if run.script != part.host and not _is_legitimate(part, place):
                letters += [
                    Foreign(at, part.host, intended_letter(word, at, part.host, language))
                    for at in range(run.start, run.end)
                    if script_group(word[at]) not in (None, part.host)
                ]
    return tuple(letters)


def intended_letter(word: str, place: int, host: str, language: str = "") -> str | None:
    """Return the letter of the script `host` that the one at `place` looks like, in the case of its neighbours.

    Of several letters with the same shape, such as I and l, it is the one that makes a common word. None if the
    letter looks like none.
    """
    char, same = word[place], twins(word[place], host, language)
    if len(same) > 1 and len(word) <= LONGEST_WORD:
        for twin in same:
            if is_common(word[:place] + twin + word[place + 1 :], host, language):
                return twin
    letter = counterpart(char, host, language)
    if letter is None or char == char.lower() != char.upper():
        return letter
    around = [
        side for side in word[max(0, place - 1) : place] + word[place + 1 : place + 2] if side.isalpha()
    ]
    if not (place and around and all(side.islower() for side in around)):
        return letter
    # The palochka has one shape in both cases; words in small letters have its capital, too.
    stays = [twin for twin in same if prototype(twin) == prototype(twin.lower())]
    return stays[0] if stays else letter.lower()


def is_common(text: str, script: str, language: str) -> bool:
    """Return whether a text, read in letters of `script`, is a common word of the language, else of English."""
    if len(text) > LONGEST_WORD:
        return False
    letters = [
        char if script_group(char) in (None, script) else counterpart(char, script, language) or "?"
        for char in text
    ]
    words = tables.common_words(language if script_of_language(language) == script else "en")
    return "".join(letters).lower() in words


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a word with runs of several scripts.

    `host` is the script that it is written in, and `home` that of the article's language.
    """

    word: str
    runs: list[Run]
    language: str
    home: str
    host: str

    def is_common_in(self, script: str) -> bool:
        """Return whether the part is a common word if read in letters of `script`."""
        return is_common(self.word[self.runs[0].start : self.runs[-1].end], script, self.language)


def _parts(word: str, runs: list[Run], language: str) -> Iterator[Part]:
    """Yield the parts of a word that have several scripts. Words of scripts without spaces end a part."""
    home = script_of_language(language)
    joined = _joined_scripts(runs, home)
    part: list[Run] = []
    for place, run in enumerate([*runs, None]):
        if run and (run.script not in UNSPACED or run.script in joined or _is_lone_shape(runs, place, home)):
            part.append(run)
            continue
        if len({run.script for run in part}) > 1:
            yield Part(word, part, language, home, _host(word, part, language))
        part = []


def _joined_scripts(runs: list[Run], home: str) -> set[str]:
    """Return the scripts without spaces whose letters stand for those of an alphabet that the word has.

    They all look like such letters, or there is only one, or there are up to three in the middle of the word.
    """
    letters_of: dict[str, str] = {}
    for run in runs:
        letters_of[run.script] = letters_of.get(run.script, "") + run.letters
    alphabets = letters_of.keys() - UNSPACED
    outer = {runs[0].script, runs[-1].script}
    return {
        script
        for script, chars in letters_of.items()
        if script in UNSPACED - {"East Asian", home}
        and alphabets
        and (
            len(chars) < (2 if script in outer else 4)
            or all(any(counterpart(char, each) for each in alphabets) for char in set(chars))
        )
    }


def _is_lone_shape(runs: list[Run], place: int, home: str) -> bool:
    """Return whether a run is one East Asian letter, perhaps repeated, that stands for a letter of the word around."""
    run = runs[place]
    if run.script != "East Asian" or home == "East Asian" or len(set(run.letters)) > 1:
        return False
    before = runs[place - 1] if place else None
    after = runs[place + 1] if place + 1 < len(runs) else None
    long = [side for side in (before, after) if side and len(side.letters) > 2]
    return bool(before and after and latin(run.letters[0])) or any(
        len(run.letters) == 1 and _are_twins(run, side.script) for side in long
    )


def _host(word: str, runs: list[Run], language: str) -> str:
    """Return the script of a word: the home script if that makes a common word.

    Else the script that leaves the fewest letters unexplained, then the fewest letters foreign. Only exact look-alikes
    explain a word, but in Latin text similar ones do. Where both explain it, the home script is more likely.
    """
    home = script_of_language(language)
    counts: dict[str, Counter[str]] = {}
    for run in runs:
        counts.setdefault(run.script, Counter()).update(run.letters)
    if home in counts and is_common(word[runs[0].start : runs[-1].end], home, language):
        return home

    def cost(host: str) -> tuple[bool, int, bool, int, bool]:
        others = [item for script, chars in counts.items() if script != host for item in chars.items()]
        # Letters of clicks look like punctuation, so they make no word.
        is_no_word = not any(prototype(char)[0].isalnum() for char in counts[host])
        if host == home == "Latin" and all(twins(char, host, language) for char, _ in others):
            return is_no_word, 0, False, 0, False
        inexplicable = sum(number for char, number in others if not _passes(char, host, language))
        is_third = home != "Latin" and host not in ("Latin", home)
        return is_no_word, inexplicable, is_third, sum(number for _, number in others), host != home

    return min([script for script in counts if script not in UNSPACED] or counts, key=cost)


def _passes(char: str, host: str, language: str) -> bool:
    """Return whether a letter looks exactly like one of `host`.

    A similar letter is enough in Latin text, and from scripts without spaces, whose letters have few look-alikes.
    """
    is_near_enough = host == script_of_language(language) == "Latin" or script_group(char) in UNSPACED
    return bool(counterpart(char, host, language) if is_near_enough else twins(char, host, language))


def _is_legitimate(part: Part, place: int) -> bool:
    """Return whether a run of another script is a symbol, an affix or another word."""
    run, host = part.runs[place], part.host
    pair = {run.script, host}
    if "Greek" in pair and is_science(part.word, part.runs, place, part.language):
        return True
    is_rare = not all(map(tables.is_allowed_in_identifiers, run.letters))
    if run.script in UNSPACED - {"East Asian"} or (is_rare and run.script not in (part.home, "Latin")):
        return False
    if pair <= ALIKE:
        return _is_affixed(part) or _is_other_word(part, place)
    is_outer = place in (0, len(part.runs) - 1)
    if host == part.home and _are_twins(run, host) and (len(run.letters) == 1 or not is_outer):
        return False
    # A word or affix of an unrelated script.
    kinds = len(set(run.letters)) if run.script == "East Asian" else len(run.letters)
    return kinds > 1 or is_outer if part.home in pair else len(run.letters) > 1 and is_outer


def _are_twins(run: Run, host: str) -> bool:
    """Return whether the letters of a run all look exactly like letters of an alphabet that has look-alikes."""
    return host in ALIKE and all(twins(char, host) for char in run.letters)


def _is_other_word(part: Part, place: int) -> bool:
    """Return whether a run is a word of its own: several letters that do not all pass for one of the host."""
    chars, is_outer = part.runs[place].letters, place in (0, len(part.runs) - 1)
    if len(chars) < (2 if is_outer else 3) or all(twins(char, part.host, part.language) for char in chars):
        return False
    # Most letters look similar to some Latin letter, so that many such letters have to make a word.
    is_similar = all(_passes(char, part.host, part.language) for char in chars)
    return not (is_similar and (len(chars) < 3 or part.is_common_in(part.host)))


def _is_affixed(part: Part) -> bool:
    """Return whether a word is a Latin one with an affix of the article's language.

    The affix has a letter that passes for no Latin one. An ending may look Latin after capitals, or after a common
    English word if the two make no other one.
    """
    first, last = part.runs[0], part.runs[-1]
    if part.home == "Latin" or len(part.runs) > 2 or {first.script, last.script} != {part.home, "Latin"}:
        return False
    is_ending = first.script == "Latin"
    stem, affix = (first.letters, last.letters) if is_ending else (last.letters, first.letters)
    if len(stem) < 2 or part.is_common_in(part.home):
        return False
    is_distinct = not all(twins(char, "Latin") for char in affix)
    if is_distinct and part.host == "Latin":
        return True
    if not (is_distinct or is_ending) or is_common(stem, part.home, part.language):
        return False
    if stem.isupper() and affix.islower():
        return True
    alphabet = main_letters(part.language) or frozenset(affix)
    is_usual = len(affix) <= LONGEST_ENDING and alphabet.issuperset(affix)
    return is_usual and stem.lower() in tables.common_words("en") and not part.is_common_in("Latin")
