"""Places that may be misread, found by quick searches that clean text of most languages passes without a hit."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from articles.text.checks.codepages import WIDE
from articles.text.checks.fields import Field
from articles.text.checks.fitting import has_signs
from articles.text.unicode.encodings import WIDE_ENCODINGS, misreadings
from articles.text.unicode.languages import main_letters
from articles.text.unicode.scripts import script_group, script_of_language

# First bytes in some encodings, but frequent in text: quotation marks, and the d of Vietnamese.
_FREQUENT = frozenset("\u00a0\u00ab\u00bb\u00f7\u0111\u2018\u2019\u201c\u201d\u201e\u2026")
_LINE_WITH_WIDE = re.compile(f"{WIDE.pattern}.*")
_ACCENTED = re.compile("[\u00c0-\u00ff]")
# Small letters of KOI8-R become capitals in other encodings.
_SWAPPED_CASE = re.compile("[\u0410-\u042f][\u0410-\u042f](?<=[\u0430-\u044f]..)")


def suspicious_places(field: Field) -> list[int]:
    """Return places of the lines that may be misread, in order."""
    text, script, home = field.text, field.alphabet.script, script_of_language(field.language)
    places = [
        match.start()
        for match in _suspects(script, field.language).finditer(text)
        if match["second"] is None or _any_sequence().match(text, match.start())
    ]
    if script not in ("Latin", home):
        places += [match.start() for match in _in_latin_words().finditer(text)]
    if home != "East Asian" and (script == "East Asian" or WIDE.search(field.odd)):
        places += [match.start() for match in _LINE_WITH_WIDE.finditer(text)]
    if home != "Latin" and (script == "Latin" or _ACCENTED.search(field.odd)):
        places += [match.start() for match in _ACCENTED.finditer(text)]
    if home == "Cyrillic":
        places += [match.start() for match in _SWAPPED_CASE.finditer(text)]
    return sorted(places)


@lru_cache(maxsize=64)
def _suspects(script: str, language: str) -> re.Pattern[str]:
    """Return a pattern for what a text in a script hardly has; one search takes a third of the time of three.

    First, two characters that may be misread, without letters of the script; the second one is in a group. If an
    encoding has letters of the script, signs that stand in no word, beside a character beyond ASCII. In Cyrillic,
    letters that the language has not, after the first bytes of Cyrillic in Windows-1251. In East Asian languages,
    characters that misread punctuation and kana begin with, two in a line.
    """
    leads, follows = _leads(), _follows()
    if script != "Latin":
        leads = frozenset(char for char in leads if script_group(char) != script)
        follows = frozenset(char for char in follows if script_group(char) != script)
    choices = [f"(?<=[{_as_class(leads)}])(?P<second>[{_as_class(follows)}])"]
    first = set(leads)
    if script in {misreading.script for misreading in misreadings()} - {"Latin"}:
        signs = set(filter(has_signs, _follows() - _FREQUENT))
        choices.append(rf"(?<=[{_as_class(signs)}])(?:(?<=[^\x00-\x7f\s].)|(?=[^\x00-\x7f\s]))")
        first |= signs
    if script == "Cyrillic":
        letters = {char for char in _follows() if script_group(char) == script} - main_letters(language)
        choices.append(rf"(?<=[{bytes((0xD0, 0xD1)).decode('cp1251')}][{_as_class(letters)}])")
        first |= letters
    if script_of_language(language) == "East Asian":
        heads = _as_class(_wide_heads())
        choices.append(f"(?<=[{heads}])(?=[^\n]*[{heads}])")
        first |= _wide_heads()
    return re.compile(f"[{_as_class(first)}](?:{'|'.join(choices)})")


@cache
def _in_latin_words() -> re.Pattern[str]:
    return re.compile(f"(?<=[A-Za-z])[{_as_class(_leads())}][{_as_class(_follows())}]")


@cache
def _any_sequence() -> re.Pattern[str]:
    return re.compile("|".join(misreading.sequences.pattern for misreading in misreadings()))


def _leads() -> frozenset[str]:
    return frozenset().union(*(misreading.leads for misreading in misreadings())) - _FREQUENT


def _follows() -> frozenset[str]:
    return frozenset().union(*(misreading.follows for misreading in misreadings()))


@cache
def _wide_heads() -> frozenset[str]:
    """Return the characters of East Asian encodings that misread punctuation and kana begin with."""
    starts = [char.encode()[:2] for char in "\u2026\u3001\uff0c\u3042\u30a2"]
    shown = {start.decode(encoding, "ignore") for start in starts for encoding in WIDE_ENCODINGS}
    return frozenset(char for char in shown if len(char) == 1)


def _as_class(chars: Iterable[str]) -> str:
    return re.escape("".join(sorted(chars)))
