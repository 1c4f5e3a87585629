"""Invisible characters: joiners, breaks, fillers, selectors and tags, and where each has an effect."""

import regex
import unicodedata2

from articles.text.unicode import tables
from articles.text.unicode.scripts import UNSPACED, script_group

ZERO_WIDTH_SPACE, WORD_JOINER = "\N{ZERO WIDTH SPACE}", "\N{WORD JOINER}"
NON_JOINER, JOINER = "\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"
SOFT_HYPHEN = "\N{SOFT HYPHEN}"
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"

_JOINS_ON = regex.compile(
    r"[\p{Joining_Type=Dual_Joining}\p{Joining_Type=Left_Joining}\p{Joining_Type=Join_Causing}]"
)
_JOINS_BACK = regex.compile(
    r"[\p{Joining_Type=Dual_Joining}\p{Joining_Type=Right_Joining}\p{Joining_Type=Join_Causing}]"
)
_JOINING = regex.compile(
    r"[\p{Joining_Type=Dual_Joining}\p{Joining_Type=Right_Joining}\p{Joining_Type=Left_Joining}]"
)
_PICTOGRAPH = regex.compile(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]")
_LETTER = regex.compile(r"[\p{L}\p{M}\p{N}]")


def base_before(text: str, place: int) -> str:
    """Return the nearest code point before `place` that is a virama or not a nonspacing mark; '' if there is none."""
    for at in range(place - 1, max(-1, place - 12), -1):
        if tables.category(text[at]) != "Mn" or unicodedata2.combining(text[at]) == VIRAMA:
            return text[at]
    return ""


VIRAMA = 9  # Canonical_Combining_Class


def base_after(text: str, place: int) -> str:
    """Return the nearest code point after `place` that is a virama or not a nonspacing mark; '' if there is none."""
    for at in range(place + 1, min(len(text), place + 12)):
        if tables.category(text[at]) != "Mn" or unicodedata2.combining(text[at]) == VIRAMA:
            return text[at]
    return ""


def joiner_has_effect(text: str, place: int) -> bool:
    """Return whether a joiner or non-joiner stands where UTS #39 section 3.1.1.1 or UTS #51 gives it an effect.

    Rule A1: a non-joiner between letters that would join. Rules A2 and B: either one after a virama. Also: a joiner
    that keeps the joining form of a cursive letter, stands before a Bengali virama, or between pictographs.
    """
    previous = text[place - 1 : place]
    following = text[place + 1 : place + 2]
    if previous and unicodedata2.combining(previous) == VIRAMA:
        return True
    left, right = base_before(text, place), base_after(text, place)
    if text[place] == NON_JOINER:
        return bool(_JOINS_ON.match(left) and _JOINS_BACK.match(right)) and previous not in (
            NON_JOINER,
            JOINER,
        )
    if _JOINING.match(left) or _JOINING.match(right):
        return previous not in (NON_JOINER, JOINER)
    if following and unicodedata2.combining(following) == VIRAMA and script_group(previous) == "Bengali":
        return True
    if left == "\N{VARIATION SELECTOR-16}":
        left = text[place - 2 : place - 1]
    return bool(_PICTOGRAPH.match(left) and _PICTOGRAPH.match(right))


def is_break_in_unspaced(text: str, place: int) -> bool:
    """Return whether a zero width space stands near a letter of a script that is written without spaces."""
    groups = {script_group(char) for char in text[max(0, place - 2) : place + 3]}
    return bool(groups & (UNSPACED - {"East Asian"}))


FLAG = "\N{WAVING BLACK FLAG}"
# The tag sequences recommended for general interchange (UTS #51): England, Scotland and Wales.
FLAG_TAGS = regex.compile(
    "|".join(
        "".join(chr(0xE0000 + ord(char)) for char in region) + "\N{CANCEL TAG}"
        for region in ("gbeng", "gbsct", "gbwls")
    )
)


def is_selected(base: str, selector: str) -> bool:
    """Return whether a selector may follow `base`: in a listed sequence, or for the presentation of an emoji."""
    if selector in "\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}" and _PICTOGRAPH.match(base):
        return True
    return bool(base) and tables.is_variation_sequence(base, selector)


def is_letter(char: str) -> bool:
    """Return whether a character is a letter, mark or number."""
    return bool(_LETTER.match(char))
