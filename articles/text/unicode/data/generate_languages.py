"""Generator of languages.txt: `python articles/text/unicode/data/generate_languages.py FOLDER`.

FOLDER holds five npm packages of CLDR 48.2.0, unpacked into folders of their names: cldr-core, cldr-misc-full,
cldr-numbers-full, cldr-dates-full and cldr-localenames-full. To get them:

    for name in cldr-core cldr-misc-full cldr-numbers-full cldr-dates-full cldr-localenames-full; do
        npm pack $name@48.2.0 && mkdir $name && tar xzf $name-48.2.0.tgz -C $name --strip-components=1
    done

The site needs none of them: articles/text/unicode/languages.py reads the file.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import regex
import unicodedata2

FOLDER = Path(__file__).parent
VERSION = "48.2.0"
HEADER = f"""\
# Languages: scripts, letters, digits, spaces, own names and territories; articles/text/unicode/languages.py describes the sections.
# CLDR {VERSION}, from the npm packages cldr-core, cldr-misc-full, cldr-numbers-full, cldr-dates-full, cldr-localenames-full.
# Copyright Unicode, Inc. Licence: Unicode-3.0, https://www.unicode.org/license.txt
"""
# Codes of ISO 15924 for several scripts together, and for styles of one script.
SHARED = dict.fromkeys("Hanb Hang Hani Hans Hant Hira Hrkt Jamo Jpan Kana Kore Bopo".split(), "East Asian")
SHARED |= {"Aran": "Arabic", "Cyrs": "Cyrillic", "Latf": "Latin", "Latg": "Latin"}
SHARED |= dict.fromkeys("Syre Syrj Syrn".split(), "Syriac")

Json = dict[str, Any]


class Cldr:
    """The packages, and the scripts that languages are likely written in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = json.loads(folder.joinpath("cldr-core/package.json").read_text())["version"]
        if found != VERSION:
            raise SystemExit(f"The packages are of CLDR {found}, not {VERSION}.")
        likely: dict[str, str] = self.supplemental("likelySubtags")["likelySubtags"]
        self.likely = {key: full.split("-")[1] for key, full in likely.items()}

    def supplemental(self, name: str) -> Json:
        path = self.folder / f"cldr-core/supplemental/{name}.json"
        content: Json = json.loads(path.read_text(encoding="utf-8"))["supplemental"]
        return content

    def locales(self, package: str, name: str) -> Iterator[tuple[str, Json]]:
        """Yield each locale with the content of a file of it; languages come before their variants."""
        for folder in sorted(self.folder.joinpath(package, "main").iterdir()):
            path = folder / name
            if path.exists() and folder.name != "und":
                yield folder.name, json.loads(path.read_text(encoding="utf-8"))["main"][folder.name]

    def full(self, locale: str) -> str:
        """Return a locale with its script, such as `sr-Cyrl-BA` for `sr-BA`."""
        language, *rest = locale.split("-")
        if rest and len(rest[0]) == 4 and rest[0].isalpha():
            return locale
        script = self.likely.get(f"{language}-{rest[0]}" if rest else language) or self.likely.get(language)
        return "-".join([language, script or "Latn", *rest])

    def records(self, values: Iterable[tuple[str, list[set[str]]]]) -> Iterator[str]:
        """Yield each locale with its sets of characters; of a region only what it adds to its language."""
        by_locale = {self.full(locale): sets for locale, sets in values}
        for locale, sets in sorted(by_locale.items()):
            language, script, *rest = locale.split("-")
            known = set().union(*by_locale.get(f"{language}-{script}", ())) if rest else set()
            if any(chars - known for chars in sets):
                yield "\t".join([locale, *(in_ranges(chars - known) for chars in sets)]).rstrip()


def script_names(cldr: Cldr) -> Iterator[str]:
    """Yield the code of each script with Unicode's long name and, if it is written right to left, "rtl"."""
    metadata: Json = json.loads(cldr.folder.joinpath("cldr-core/scriptMetadata.json").read_text())["scriptMetadata"]
    codes = {*metadata, *cldr.likely.values()} - SHARED.keys() - {"Zinh", "Zyyy", "Zzzz"}
    names: dict[str, str] = {}
    for record in FOLDER.joinpath("scripts.txt").read_text(encoding="ascii").splitlines():
        if not record.startswith("#"):
            point, name = record.split(";")[:2]
            if name not in names.values():
                names |= {code: name for code in codes if is_of_script(chr(int(point, 16)), code)}
    names |= SHARED
    direction = {code: "\trtl" for code, facts in metadata.items() if facts["rtl"] == "YES"} | {"Aran": "\trtl"}
    direction |= dict.fromkeys("Syre Syrj Syrn".split(), "\trtl")
    yield from (f"{code}\t{name}{direction.get(code, '')}" for code, name in sorted(names.items()))


def is_of_script(char: str, code: str) -> bool:
    try:
        return bool(regex.match(rf"\p{{Script={code}}}", char))
    except regex.error:
        return False  # a script that Unicode does not have yet


def likely_scripts(cldr: Cldr) -> Iterator[str]:
    """Yield each script with the languages likely written in it, and `language-REGION` where another one is likely."""
    tags: dict[str, list[str]] = {}
    for tag, script in cldr.likely.items():
        language, *rest = tag.split("-")
        is_region = len(rest) == 1 and len(rest[0]) < 4 and script != cldr.likely.get(language)
        if language != "und" and not rest or is_region:
            tags.setdefault(script, []).append(tag)
    yield from (f"{script}\t{' '.join(sorted(languages))}" for script, languages in sorted(tags.items()))


def aliases(cldr: Cldr) -> Iterator[str]:
    """Yield deprecated and overlong codes and codes of the main language of a macrolanguage, with what replaces them."""
    for tag, facts in sorted(cldr.supplemental("aliases")["metadata"]["alias"]["languageAlias"].items()):
        # With several replacements, the first is the main one.
        replacement = facts["_replacement"].split(" ")[0].replace("_", "-")
        if not tag.startswith("und"):
            yield f"{tag.lower()}\t{replacement}"


CLUSTER = regex.compile(r"\{((?:\\.|[^}])*)\}")
ESCAPE = regex.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")


def exemplars(unicode_set: str) -> set[str]:
    """Return the letters and marks of a UnicodeSet of CLDR (UTS #35 part 2, section 3), in NFC.

    Of a cluster such as `{ch}`, each code point counts. Digits, ASCII punctuation and invisible characters do not.
    """
    chars: set[str] = set()
    inner = unicode_set.removeprefix("[").removesuffix("]")
    for cluster in CLUSTER.findall(inner):
        chars.update(plain(cluster))
    inner = CLUSTER.sub(" ", inner)
    for first, last in regex.findall(r"(\w)-(\w)", inner):
        chars.update(map(chr, range(ord(first), ord(last) + 1)))
    for part in plain(inner).split():
        chars.update(part)
    return {char for char in chars if is_letter(char)}


def plain(text: str) -> str:
    """Return text without the escapes of a UnicodeSet, in NFC."""
    text = ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)) if match[1] or match[2] else match[3], text)
    return str(unicodedata2.normalize("NFC", text))


def is_letter(char: str) -> bool:
    kind = unicodedata2.category(char)
    return char.isalpha() if char.isascii() else kind[0] in "LMSP" or kind in ("Nl", "No")


def in_ranges(chars: Iterable[str]) -> str:
    """Return code points in hexadecimal, with runs as `first-last`."""
    runs: list[list[int]] = []
    for point in sorted(map(ord, chars)):
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return " ".join(f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in runs)


def letters(cldr: Cldr) -> Iterator[tuple[str, list[set[str]]]]:
    """Yield each locale with its main and its auxiliary exemplars, in lower case."""
    for locale, content in cldr.locales("cldr-misc-full", "characters.json"):
        characters = content["characters"]
        main = exemplars(characters.get("exemplarCharacters", ""))
        auxiliary = exemplars(characters.get("auxiliary", "")) - main
        if main:
            yield locale, [main, auxiliary]


def digits(cldr: Cldr) -> Iterator[tuple[str, list[set[str]]]]:
    """Yield each locale with the zeros of its default and native digits, without "0"."""
    systems = cldr.supplemental("numberingSystems")["numberingSystems"]
    zeros = {name: facts["_digits"][0] for name, facts in systems.items() if facts["_type"] == "numeric"}
    for locale, content in cldr.locales("cldr-numbers-full", "numbers.json"):
        numbers = content["numbers"]
        names = {numbers["defaultNumberingSystem"], numbers["otherNumberingSystems"]["native"]}
        found = {zeros[name] for name in names if unicodedata2.category(zeros.get(name, " ")) == "Nd"}
        yield locale, [found - {"0"}]


SPACES = regex.compile("[\u2000-\u200a\u202f]")
# What every locale inherits says nothing about a language: the space of a mixed number, of a period of the day
# ("4 p.m."), of an interval and of the West African franc.
INHERITED = regex.compile("\u202f(?=[aB])|(?<=[aB])\u202f|\u2009\u2013\u2009")
NOT_OF_THE_LANGUAGE = {"XOF", "intervalFormats", "iso8601", "generic", "units"}


def spaces(cldr: Cldr) -> Iterator[tuple[str, list[set[str]]]]:
    """Yield each locale with the no-break and thin spaces of its formats, other than U+00A0, which all have."""
    found: dict[str, set[str]] = {}
    for package, name in (
        ("cldr-misc-full", "characters.json"),
        ("cldr-numbers-full", "numbers.json"),
        ("cldr-numbers-full", "currencies.json"),
        ("cldr-dates-full", "ca-gregorian.json"),
        ("cldr-dates-full", "dateFields.json"),
        ("cldr-localenames-full", "localeDisplayNames.json"),
    ):
        for locale, content in cldr.locales(package, name):
            for text in formats(content):
                found.setdefault(locale, set()).update(SPACES.findall(INHERITED.sub("", text)))
    yield from ((locale, [chars]) for locale, chars in found.items())


def formats(content: Any) -> Iterator[str]:
    """Yield the texts of a part of a locale."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            if key not in NOT_OF_THE_LANGUAGE and not key.startswith(("rational", "parseLenient")):
                yield from formats(value)


WORD = regex.compile(r"[\p{L}\p{M}]++")


def own_names(cldr: Cldr) -> str:
    """Return the words beyond ASCII of the names that languages have for themselves, and for their variants."""
    words = set()
    for locale, content in cldr.locales("cldr-localenames-full", "languages.json"):
        language = locale.split("-")[0]
        for tag, name in content["localeDisplayNames"]["languages"].items():
            if tag.split("-")[0] == language:
                words.update(WORD.findall(unicodedata2.normalize("NFC", name).lower()))
    return " ".join(sorted(word for word in words if not word.isascii()))


def territories(cldr: Cldr) -> Iterator[str]:
    """Yield each region with the languages that have an official status there; the European Union has all of its."""
    official: dict[str, list[str]] = {}
    for region, facts in cldr.supplemental("territoryInfo")["territoryInfo"].items():
        uses: dict[str, Json] = facts.get("languagePopulation", {})
        official[region] = [tag.replace("_", "-") for tag, use in uses.items() if "_officialStatus" in use]
    union = cldr.supplemental("territoryContainment")["territoryContainment"]["EU"]["_contains"]
    official["EU"] = sorted({tag for region in union for tag in official[region]})
    yield from (f"{region}\t{' '.join(tags)}" for region, tags in sorted(official.items()) if tags)


def main() -> None:
    cldr = Cldr(Path(sys.argv[1]))
    sections = {
        "script names": script_names(cldr),
        "scripts": likely_scripts(cldr),
        "aliases": aliases(cldr),
        "letters": cldr.records(letters(cldr)),
        "digits": cldr.records(digits(cldr)),
        "spaces": cldr.records(spaces(cldr)),
        "own names": [own_names(cldr)],
        "territories": territories(cldr),
    }
    with FOLDER.joinpath("languages.txt").open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER)
        for name, records in sections.items():
            file.write(f"[{name}]\n")
            file.writelines(f"{record}\n" for record in records)


if __name__ == "__main__":
    main()
