"""An imitation of a text spinner, for demonstration: it inserts look-alikes and leaves out letters.

Deterministic: the same text and seed give the same result under every version of Python.
"""

import random
import re

LOOK_ALIKES = {
    "a": "\N{CYRILLIC SMALL LETTER A}\N{LATIN SMALL LETTER ALPHA}",
    "c": "\N{CYRILLIC SMALL LETTER ES}\N{GREEK LUNATE SIGMA SYMBOL}",
    "d": "\N{CYRILLIC SMALL LETTER KOMI DE}\N{LATIN SMALL LETTER D WITH HOOK}",
    "e": "\N{CYRILLIC SMALL LETTER IE}",
    "g": "\N{ARMENIAN SMALL LETTER CO}\N{LATIN SMALL LETTER SCRIPT G}",
    "h": "\N{CYRILLIC SMALL LETTER SHHA}\N{ARMENIAN SMALL LETTER HO}",
    "i": "\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}",
    "l": "\N{CYRILLIC SMALL LETTER PALOCHKA}\N{NKO LETTER A}",
    "o": "\N{CYRILLIC SMALL LETTER O}\N{GREEK SMALL LETTER OMICRON}\N{NEW TAI LUE DIGIT ZERO}",
    "p": "\N{CYRILLIC SMALL LETTER ER}\N{GREEK SMALL LETTER RHO}",
    "r": "\N{CYRILLIC SMALL LETTER GHE}",
    "s": "\N{CYRILLIC SMALL LETTER DZE}",
    "u": "\N{ARMENIAN SMALL LETTER SEH}",
    "v": "\N{GREEK SMALL LETTER NU}",
    "w": "\N{CYRILLIC SMALL LETTER WE}",
    "y": "\N{CYRILLIC SMALL LETTER U}\N{CYRILLIC SMALL LETTER STRAIGHT U}",
    "T": "\N{CYRILLIC CAPITAL LETTER TE}",
    "A": "\N{GREEK CAPITAL LETTER ALPHA}",
    "M": "\N{GREEK CAPITAL LETTER MU}\N{CYRILLIC CAPITAL LETTER EM}",
}
REPLACED = 0.035  # shares of the letters, near those of texts found in the wild
LOST = 0.006
APOSTROPHE_LOST = 0.5

_KEPT = re.compile(r"(```.*?```|https?://[^\s)>]+|\[\^\w+\])", re.DOTALL)  # what would no longer work


def spin(text: str, *, seed: int) -> str:
    """Replace some letters of a text and leave out others, except in code, link targets and notes."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, nothing secret
    parts = _KEPT.split(text)
    return "".join(part if index % 2 else _spin_prose(part, chance) for index, part in enumerate(parts))


def _spin_prose(text: str, chance: random.Random) -> str:
    """Spin a part of prose. Calls only `random()`, whose sequence is the same in every version of Python."""
    spun = []
    for index, char in enumerate(text):
        draw = chance.random()
        inside_word = text[index - 1 : index].isalpha() and text[index + 1 : index + 2].isalpha()
        lost = APOSTROPHE_LOST if char == "'" else LOST if char.isalpha() else 0
        if inside_word and draw < lost:
            continue
        if char in LOOK_ALIKES and LOST <= draw < LOST + REPLACED:
            char = LOOK_ALIKES[char][int(chance.random() * len(LOOK_ALIKES[char]))]
        spun.append(char)
    return "".join(spun)
