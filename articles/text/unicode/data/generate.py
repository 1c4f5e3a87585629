"""Generator of the data in this folder: `python articles/text/unicode/data/generate.py`.

The Unicode files come from the package glyphguard. The word lists come from the package wordfreq 3.1.1, and are
left as they are if it is not installed. The site needs neither: articles/text/unicode/tables.py reads the files.
"""

import re
from collections.abc import Iterable
from importlib.util import find_spec
from math import log10
from pathlib import Path

import regex
import unicodedata2
from glyphguard._data import ucd

FOLDER = Path(__file__).parent


def write(name: str, about: str, lines: Iterable[str]) -> None:
    """Write a file: a header that names source, version and licence, then one record a line."""
    header = (
        f"# {about}",
        f"# Unicode {ucd.UNICODE_VERSION}, from the package glyphguard 0.3.0.",
        "# Copyright Unicode, Inc. Licence: Unicode-3.0, https://www.unicode.org/license.txt",
    )
    FOLDER.joinpath(name).write_text("\n".join([*header, *lines]) + "\n", encoding="ascii")


def confusables() -> Iterable[str]:
    for source, target in zip(ucd.CONFUSABLE_SOURCES, ucd.CONFUSABLE_TARGETS, strict=True):
        yield f"{source:04X};{' '.join(f'{point:04X}' for point in target)}"


def scripts() -> Iterable[str]:
    """Yield runs of code points of one script, with Script_Extensions after a semicolon if there are any."""
    extensions = {}
    bounds = [*ucd.SCRIPT_EXTENSION_STARTS, 0x110000]
    for start, end, value in zip(bounds, bounds[1:], ucd.SCRIPT_EXTENSION_VALUES, strict=False):
        # Index 0 means "none": the sets count from one.
        if value:
            extensions.update(dict.fromkeys(range(start, end), ucd.SCRIPT_EXTENSION_SETS[value - 1]))
    bounds = [*ucd.SCRIPT_STARTS, 0x110000]
    last = None
    for start, end, value in zip(bounds, bounds[1:], ucd.SCRIPT_VALUES, strict=False):
        for point in range(start, end):
            record = ucd.SCRIPT_NAMES[value]
            if point in extensions:
                record += ";" + " ".join(ucd.SCRIPT_NAMES[script] for script in extensions[point])
            if record != last:
                yield f"{point:04X};{record}"
                last = record


def identifiers() -> Iterable[str]:
    yield from (f"{start:04X};{end - 1:04X}" for start, end in pairs(ucd.IDENTIFIER_ALLOWED))


def variations() -> Iterable[str]:
    """Yield base code points by selector. The package stores a sequence as base << 21 | selector."""
    bases: dict[int, list[int]] = {}
    for sequence in sorted(ucd.VARIATION_SEQUENCES):
        bases.setdefault(sequence & 0x1FFFFF, []).append(sequence >> 21)
    for selector, points in sorted(bases.items()):
        yield f"{selector:04X};{' '.join(f'{point:04X}' for point in points)}"


# Letters, small and capital, with an exact look-alike in one other script. Only words of these letters can be
# written wholly in that script, so rarer words are listed only if they consist of these letters.
DISGUISES = {
    "Latin": ("abcdeghijlopqrsvwxy", "ABCEFGHIJKMNOPQSTVWXYZ"),
    "Cyrillic": ("\u0430\u0441\u0435\u0440\u043e\u0445\u0443\u0456\u0458\u0455", "\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425\u0423\u0406\u0408\u0405"),
    "Greek": ("\u03b1\u03b3\u03b9\u03bd\u03bf\u03c1\u03c5", "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"),
}
# Letters of listed words: letters that other scripts have look-alikes of.
ALPHABETS = {
    "Latin": re.compile(r"[a-z]+"),
    "Cyrillic": re.compile("[\u0430-\u044f\u0451-\u045c\u045f\u0491]+"),
    "Greek": re.compile("[\u03ac-\u03ce]+"),
}
SCRIPTS = dict.fromkeys(("bg", "mk", "ru", "sr", "uk"), "Cyrillic") | {"el": "Greek"}
LATIN = "ca cs da de es fi fil fr hu id is it lt lv ms nb nl pl pt ro sh sk sl sv tr vi".split()
# The lowest Zipf frequency of any listed word, and of a word that can be disguised (3: once in a million words).
FREQUENCIES = {"en": (4.0, 3.0)} | dict.fromkeys([*LATIN, *SCRIPTS], (4.2, 3.4))


# Serbian is written letter by letter in either script, with three letters for pairs of Latin ones.
SERBIAN = str.maketrans(
    "abvgd\u0111e\u017ezijklmnoprst\u0107ufhc\u010d\u0161\u01c9\u01cc\u01c6",
    "\u0430\u0431\u0432\u0433\u0434\u0452\u0435\u0436\u0437\u0438\u0458\u043a\u043b\u043c\u043d\u043e\u043f\u0440\u0441\u0442\u045b\u0443\u0444\u0445\u0446\u0447\u0448\u0459\u045a\u045f",
)
# Words in which a prefix may end between the two letters of a pair.
AMBIGUOUS = re.compile("(?:in|kon)j(?:e|u)k|(?:na|o|po|pre)d\u017e")


def in_cyrillic(word: str) -> str:
    """Return a Serbian word in Cyrillic letters; an empty string if that is not certain."""
    if AMBIGUOUS.match(word):
        return ""
    for pair, letter in (("lj", "\u01c9"), ("nj", "\u01cc"), ("d\u017e", "\u01c6")):
        word = word.replace(pair, letter)
    return word.translate(SERBIAN)


def listed_words(language: str) -> dict[str, float]:
    """Return the share of each word of a language in all its words, as wordfreq has it."""
    from wordfreq import get_frequency_dict

    words: dict[str, float] = get_frequency_dict("sh" if language == "sr" else language, wordlist="best")
    if language == "sr":
        return {in_cyrillic(word): share for word, share in words.items()}
    if language == "el":  # wordfreq folds the final sigma
        return {re.sub("\u03c3$", "\u03c2", word): share for word, share in words.items()}
    return words


def common_words(language: str) -> list[str]:
    lowest, lowest_disguised = FREQUENCIES[language]
    script = SCRIPTS.get(language, "Latin")
    small, capital = map(set, DISGUISES[script])
    words = []
    for word, share in listed_words(language).items():
        if len(word) >= 2 and ALPHABETS[script].fullmatch(word):
            frequency = round(log10(share) + 9, 2)
            can_be_disguised = len(word) >= 4 and (
                small.issuperset(word) or capital.issuperset(without_tonos(word).upper())
            )
            if frequency >= (5.0 if len(word) < 4 else lowest_disguised if can_be_disguised else lowest):
                words.append(word)
            elif language == "en" and len(word) == 3 and is_used_elsewhere(word):
                words.append(word)
    return sorted(words)


def without_tonos(word: str) -> str:
    """Return a word as capitals have it in Greek; Macedonian letters keep their accent."""
    if not ALPHABETS["Greek"].fullmatch(word):
        return word
    return str(unicodedata2.normalize("NFC", unicodedata2.normalize("NFD", word).replace("\u0301", "")))


# Latin capitals that look like those of another script.
CAPITALS = {
    "Cyrillic": str.maketrans("ABCEHIJKMOPSTXY", "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423"),
    "Greek": str.maketrans("ABEHIKMNOPTXYZ", "\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7\u03a5\u0396"),
}


def is_used_elsewhere(word: str) -> bool:
    """Return whether English capitals may be meant where they look like a word of another script, such as BOT and TOM.

    They are not if that word is three hundred times as frequent in its language.
    """
    from wordfreq import zipf_frequency

    frequency = zipf_frequency(word, "en")
    readings = {language: word.upper().translate(CAPITALS[script]) for language, script in SCRIPTS.items()}
    others = [
        zipf_frequency(reading.lower(), language)
        for language, reading in readings.items()
        if language != "sr" and not any(map(str.isascii, reading))
    ]
    return bool(frequency >= 3.5 and 5 <= max(others, default=0) < frequency + 2.5)


FREQUENT = 200  # words of a language, nearly half of all words in its texts
OTHER_SCRIPTS = {"ar": "Arabic", "bn": "Bengali", "fa": "Arabic", "he": "Hebrew", "hi": "Devanagari", "ta": "Tamil"}
OTHER_SCRIPTS |= {"ur": "Arabic"}


def frequent_words() -> Iterable[str]:
    """Yield each language with its most frequent words, without words that are far more frequent in another one."""
    words: dict[str, dict[str, float]] = {}
    highest: dict[str, float] = {}
    for language in sorted([*FREQUENCIES, *OTHER_SCRIPTS]):
        script = OTHER_SCRIPTS.get(language) or SCRIPTS.get(language, "Latin")
        is_word = regex.compile(rf"[\p{{Script={script}}}\p{{M}}]{{2,}}").fullmatch
        words[language] = {word: share for word, share in listed_words(language).items() if is_word(word)}
        for word, share in words[language].items():
            highest[word] = max(share, highest.get(word, 0))
    for language, shares in words.items():
        own = sorted((-share, word) for word, share in shares.items() if share * 8 > highest[word])
        yield " ".join([language, *sorted(word for _, word in own[:FREQUENT])])


def write_words(name: str, about: str, lines: Iterable[str]) -> None:
    header = (
        f"# {about}, from the package wordfreq 3.1.1 (Robyn Speer).",
        "# Licence of this file: CC-BY-SA-4.0, https://creativecommons.org/licenses/by-sa/4.0/ . Sources of wordfreq:",
        "# Google Books Ngrams (http://books.google.com/ngrams), Leeds Internet Corpus, Wikipedia, ParaCrawl,",
        "# OPUS OpenSubtitles 2018 (http://www.opensubtitles.org/), SUBTLEX, and others its README names.",
    )
    FOLDER.joinpath(name).write_text("\n".join([*header, *lines]) + "\n", encoding="utf-8")


def pairs(bounds: tuple[int, ...]) -> Iterable[tuple[int, int]]:
    return zip(bounds[::2], bounds[1::2], strict=True)


def main() -> None:
    if ucd.UNICODE_VERSION != unicodedata2.unidata_version:
        raise SystemExit(
            f"glyphguard holds Unicode {ucd.UNICODE_VERSION}, unicodedata2 {unicodedata2.unidata_version}"
        )
    write("confusables.txt", "Prototypes (UTS #39 section 4): source;target", confusables())
    write(
        "scripts.txt",
        "Script and Script_Extensions: first code point of a run;script[;extensions]",
        scripts(),
    )
    write("identifiers.txt", "Identifier_Status=Allowed (UTS #39 section 3.1): first;last", identifiers())
    write("variations.txt", "Standardized and emoji variation sequences: selector;bases", variations())
    if find_spec("wordfreq"):
        for language in FREQUENCIES:
            about = f"The commonest words of language {language}, in plain letters"
            write_words(f"words-{language}.txt", about, common_words(language))
        write_words("frequent-words.txt", "The most frequent words of each language", frequent_words())


if __name__ == "__main__":
    main()
