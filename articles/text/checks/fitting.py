"""How well text that was decoded anew fits a language."""

import re
from functools import lru_cache

from articles.text.unicode import tables
from articles.text.unicode.languages import letters
from articles.text.unicode.scripts import script_group, script_of_language

# Signs of texts in any language, as the insides of a character class.
_SIGNS = (
    "\u00a0-\u00a9\u00ab-\u00b9\u00bb-\u00bf\u00d7\u00f7\u05be\u060c\u061b\u061f\u066a-\u066c\u06d4\u0964\u0965"
    "\u200c\u200d\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2116\u2122\u2190-\u2193"
    "\u2212\u3001\u3002\u3008-\u3011\u3014-\u301f\uff01-\uff1f"
)
SIGN = re.compile(f"[{_SIGNS}]")
# Signs that may stand after a capital letter in any text.
CLOSERS = frozenset(
    "\u00a0\u00aa\u00ae\u00b0\u00b2\u00b3\u00b4\u00b7\u00ba\u00bb\u0384\u060c\u061b\u061f"
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u203a\u2122"
)
# Signs that may stand between two letters of a word.
JOINERS = frozenset("\u00ad\u00b7\u02bc\u200c\u200d\u2010\u2011\u2013\u2014\u2018\u2019")
_PICTURE = re.compile("[\u2600-\u27bf\ufe0f\U0001f300-\U0001faff]")
# Letters of Latin, Greek and Cyrillic that few languages have, or none any more.
_RARE = re.compile("[\u0180-\u0217\u021c-\u0373\u0376\u0377\u0460-\u052f]")


def own_letters(language: str) -> frozenset[str]:
    """Return the letters of a language; none if only its script tells them."""
    return frozenset() if script_of_language(language) == "East Asian" else letters(language)


def fit(text: str, language: str) -> int:
    """Return 2 if all characters belong to texts in a language, 1 if they may be in one, 0 otherwise.

    Latin letters, those of the language's script, pictures, and words of another script may be in one.
    """
    worst = min(fit_of(char, language) for char in text)
    if worst == 0 and len(text) > 2 and all(map(_is_everyday, text)):
        return int(len({script_group(char) for char in text if not SIGN.match(char)}) == 1)
    return worst


@lru_cache(maxsize=8192)
def fit_of(char: str, language: str) -> int:
    """Return the same for one character."""
    own = own_letters(language)
    script, home = script_group(char), script_of_language(language)
    if char in own or SIGN.match(char) or (not own and script in (home, None) and _is_everyday(char)):
        return 2
    may_be = script in (home, "Latin") and _is_everyday(char)
    return int(may_be or _PICTURE.match(char) is not None)


def _is_everyday(char: str) -> bool:
    if SIGN.match(char):
        return True
    return is_letter(char) and tables.is_allowed_in_identifiers(char) and not _RARE.match(char)


def is_letter(char: str) -> bool:
    """Return whether a string is one letter or mark."""
    return len(char) == 1 and tables.category(char)[0] in "LM"


def has_signs(text: str) -> bool:
    """Return whether there are signs other than those that stand in and after words."""
    return not all(is_letter(char) or char in JOINERS or char in CLOSERS for char in text)
