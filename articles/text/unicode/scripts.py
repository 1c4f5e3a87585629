"""Scripts: of languages, of code points, and the runs of scripts in a word."""

from dataclasses import dataclass
from functools import lru_cache

from articles.text.unicode import tables

# Highly Restrictive (UTS #39 section 5.2): these may stand together, and with Latin.
EAST_ASIAN = frozenset({"Han", "Hiragana", "Katakana", "Hangul", "Bopomofo"})
# Scripts written without spaces, so that words of other scripts touch their words.
UNSPACED = frozenset(
    {"East Asian", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan", "Tai_Le", "New_Tai_Lue", "Tai_Tham"}
    | {"Tai_Viet", "Javanese", "Balinese", "Yi"}
)
# Scripts with letters that look alike: one foreign letter at the end of a word is not an affix.
ALIKE = frozenset(
    {"Latin", "Greek", "Cyrillic", "Armenian", "Coptic", "Cherokee", "Lisu", "Deseret", "Glagolitic"}
)

_LANGUAGES = {
    "Cyrillic": "ru uk be bg mk sr kk ky tg mn ba tt cv ce os sah udm av ab kv rue tyv krc kum mhr bua xal",
    "Greek": "el grc",
    "Armenian": "hy hyw",
    "Georgian": "ka xmf",
    "Hebrew": "he iw yi",
    "Arabic": "ar arz fa prs ur ps ckb ug sd ks pnb azb glk mzn",
    "Devanagari": "hi mr ne sa mai bho awa kok doi brx",
    "Bengali": "bn as bpy mni",
    "Gurmukhi": "pa",
    "Gujarati": "gu",
    "Oriya": "or",
    "Tamil": "ta",
    "Telugu": "te",
    "Kannada": "kn tcy",
    "Malayalam": "ml",
    "Sinhala": "si",
    "Thai": "th",
    "Lao": "lo",
    "Khmer": "km",
    "Myanmar": "my shn mnw",
    "Tibetan": "bo dz",
    "Ethiopic": "am ti",
    "Thaana": "dv",
    "Cherokee": "chr",
    "Canadian_Aboriginal": "iu cr oj",
    "Mongolian": "mvf",
    "Tifinagh": "zgh",
    "Nko": "nqo",
    "Ol_Chiki": "sat",
    "East Asian": "ja zh ko yue wuu nan lzh",
}
_SCRIPT_OF = {language: script for script, languages in _LANGUAGES.items() for language in languages.split()}
_SUBTAGS = {"latn": "Latin", "cyrl": "Cyrillic", "grek": "Greek", "arab": "Arabic", "deva": "Devanagari"}
_SUBTAGS |= {
    "hans": "East Asian",
    "hant": "East Asian",
    "hebr": "Hebrew",
    "beng": "Bengali",
    "armn": "Armenian",
}


@lru_cache(maxsize=256)
def script_of_language(language: str) -> str:
    """Return the script that a language (BCP 47) is written in; Latin if nothing else is known.

    >>> script_of_language("sr-Latn"), script_of_language("uk")
    ('Latin', 'Cyrillic')
    """
    first, *rest = language.replace("_", "-").lower().split("-")
    for subtag in rest:
        if subtag in _SUBTAGS:
            return _SUBTAGS[subtag]
    return _SCRIPT_OF.get(first, "Latin")


@lru_cache(maxsize=8192)
def script_group(char: str) -> str | None:
    """Return the script that a code point belongs to, "East Asian" for several; None for common code points."""
    extensions = tables.script_extensions(char)
    if extensions <= EAST_ASIAN:
        return "East Asian"
    own = tables.script(char)
    return None if own in ("Common", "Inherited", "Unknown") else own


@dataclass(frozen=True, slots=True)
class Run:
    """A run of letters of one script, from `start` to `end`; `letters` leaves out common marks and digits."""

    script: str
    start: int
    end: int
    letters: str


def script_runs(word: str) -> list[Run]:
    """Return the runs of scripts in a word, in order; code points of no single script belong to the run around."""
    runs: list[Run] = []
    script, start, end = "", 0, 0
    letters: list[str] = []
    groups = {char: script_group(char) for char in set(word)}
    for place, char in enumerate(word):
        group = groups[char]
        if group is None:
            continue
        if group != script:
            if letters:
                runs.append(Run(script, start, end, "".join(letters)))
            script, start, letters = group, place, []
        letters.append(char)
        end = place + 1
    if letters:
        runs.append(Run(script, start, end, "".join(letters)))
    return runs
