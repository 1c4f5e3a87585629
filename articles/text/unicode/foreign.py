"""Letters that are foreign to the script of their word (UTS #39 section 5).

A word has no hyphens, underscores or apostrophes: the caller splits there (UTS #55 chunks).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from articles.text.unicode import tables
from articles.text.unicode.confusables import counterpart, latin, prototype
from articles.text.unicode.scripts import ALIKE, UNSPACED, Run, script_group, script_of_language, script_runs


@dataclass(frozen=True, slots=True)
class Foreign:
    """A letter of another script than its word: its place, the script of the word, and the letter it stands for."""

    place: int
    host: str
    meant: str | None


@lru_cache(maxsize=4096)
def foreign_letters(word: str, language: str) -> tuple[Foreign, ...]:
    """Return the letters of another script than their word, in order. Linear in the length of the word."""
    runs = [] if word.isascii() else script_runs(word)
    if len(runs) < 2:
        return ()
    home = script_of_language(language)
    letters = []
    for part in _parts(runs, home):
        if len({run.script for run in part}) > 1:
            host = _host(part, home, tables.common_words(language))
            for place, run in enumerate(part):
                if run.script != host and not _is_legitimate(part, place, host, home):
                    letters += [
                        Foreign(at, host, intended_letter(word, at, host))
                        for at in range(run.start, run.end)
                        if script_group(word[at]) not in (None, host)
                    ]
    return tuple(letters)


def intended_letter(word: str, place: int, host: str) -> str | None:
    """Return the letter of the script `host` that the one at `place` looks like, in the case of its neighbours.

    None if it looks like none.
    """
    letter = counterpart(word[place], host)
    if letter is None or word[place] == word[place].lower() != word[place].upper():
        return letter
    around = [
        char for char in word[max(0, place - 2) : place] + word[place + 1 : place + 3] if char.isalpha()
    ]
    if place and around and all(char.islower() for char in around):
        return letter.lower()
    return letter


def _parts(runs: list[Run], home: str) -> Iterator[list[Run]]:
    """Yield the parts of a word between runs of scripts that are written without spaces."""
    part: list[Run] = []
    for place, run in enumerate(runs):
        if run.script in UNSPACED and not _is_lone_shape(runs, place, home):
            if part:
                yield part
            part = []
        else:
            part.append(run)
    if part:
        yield part


def _is_lone_shape(runs: list[Run], place: int, home: str) -> bool:
    """Return whether a run is a single letter in or beside a word of an alphabet, not of the home script."""
    run = runs[place]
    # A repeated letter counts as one, such as two look-alikes of o in a word.
    if (
        len(set(run.letters)) > 1
        or run.script == home
        or (len(run.letters) > 1 and run.script != "East Asian")
    ):
        return False
    before = runs[place - 1] if place else None
    after = runs[place + 1] if place + 1 < len(runs) else None
    if run.script == "East Asian":
        long = [side for side in (before, after) if side and len(side.letters) > 2]
        return bool(before and after and latin(run.letters[0])) or any(
            _is_twin(run, side.script) for side in long
        )
    return all(
        side is None or side.script not in UNSPACED or len(side.letters) == 1 for side in (before, after)
    )


def _host(part: list[Run], home: str, words: frozenset[str]) -> str:
    """Return the script of a word: the home script if that makes a common word.

    Else the script that leaves the fewest letters unexplained, then the fewest letters foreign. If the home script
    is not Latin, only exact look-alikes explain a Latin word.
    """
    if any(run.script == home for run in part):
        letters = [(char, run.script) for run in part for char in run.letters]
        reading = [char if script == home else counterpart(char, home) or "?" for char, script in letters]
        if "".join(reading).lower() in words:
            return home
    of_script: dict[str, list[str]] = {}
    for run in part:
        of_script.setdefault(run.script, []).append(run.letters)
    counts = {script: Counter("".join(runs)) for script, runs in of_script.items()}

    def cost(host: str) -> tuple[int, int, bool]:
        others = [
            (char, number)
            for script, chars in counts.items()
            if script != host
            for char, number in chars.items()
        ]
        inexplicable = sum(number for char, number in others if not _passes_for(char, host, home))
        return inexplicable, sum(number for _, number in others), host != home

    return min(counts, key=cost)


def _passes_for(char: str, host: str, home: str = "Latin") -> bool:
    """Return whether a letter looks exactly like one of `host`; in Latin text, a similar Latin letter is enough."""
    letter = counterpart(char, host)
    return letter is not None and (prototype(letter) == prototype(char) or host == home == "Latin")


def _is_twin(run: Run, host: str) -> bool:
    """Return whether a run is one letter of an unrelated script that looks exactly like one of `host`."""
    if len(run.letters) > 1 or run.script in ALIKE or host not in ALIKE:
        return False
    letter = counterpart(run.letters, host)
    return letter is not None and prototype(letter) == prototype(run.letters)


def _is_legitimate(part: list[Run], place: int, host: str, home: str) -> bool:
    """Return whether a run of another script is a symbol, an affix or an inserted word."""
    run = part[place]
    if {run.script, host} == {"Latin", "Greek"} and _is_science(part, place):
        return True
    if host == home and _is_twin(run, host):
        return False
    is_rare = not all(map(tables.is_allowed_in_identifiers, run.letters))
    if is_rare and run.script not in (home, "Latin"):
        return False
    pair = {run.script, host}
    if home in pair and not pair <= ALIKE:
        # A word or affix of an unrelated script, without look-alikes between the two.
        kinds = len(set(run.letters)) if run.script == "East Asian" else len(run.letters)
        return kinds > 1 or place in (0, len(part) - 1)
    if place not in (0, len(part) - 1):
        return False
    if not pair <= ALIKE:
        return len(run.letters) > 1
    is_distinct = not all(_passes_for(char, host) for char in run.letters)
    if len(run.letters) > 1 and is_distinct:
        return True
    if home != "Latin" and pair == {home, "Latin"} and len(part) == 2:
        # An abbreviation and its ending: "PDF" with a Cyrillic ending.
        head, tail = part
        return (
            head.script == "Latin"
            and len(head.letters) > 1
            and head.letters.isupper()
            and tail.letters.islower()
        )
    return False


# Greek letters that are used as symbols, without those that look exactly like Latin letters.
_SYMBOLS = frozenset(
    "\u0393\u0394\u0398\u039b\u039e\u03a0\u03a3\u03a6\u03a8\u03a9\u2126"
    "\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8\u03ba\u03bb\u03bc\u03bd"
    "\u03be\u03c0\u03c1\u03c3\u03c4\u03c6\u03c7\u03c8\u03c9\u03d5\u03f5"
)
# Symbols that readers do not take for the Latin letter they resemble most.
_PLAIN_SYMBOLS = frozenset("\u0398\u03b2\u03b8\u03bc")


def _is_science(part: list[Run], place: int) -> bool:
    """Return whether the Greek letters are symbols in a formula, a unit or the name of a substance."""
    greek = "".join(run.letters for run in part if run.script == "Greek")
    others = "".join(run.letters for run in part if run.script != "Greek")
    if not _SYMBOLS.issuperset(greek) or len(greek) > 3:
        return False
    if others.isupper():
        return True
    if part[0].script == "Latin" and part[-1].script == "Latin":
        is_protein = len(others) == 2 and others[0].isupper() and others[1].islower()
        return is_protein or (all(latin(char) is None for char in greek) and len(others) <= 4)
    if all(latin(char) is None or char in _PLAIN_SYMBOLS for char in greek):
        return True
    reading = "".join(latin(char) or char for run in part for char in run.letters).lower()
    return len(others) <= 3 and reading not in tables.common_words("en")
