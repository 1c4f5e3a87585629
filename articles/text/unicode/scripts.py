"""Scripts: of languages, of code points, and the runs of scripts in a word."""

from dataclasses import dataclass
from functools import lru_cache

from articles.text.unicode import languages, tables

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


@lru_cache(maxsize=256)
def script_of_language(language: str) -> str:
    """Return the script that a language (BCP 47) is written in; Latin if nothing else is known.

    >>> script_of_language("sr-Latn"), script_of_language("uk")
    ('Latin', 'Cyrillic')
    """
    return languages.script_name(language)


@lru_cache(maxsize=8192)
def script_group(char: str) -> str | None:
    """Return the script that a code point belongs to, "East Asian" for several; None for common and enclosing ones."""
    extensions = tables.script_extensions(char)
    if extensions <= EAST_ASIAN:
        return "East Asian"
    own = tables.script(char)
    return None if own in ("Common", "Inherited", "Unknown") or tables.category(char) == "Me" else own


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
