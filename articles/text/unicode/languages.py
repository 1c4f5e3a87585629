"""Languages: their scripts, letters, digits, spaces and own names, from the data of CLDR 48.2.

A language is given by a BCP 47 tag that an author may have typed: case, underscores and unknown parts are no error.
Nothing is loaded before the first question. Sections of data/languages.txt, whose fields are separated by tabs:

- script names: code of ISO 15924; the standard's long name, "East Asian" for scripts used together; "rtl"
- scripts: code; languages that are likely written in it, and `language-REGION` where the region decides
- aliases: old, deprecated and overlong tags; the tag that replaces each
- letters: `language-Script`; main exemplars; auxiliary exemplars. Code points in hexadecimal, runs as `first-last`
- digits: `language-Script`; the zeros of its digits, without the ASCII one
- spaces: `language-Script`; no-break and thin spaces, without U+00A0
- own names: words of names of languages in themselves
- territories: region; the languages that have an official status there

In letters, digits and spaces, `language-Script-REGION` adds to its language. The file is written by
data/generate_languages.py.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

_DATA = Path(__file__).parent / "data"
_NONE: frozenset[str] = frozenset()


class Tag(NamedTuple):
    """A tag as CLDR understands it: with the code of its script, and of its region if it names one."""

    language: str
    script: str
    region: str


@cache
def _sections() -> dict[str, dict[str, str]]:
    """Return the records of each section by their first field."""
    sections: dict[str, dict[str, str]] = {}
    for line in _DATA.joinpath("languages.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            records = sections.setdefault(line.strip("[]"), {})
        elif not line.startswith("#"):
            key, _, value = line.partition("\t")
            records[key] = value
    return sections


@cache
def _likely_scripts() -> dict[str, str]:
    return {tag: code for code, tags in _sections()["scripts"].items() for tag in tags.split()}


@lru_cache(maxsize=1024)
def parse(tag: str) -> Tag:
    """Return the parts of a tag, with the likely script if it names none; Latin is likely if nothing else is known.

    >>> parse("SR_latn"), parse("zh-HK").script, parse("iw").language
    (Tag(language='sr', script='Latn', region=''), 'Hant', 'he')
    """
    subtags = tag.replace("_", "-").lower().split("-")
    aliases = _sections()["aliases"]
    for length in (3, 2, 1):
        if replacement := aliases.get("-".join(subtags[:length])):
            subtags = [*replacement.lower().split("-"), *_without_extensions(subtags[length:])]
            break
    language, *rest = _without_extensions(subtags) or ["und"]
    likely = _likely_scripts()
    if rest and len(rest[0]) == 3 and rest[0] in likely:
        language = rest[0]  # an extended language subtag (RFC 5646 section 2.2.2), such as `zh-yue`
    # What the tag says comes after what replaced an alias.
    codes = [part.title() for part in rest if len(part) == 4 and part.title() in _sections()["script names"]]
    regions = [part.upper() for part in rest if (len(part), part.isalpha()) in ((2, True), (3, False))]
    region = regions[-1] if regions else ""
    script = codes[-1] if codes else likely.get(f"{language}-{region}") or likely.get(language, "Latn")
    return Tag(language, script, region)


def _without_extensions(subtags: list[str]) -> list[str]:
    """Return the subtags before the first of one character: extensions and private use follow it."""
    ends = [place for place, part in enumerate(subtags) if len(part) < 2]
    return subtags[: ends[0]] if ends else subtags


def is_known(tag: str) -> bool:
    """Return whether CLDR knows the language of a tag. If not, nothing but a script in the tag tells its script."""
    return parse(tag).language in _likely_scripts()


def script_name(tag: str) -> str:
    """Return the long name of the script that a language is written in; "East Asian" for Han, kana and Hangul."""
    return _sections()["script names"].get(parse(tag).script, "Latin").partition("\t")[0]


@cache
def script_code(name: str) -> str:
    """Return the code of ISO 15924 of a script by its long name; of several, the one of most languages.

    >>> script_code("Cyrillic")
    'Cyrl'
    """
    scripts = _sections()["scripts"]
    codes = [
        code for code, record in _sections()["script names"].items() if record.partition("\t")[0] == name
    ]
    return max(codes, key=lambda code: len(scripts.get(code, "")), default="Zyyy")


def direction(tag: str) -> Literal["rtl", "ltr"]:
    """Return the direction of a language's script.

    >>> direction("ur"), direction("ur-Latn"), direction("az-Arab"), direction("")
    ('rtl', 'ltr', 'rtl', 'ltr')
    """
    is_right_to_left = _sections()["script names"].get(parse(tag).script, "").endswith("\trtl")
    return "rtl" if is_right_to_left else "ltr"


def _records(section: str, tag: str) -> Iterator[str]:
    """Yield what a section holds on a language in its script, then what its region adds."""
    language, script, region = parse(tag)
    for key in (f"{language}-{script}", f"{language}-{script}-{region}"):
        if record := _sections()[section].get(key):
            yield record


def _characters(ranges: str) -> Iterator[str]:
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


@lru_cache(maxsize=512)
def letters(tag: str) -> frozenset[str]:
    """Return the letters and marks of a language in both cases, with those of loan words (auxiliary exemplars).

    Of letters that are written with several code points, each counts. Empty if CLDR has none for the language in
    its script: then only the script tells what is foreign.

    >>> sorted(letters("en") - letters("en-Latn-ZA")), len(letters("tg-Latn"))
    ([], 0)
    """
    return _in_both_cases(part for record in _records("letters", tag) for part in record.split("\t"))


@lru_cache(maxsize=64)
def main_letters(tag: str) -> frozenset[str]:
    """Return the letters and marks of a language's own words in both cases, without those of loan words."""
    return _in_both_cases(record.partition("\t")[0] for record in _records("letters", tag))


@cache
def languages_in(script: str) -> tuple[str, ...]:
    """Return the tags of the languages in a script that CLDR has letters of: `be` and `az-Cyrl` for Cyrillic."""
    names, tags = _sections()["script names"], []
    for key in _sections()["letters"]:
        language, code, *region = key.split("-")
        if not region and names[code].partition("\t")[0] == script:
            tags.append(language if _likely_scripts().get(language) == code else key)
    return tuple(tags)


def _in_both_cases(ranges: Iterator[str]) -> frozenset[str]:
    small = frozenset(char for part in ranges for char in _characters(part))
    other = {case for char in small for case in (char.upper(), char.lower()) if len(case) == 1}
    if "\N{LATIN SMALL LETTER SHARP S}" in small:
        other.add("\N{LATIN CAPITAL LETTER SHARP S}")
    if "\N{LATIN SMALL LETTER DOTLESS I}" in small:
        other.add("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}")
    return small | other


@lru_cache(maxsize=64)
def digits(tag: str) -> frozenset[str]:
    """Return the zeros of the digits of a language: "0", and those of its own.

    Without data on the language, the digits of all languages in its script.
    """
    own = list(_records("digits", tag))
    language, script, _ = parse(tag)
    if not own and script != "Latn" and f"{language}-{script}" not in _sections()["letters"]:
        own = [record for key, record in _sections()["digits"].items() if key.split("-")[1] == script]
    return frozenset("0").union(*map(_characters, own))


@lru_cache(maxsize=64)
def number_spaces(tag: str) -> frozenset[str]:
    """Return the no-break and thin spaces in a language's numbers, amounts, dates, times and punctuation.

    U+00A0 is among them in every language; U+202F in French, Finnish and others.
    """
    own = map(_characters, _records("spaces", tag))
    return frozenset("\N{NO-BREAK SPACE}").union(*own)


@cache
def own_names() -> frozenset[str]:
    """Return the words beyond ASCII, in lower case, of the names that languages have for themselves."""
    return frozenset(next(iter(_sections()["own names"])).split())


@cache
def _one_letter_words() -> dict[str, frozenset[str]]:
    lines = _DATA.joinpath("one-letter-words.txt").read_text(encoding="utf-8").splitlines()
    records = (line.split("\t") for line in lines if not line.startswith("#"))
    return {key: frozenset(words.split()) for key, words in records}


def one_letter_words(tag: str) -> frozenset[str]:
    """Return the words of one letter of a language, in lower case; none if they are not known.

    >>> sorted(one_letter_words("en-GB"))
    ['a', 'i']
    """
    language, script, _ = parse(tag)
    return _one_letter_words().get(f"{language}-{script}", _NONE)


def official_languages(region: str) -> tuple[str, ...]:
    """Return the languages with an official status in a region, such as `VN` or `vn`; none if it is unknown.

    >>> official_languages("fi")
    ('fi', 'sms', 'sv')
    """
    return tuple(_sections()["territories"].get(region.upper(), "").split())
