"""Invisible characters: joiners, breaks, fillers, selectors and tags, and where each has an effect."""

from functools import lru_cache

import regex
import unicodedata2

from articles.text.unicode import tables
from articles.text.unicode.scripts import UNSPACED, script_group

ZERO_WIDTH_SPACE, WORD_JOINER = "\N{ZERO WIDTH SPACE}", "\N{WORD JOINER}"
NON_JOINER, JOINER = "\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"
SOFT_HYPHEN = "\N{SOFT HYPHEN}"
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
BLANK_PATTERN = "\N{BRAILLE PATTERN BLANK}"
# Fonts draw these as spaces.
BLANKS = frozenset("\u115f\u1160\u3164\uffa0") | {BLANK_PATTERN}

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
_HAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\u3000-\u303f\uff00-\uff60]")
_HANGUL = regex.compile(r"\p{Hangul}")
_BRAILLE = regex.compile(r"[\u2801-\u28ff]")
# What fillers and format characters of a script stand beside. Those of Hangul stand beside jamo, not syllables.
_OF_SCRIPT = {
    char: regex.compile(f"(?V1)[{letters}--[{chars}]]")
    for chars, letters in (
        ("\u115f\u1160", r"[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]"),
        ("\u3164", r"[\u3131-\u318e]"),
        ("\uffa0", r"[\uffa1-\uffdc]"),
        ("\u17b4\u17b5", r"\p{Khmer}"),
        ("\u180b\u180c\u180d\u180e\u180f", r"\p{Mongolian}"),
        ("".join(map(chr, range(0x1BCA0, 0x1BCA4))), r"\p{Duployan}"),
        ("".join(map(chr, range(0x1D173, 0x1D17B))), r"[\U0001d100-\U0001d1ff]"),
    )
    for char in chars
}
UNSPACED_ALPHABETS = UNSPACED - {"East Asian"}
VIRAMA = 9  # Canonical_Combining_Class
_JOINERS = frozenset((NON_JOINER, JOINER))
# Consonants without a vowel: khanda ta, and the chillu letters of Malayalam.
_DEAD = frozenset("\u09ce\u0d54\u0d55\u0d56\u0d7a\u0d7b\u0d7c\u0d7d\u0d7e\u0d7f")
# The letter a takes the sign of candra e after a joiner, in Marathi and Gujarati (Unicode 12.1, Eyelash ra and below).
_LETTERS_A = frozenset("\u0905\u0a85")
_REGISTER_SHIFTERS = frozenset("\u17c9\u17ca")


def is_virama(char: str) -> bool:
    """Return whether a code point takes the vowel from the consonant before it."""
    return bool(char) and unicodedata2.combining(char) == VIRAMA


def base_before(text: str, place: int) -> str:
    """Return the nearest code point before `place` that is a virama or not a nonspacing mark; '' if there is none."""
    for at in range(place - 1, max(-1, place - 12), -1):
        if tables.category(text[at]) != "Mn" or is_virama(text[at]):
            return text[at]
    return ""


def base_after(text: str, place: int) -> str:
    """Return the nearest code point after `place` that is a virama or not a nonspacing mark; '' if there is none."""
    for at in range(place + 1, min(len(text), place + 12)):
        if tables.category(text[at]) != "Mn" or is_virama(text[at]):
            return text[at]
    return ""


def is_joiner_of_identifiers(text: str, place: int) -> bool:
    """Return whether UTS #39 section 3.1.1.1 allows a joiner: after a virama, or to part letters that would join."""
    if is_virama(text[place - 1 : place]):
        return True
    return text[place] == NON_JOINER and text[place - 1 : place] not in _JOINERS and all(_joins(text, place))


def _joins(text: str, place: int) -> tuple[bool, bool]:
    """Return whether the letters on the left and on the right of a joiner would join each other.

    Of several joiners in a row, the first has the effect.
    """
    last = place
    while last - place < 12 and text[last + 1 : last + 2] in _JOINERS:
        last += 1
    left, right = base_before(text, place), base_after(text, last)
    return bool(_JOINS_ON.match(left)), bool(_JOINS_BACK.match(right))


def joiner_has_effect(text: str, place: int) -> bool:
    """Return whether a joiner or non-joiner stands where the standard gives it an effect.

    That is where identifiers may have one. Core specification, chapters 9 and 12: a joiner that gives a cursive letter
    the form it has beside another one; either one between a letter and a virama, which asks for another form of ra or
    of the vowel; either one after a dead consonant. Chapter 16: before a register shifter. UTS #51: a joiner between
    pictographs.
    """
    previous, following = text[place - 1 : place], text[place + 1 : place + 2]
    if previous in _JOINERS:
        return False
    if is_joiner_of_identifiers(text, place) or previous in _DEAD:
        return True
    if is_virama(following) or following in _REGISTER_SHIFTERS:
        return bool(previous) and script_group(previous) == script_group(following)
    if text[place] == NON_JOINER:
        return False
    if previous in _LETTERS_A:
        return tables.category(following or " ")[0] == "M"
    joins_on, joins_back = _joins(text, place)
    before = text[place - 2 : place - 1] if previous == "\N{VARIATION SELECTOR-16}" else previous
    return joins_on != joins_back or bool(_PICTOGRAPH.match(before) and _PICTOGRAPH.match(following))


def is_joiner_of_habit(text: str, place: int) -> bool:
    """Return whether a single joiner without effect stands where typists and input methods often leave one.

    This is beside a letter of a cursive script, of one with a virama or of one without spaces: before case endings,
    at the ends of syllables, on the other side of a space.
    """
    beside = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    if _JOINERS & set(beside):
        return False
    if _LETTER.search(beside):
        beside += base_before(text, place) + base_after(text, place)
    else:
        beside = text[max(0, place - 10) : place].rpartition("\n")[2]
        beside += text[place + 1 : place + 11].partition("\n")[0]
    return any(_JOINING.match(char) or _has_virama_or_no_spaces(script_group(char)) for char in beside)


@lru_cache(maxsize=256)
def _has_virama_or_no_spaces(script: str | None) -> bool:
    if script is None or script == "East Asian":
        return False
    return script in UNSPACED_ALPHABETS or any(map(is_virama, tables.characters_with(script)))


def is_break_in_unspaced(text: str, start: int, end: int) -> bool:
    """Return whether zero width spaces stand near a letter of a script that is written without spaces."""
    beside = text[max(0, start - 2) : start] + text[end : end + 2]
    return any(script_group(char) in UNSPACED_ALPHABETS for char in beside)


def is_beside_han(text: str, place: int) -> bool:
    """Return whether a character stands beside Han or kana, between which lines break, and not beside Hangul."""
    beside = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return bool(_HAN.search(beside)) and not _HANGUL.search(beside)


def belongs_to_script(text: str, start: int, end: int) -> bool:
    """Return whether a row of fillers or format characters stands beside a character of the script they belong to."""
    if text[start] == BLANK_PATTERN:
        return bool(_BRAILLE.search(text, max(0, start - 80), end + 80))
    letters = _OF_SCRIPT.get(text[start])
    return letters is not None and bool(letters.search(text[max(0, start - 1) : start] + text[end : end + 1]))


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
