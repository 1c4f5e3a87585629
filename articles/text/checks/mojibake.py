"""Mojibake: text that was read in another encoding than it was written in."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from articles.text.checks.codepages import Run, reread_words, wide_runs
from articles.text.checks.fields import Field
from articles.text.checks.fitting import CLOSERS, JOINERS, fit, has_signs, is_letter
from articles.text.checks.suspects import suspicious_places
from articles.text.unicode import tables
from articles.text.unicode.encodings import Misreading, misreadings
from articles.text.unicode.languages import main_letters, one_letter_words
from articles.text.unicode.scripts import script_group, script_of_language

_SYMBOL = re.compile("[\u00ac\u0192\u2200-\u22ff\u2500-\u25ff]")  # mathematical signs and boxes


def find_misread(field: Field) -> Iterator[tuple[int, int, str | None]]:
    """Yield start, end and meaning of misread runs, in order; no meaning if more was lost. Linear in the text."""
    text, end = field.text, 0
    for place in suspicious_places(field):
        if place < end:
            continue
        start = text.rfind("\n", 0, place) + 1
        end = (text.find("\n", place) + 1) or len(text)
        # Misread text may seem to be in another language than its article.
        languages = dict.fromkeys((field.language_at(place), field.language))
        readers = (_misread_runs, wide_runs, reread_words)
        readings = [reader(text[start:end], language) for language in languages for reader in readers]
        for run in max(readings, key=_length):
            yield start + run.start, start + run.end, run.meant


def _length(runs: list[Run]) -> int:
    return sum(run.end - run.start for run in runs)


def _misread_runs(line: str, language: str) -> list[Run]:
    """Return the runs of a line that are UTF-8, read in an encoding of one byte a character, in order."""
    chars = {char for char in line if not char.isascii()}
    own = main_letters(language)
    readings: list[tuple[int, int, bool, list[Run]]] = []
    for misreading in misreadings():
        if chars.isdisjoint(misreading.leads) or chars.isdisjoint(misreading.follows):
            continue
        runs = _runs_in(line, misreading, language)
        strange = sum(char not in own for run in runs for char in run.meant or "")
        # ISO 8859 has controls where Windows has signs.
        is_other_family = misreading.name.startswith("iso") != (min(chars) < "\u00a0")
        readings.append((-_length(runs), strange, is_other_family, runs))
    readings.sort(key=lambda reading: reading[:3])
    taken: list[Run] = []
    is_free = bytearray(b"1" * len(line))
    for run in chain.from_iterable(runs for *_, runs in readings):
        if all(is_free[run.start : run.end]):
            is_free[run.start : run.end] = bytes(run.end - run.start)
            taken.append(run)
    return sorted(taken)


def _runs_in(line: str, misreading: Misreading, language: str) -> list[Run]:
    """Return the runs of a line that are UTF-8, read in a given encoding."""
    runs = []
    for match in misreading.sequences.finditer(line):
        start, end = match.span()
        place = _Place(line[start - 1 : start], match[0], line[end : end + 1])
        if judged := _judge(place, misreading, language):
            runs.append(Run(start, end, *judged))
    certain = [run for run in runs if run.is_certain]
    # Where most runs are certain, the others are not there by chance.
    return runs if 2 * len(certain) >= len(runs) else certain


class _Place(NamedTuple):
    """Characters, and those beside them in their line."""

    before: str
    text: str
    after: str


@lru_cache(maxsize=4096)
def _judge(place: _Place, misreading: Misreading, language: str) -> tuple[str | None, bool] | None:
    """Return what characters mean, and whether that is certain; None if they can mean nothing in a text."""
    meant = misreading.meaning(place.text)
    if meant is None:
        return None
    meant = _deepest(meant, misreading, language)
    is_impossible = _is_impossible(place, meant, language)
    oddness = 2 if is_impossible else int(_is_odd(place, meant, language))
    sides = [is_letter(place.before), is_letter(place.after)]
    if fitness := fit(meant, language):
        # A letter of loan words, by itself, may be the name of a letter.
        is_name = is_letter(meant) and meant not in main_letters(language) and not any(sides)
        return meant, fitness + oddness - is_name > 2 and _is_apart(place, meant, language)
    is_damage = is_impossible and all(sides) and len(meant) == 1 and not is_letter(meant)
    return (None, True) if is_damage else None


def _deepest(meant: str, misreading: Misreading, language: str) -> str:
    """Return what a text means that was misread again and again."""
    first = misreadings()[0]
    for again in (first, misreading) * 3:
        deeper = again.meaning(meant) if again.sequences.fullmatch(meant) else None
        if deeper and (again is first or not fit(meant, language)):
            meant = deeper
    return meant


def _is_real(place: _Place, language: str) -> bool:
    """Return whether characters are a capital and signs, of the language, or in other capitals or quotation marks."""
    before, text, after = place
    is_capital = text[0].isupper() and CLOSERS.issuperset(text[1:])
    is_beside_small = before.islower() or after.islower()
    return is_capital and not is_beside_small and bool(before.strip() or text[0] in main_letters(language))


def _is_impossible(place: _Place, meant: str, language: str) -> bool:
    """Return whether characters cannot stand so in any text."""
    before, text, after = place
    if _is_real(place, language):
        return False
    if any(tables.category(char) == "Cc" for char in text) or (max(meant) > "\u07ff" and has_signs(text)):
        return True
    has_letters = any(map(is_letter, before + meant + after))
    if has_letters and not main_letters(language).issuperset(_SYMBOL.findall(text)):
        return True
    if meant.lower() in one_letter_words(language) and not (before + after).strip():
        return True
    if text[0].isupper() and before.islower() and has_signs(text):
        return True
    around = "".join(place)
    return any(
        is_letter(left) and is_letter(right) and not (is_letter(char) or char in JOINERS or char.isspace())
        for left, char, right in zip(around, around[1:], around[2:], strict=False)
    )


def _is_odd(place: _Place, meant: str, language: str) -> bool:
    """Return whether characters cannot stand so in a text of a language."""
    before, text, _ = place
    if _is_real(place, language) or (all(map(is_letter, text)) and _may_be_word(place, meant, language)):
        return False
    own = main_letters(language)
    is_foreign = bool(own) and any(is_letter(char) and char not in own for char in text)
    return is_foreign or has_signs(text) or (text[0].isupper() and before.islower())


def _may_be_word(place: _Place, meant: str, language: str) -> bool:
    """Return whether letters may be a name, an abbreviation or a word of another language."""
    home = script_of_language(language)
    scripts = set(map(script_group, "".join(place))) - {None}
    if home not in scripts or (len(place.text) < 3 and not any(map(is_letter, meant))):
        return True
    return scripts == {home} != {"Latin"} and len(meant) == 1


def _is_apart(place: _Place, meant: str, language: str) -> bool:
    """Return whether characters of another script than the text's are no part of a word of their script."""
    scripts = set(map(script_group, place.text)) - {None, script_of_language(language)}
    scripts -= set(map(script_group, meant))
    return scripts.isdisjoint(map(script_group, place.before + place.after))
