"""Mojibake: text that was read in another encoding than it was written in."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from articles.text.checks.codepages import WIDE, Run, reread_words, wide_runs
from articles.text.checks.fields import Field
from articles.text.checks.fitting import fit, is_letter
from articles.text.unicode import tables
from articles.text.unicode.encodings import WIDE_ENCODINGS, Misreading, misreadings
from articles.text.unicode.languages import main_letters, one_letter_words
from articles.text.unicode.scripts import script_group, script_of_language

# Signs that may stand after a capital letter in any text.
_CLOSERS = frozenset(
    "\u00a0\u00aa\u00ae\u00b0\u00b2\u00b3\u00b4\u00b7\u00ba\u00bb\u0384\u060c\u061b\u061f"
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u203a\u2122"
)
# Signs that may stand between two letters of a word.
_JOINERS = frozenset("\u00ad\u00b7\u02bc\u200c\u200d\u2010\u2011\u2013\u2014\u2018\u2019")
_SYMBOL = re.compile("[\u00ac\u0192\u2200-\u22ff\u2500-\u25ff]")  # mathematical signs and boxes


def find_misread(field: Field) -> Iterator[tuple[int, int, str | None]]:
    """Yield start, end and meaning of misread runs, in order; no meaning if more was lost. Linear in the text."""
    text, end = field.text, 0
    for place in _suspicious_places(field):
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
    is_capital = text[0].isupper() and _CLOSERS.issuperset(text[1:])
    is_beside_small = before.islower() or after.islower()
    return is_capital and not is_beside_small and bool(before.strip() or text[0] in main_letters(language))


def _is_impossible(place: _Place, meant: str, language: str) -> bool:
    """Return whether characters cannot stand so in any text."""
    before, text, after = place
    if _is_real(place, language):
        return False
    if any(tables.category(char) == "Cc" for char in text) or (max(meant) > "\u07ff" and _has_signs(text)):
        return True
    has_letters = any(map(is_letter, before + meant + after))
    if has_letters and not main_letters(language).issuperset(_SYMBOL.findall(text)):
        return True
    if meant.lower() in one_letter_words(language) and not (before + after).strip():
        return True
    if text[0].isupper() and before.islower() and _has_signs(text):
        return True
    around = "".join(place)
    return any(
        is_letter(left) and is_letter(right) and not (is_letter(char) or char in _JOINERS or char.isspace())
        for left, char, right in zip(around, around[1:], around[2:], strict=False)
    )


def _is_odd(place: _Place, meant: str, language: str) -> bool:
    """Return whether characters cannot stand so in a text of a language."""
    before, text, _ = place
    if _is_real(place, language) or (all(map(is_letter, text)) and _may_be_word(place, meant, language)):
        return False
    own = main_letters(language)
    is_foreign = bool(own) and any(is_letter(char) and char not in own for char in text)
    return is_foreign or _has_signs(text) or (text[0].isupper() and before.islower())


def _may_be_word(place: _Place, meant: str, language: str) -> bool:
    """Return whether letters may be a name, an abbreviation or a word of another language."""
    home = script_of_language(language)
    scripts = set(map(script_group, "".join(place))) - {None}
    if home not in scripts or (len(place.text) < 3 and not any(map(is_letter, meant))):
        return True
    return scripts == {home} != {"Latin"} and len(meant) == 1


def _has_signs(text: str) -> bool:
    """Return whether there are signs other than those that stand in and after words."""
    return not all(is_letter(char) or char in _JOINERS or char in _CLOSERS for char in text)


def _is_apart(place: _Place, meant: str, language: str) -> bool:
    """Return whether characters of another script than the text's are no part of a word of their script."""
    scripts = set(map(script_group, place.text)) - {None, script_of_language(language)}
    scripts -= set(map(script_group, meant))
    return scripts.isdisjoint(map(script_group, place.before + place.after))


@cache
def _suspicious_pairs(script: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return quick patterns for two characters that may be misread in a text of a script.

    The first one is without letters of the script, unless it is Latin; the second one is for those in Latin words.
    """
    leads = frozenset().union(*(misreading.leads for misreading in misreadings())) - _FREQUENT
    follows = frozenset().union(*(misreading.follows for misreading in misreadings()))
    pair = f"[{_as_class(leads)}][{_as_class(follows)}]"
    if script == "Latin":
        return re.compile(pair), re.compile(pair)
    other_leads = _as_class(char for char in leads if script_group(char) != script)
    other_follows = _as_class(char for char in follows if script_group(char) != script)
    return re.compile(f"[{other_leads}][{other_follows}]"), re.compile(f"(?<=[A-Za-z]){pair}")


@cache
def _suspicious_signs() -> re.Pattern[str]:
    """Return a quick pattern for signs that stand in no word, beside a character beyond ASCII."""
    follows = frozenset().union(*(misreading.follows for misreading in misreadings())) - _FREQUENT
    signs = _as_class(filter(_has_signs, follows))
    return re.compile(rf"[{signs}](?:(?<=[^\x00-\x7f\s].)|(?=[^\x00-\x7f\s]))")


@cache
def _any_sequence() -> re.Pattern[str]:
    return re.compile("|".join(misreading.sequences.pattern for misreading in misreadings()))


@cache
def _suspicious_wide() -> re.Pattern[str]:
    """Return a quick pattern for characters of East Asian encodings that misread punctuation and kana begin with."""
    heads = ["\u2026\u2026", "\u3001\u3002", "\uff0c\uff01", "\u3042\u3044", "\u30a2\u30a4"]
    shown = {head.encode()[:2].decode(encoding, "ignore") for head in heads for encoding in WIDE_ENCODINGS}
    return re.compile(f"[{_as_class(char for char in shown if len(char) == 1)}]")


def _suspicious_places(field: Field) -> list[int]:
    """Return places of the lines that may be misread, in order."""
    text, script, home = field.text, field.alphabet.script, script_of_language(field.language)
    pairs, in_latin_words = _suspicious_pairs(script)
    places = [match.start() for match in pairs.finditer(text) if _any_sequence().match(text, match.start())]
    if script not in ("Latin", home):
        places += [match.start() for match in in_latin_words.finditer(text)]
    if script in {misreading.script for misreading in misreadings()} - {"Latin"}:
        places += [match.start() for match in _suspicious_signs().finditer(text)]
    if home == "East Asian":
        places += [match.start() for match in _suspicious_wide().finditer(text)]
    elif script == "East Asian" or WIDE.search(field.odd):
        places += [match.start() for match in _LINE_WITH_WIDE.finditer(text)]
    if home != "Latin" and (script == "Latin" or _ACCENTED.search(field.odd)):
        places += [match.start() for match in _ACCENTED.finditer(text)]
    if home == "Cyrillic":
        places += [match.start() for match in _SWAPPED_CASE.finditer(text)]
        places += [match.start() for match in _strange_cyrillic(field.language).finditer(text)]
    return sorted(places)


_LINE_WITH_WIDE = re.compile(f"{WIDE.pattern}.*")
_ACCENTED = re.compile("[\u00c0-\u00ff]")
# Small letters of KOI8-R become capitals in other encodings.
_SWAPPED_CASE = re.compile("[\u0410-\u042f][\u0410-\u042f](?<=[\u0430-\u044f]..)")


@lru_cache(maxsize=64)
def _strange_cyrillic(language: str) -> re.Pattern[str]:
    """Return a quick pattern for letters that a language has not, after the first bytes of Cyrillic in Windows-1251."""
    (windows,) = (misreading for misreading in misreadings() if misreading.name == "cp1251")
    letters = {char for char in windows.follows if is_letter(char) and char not in main_letters(language)}
    return re.compile(rf"[{_as_class(letters)}](?<=[{bytes((0xD0, 0xD1)).decode('cp1251')}].)")


def _as_class(chars: Iterable[str]) -> str:
    return re.escape("".join(sorted(chars)))


# First bytes in some encodings, but frequent in text: quotation marks, and the d of Vietnamese.
_FREQUENT = frozenset("\u00a0\u00ab\u00bb\u00f7\u0111\u2018\u2019\u201c\u201d\u201e\u2026")
