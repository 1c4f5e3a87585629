"""Tables: properties of code points and lists of common words, from the files in data/.

All are of one Unicode version. Python's own tables are not used, since they differ from release to release.
"""

from bisect import bisect_right
from collections.abc import Iterator, Set
from functools import cache, lru_cache
from pathlib import Path

import unicodedata2

from articles.text.unicode.languages import parse

UNICODE_VERSION = "18.0.0"

DATA = Path(__file__).parent / "data"

CONTROL_NAMES = {
    0x00: "NULL",
    0x07: "BELL",
    0x08: "BACKSPACE",
    0x0B: "LINE TABULATION",
    0x0C: "FORM FEED",
    0x0D: "CARRIAGE RETURN",
    0x1B: "ESCAPE",
    0x7F: "DELETE",
    0x85: "NEXT LINE",
    0x9B: "CONTROL SEQUENCE INTRODUCER",
}


def read_records(name: str) -> list[str]:
    """Return the lines of a data file, without its header."""
    lines = DATA.joinpath(name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@lru_cache(maxsize=4096)
def name(char: str) -> str:
    """Return the standard's name of a code point in readable case; if it has none, the kind of code point.

    >>> name("\\u0430")
    'Cyrillic small letter a'
    """
    standard = unicodedata2.name(char, "")
    if not standard:
        point = ord(char)
        if point in CONTROL_NAMES:
            return f"control character {CONTROL_NAMES[point].lower()}"
        return {"Cc": "control character", "Co": "private-use character", "Cs": "surrogate"}.get(
            category(char), "noncharacter" if is_noncharacter(char) else "unassigned code point"
        )
    words = standard.split()
    proper = {part.upper() for part in script(char).split("_")} | {"LATIN", "GREEK", "CYRILLIC", "ARABIC"}
    return " ".join(
        word.capitalize() if word in proper else word.lower() if not word[-1].isdigit() else word
        for word in words
    )


@lru_cache(maxsize=8192)
def category(char: str) -> str:
    """Return the General_Category, two letters."""
    return str(unicodedata2.category(char))


@cache
def _scripts() -> tuple[list[int], list[tuple[str, frozenset[str]]]]:
    starts, values = [], []
    shared: dict[str, tuple[str, frozenset[str]]] = {}
    for record in read_records("scripts.txt"):
        start, value = record.split(";", 1)
        if value not in shared:
            own, _, extensions = value.partition(";")
            shared[value] = own, frozenset(extensions.split() or (own,))
        starts.append(int(start, 16))
        values.append(shared[value])
    return starts, values


@lru_cache(maxsize=8192)
def _script_record(char: str) -> tuple[str, frozenset[str]]:
    starts, values = _scripts()
    return values[bisect_right(starts, ord(char)) - 1]


def script(char: str) -> str:
    """Return the Script by its long name: `Latin`, `Common`, `Inherited`, `Unknown`."""
    return _script_record(char)[0]


def script_extensions(char: str) -> frozenset[str]:
    """Return the Script_Extensions: all scripts that the code point is used with."""
    return _script_record(char)[1]


def characters_with(name: str) -> Iterator[str]:
    """Yield the code points with a script among their Script_Extensions, in order."""
    starts, values = _scripts()
    for place, (_, extensions) in enumerate(values):
        if name in extensions:
            yield from map(chr, range(starts[place], starts[place + 1]))


def ranges_of(names: Set[str]) -> Iterator[tuple[str, str]]:
    """Yield the first and the last code point of each run of the scripts `names`, in order."""
    starts, values = _scripts()
    for place, (own, _) in enumerate(values):
        if own in names:
            yield chr(starts[place]), chr(starts[place + 1] - 1)


@cache
def _identifiers() -> tuple[list[int], list[int]]:
    ranges = [record.split(";") for record in read_records("identifiers.txt")]
    return [int(first, 16) for first, _ in ranges], [int(last, 16) for _, last in ranges]


@lru_cache(maxsize=8192)
def is_allowed_in_identifiers(char: str) -> bool:
    """Return whether Identifier_Status is Allowed (UTS #39 section 3.1): in everyday use in a living language."""
    firsts, lasts = _identifiers()
    place = bisect_right(firsts, ord(char)) - 1
    return place >= 0 and ord(char) <= lasts[place]


@cache
def _variations() -> dict[str, frozenset[str]]:
    bases_by_selector = {}
    for record in read_records("variations.txt"):
        selector, bases = record.split(";")
        bases_by_selector[chr(int(selector, 16))] = frozenset(chr(int(base, 16)) for base in bases.split())
    return bases_by_selector


def is_variation_sequence(base: str, selector: str) -> bool:
    """Return whether the standard lists the sequence, or it may be a registered ideographic one (UTS #37)."""
    if base in _variations().get(selector, ()):
        return True
    return "\N{VARIATION SELECTOR-17}" <= selector <= "\N{VARIATION SELECTOR-256}" and script(base) == "Han"


# Languages in a script that use the list of another language.
_LIST_OF = dict.fromkeys(("bs-Latn", "hr-Latn", "sr-Latn"), "sh") | {"bs-Cyrl": "sr"}
_LIST_OF |= {"nn-Latn": "nb", "no-Latn": "nb"}


def common_words(tag: str) -> frozenset[str]:
    """Return the commonest words of a language (BCP 47), in plain lower-case letters; none if there is no list.

    `tag` may be any string, such as a tag that an author has not finished typing.
    """
    name = list_name(tag)
    return _word_list(name) if name in _listed_languages() else frozenset()


def list_name(tag: str) -> str:
    """Return the name under which the words of a language would be listed; empty if in another script than usual."""
    language, script, _ = parse(tag)
    usual = language if script == parse(language).script else ""
    return _LIST_OF.get(f"{language}-{script}", usual)


@cache
def frequent_words() -> dict[str, frozenset[str]]:
    """Return the most frequent words of each listed language, in lower case, by the name of the list."""
    records = [*read_records("frequent-words.txt"), *read_records("function-words.txt")]
    return {name: frozenset(words) for name, *words in map(str.split, records)}


def frequent_words_of(tag: str) -> frozenset[str]:
    """Return the most frequent words of a language (BCP 47), in lower case; none if there is no list."""
    return frequent_words().get(list_name(tag), frozenset())


@cache
def _listed_languages() -> frozenset[str]:
    return frozenset(path.stem.removeprefix("words-") for path in DATA.glob("words-*.txt"))


@cache
def _word_list(base: str) -> frozenset[str]:
    return frozenset(read_records(f"words-{base}.txt"))


def is_noncharacter(char: str) -> bool:
    """Return whether a code point is one of the 66 noncharacters."""
    return 0xFDD0 <= ord(char) <= 0xFDEF or ord(char) & 0xFFFE == 0xFFFE
