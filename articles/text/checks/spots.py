"""Single signs in a line of code: whether one stands for the sign of ASCII that it looks like."""

import re
from collections.abc import Iterator, Set
from functools import cache
from typing import NamedTuple

from articles.text.checks.lines import Line
from articles.text.unicode import tables
from articles.text.unicode.scripts import EAST_ASIAN, script_group
from articles.text.unicode.signs import Kind, Sign, signs

NEAR = 8  # code points within which a sign has a neighbour
_QUOTES = frozenset("'\"`\u2018\u201c")
_PROMPT = "\N{HEAVY RIGHT-POINTING ANGLE QUOTATION MARK ORNAMENT}"
_LENGTH = "\N{MODIFIER LETTER TRIANGULAR COLON}"
_CLICKS = frozenset("\u01c0\u01c3")
# Signs that are no letters of a script, but have a place in its text only.
_GREEK = frozenset("\u037e\u1fef")


class Spot(NamedTuple):
    """A sign in a line, the characters that touch it, and its neighbours beyond spaces; empty at the line's ends."""

    line: Line
    place: int
    char: str
    sign: Sign
    before: str
    after: str
    left: str
    right: str


def spots(line: Line, pattern: re.Pattern[str]) -> Iterator[Spot]:
    """Yield the signs of a line, except those that stand for themselves, in quotes or in rows."""
    text = line.text
    for match in pattern.finditer(text):
        char, place = match[0], match.start()
        before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
        is_row = char * 3 in text[max(0, place - 2) : place + 3]
        if is_row or (before == after and before in _QUOTES):
            continue
        yield Spot(line, place, char, signs()[char], before, after, *_neighbours(text, place))


def _neighbours(text: str, place: int) -> tuple[str, str]:
    # The neighbour of a wide bracket is not the wide comma after it.
    skipped = _wide() if text[place] in _wide() else frozenset()
    return _neighbour(text, place, -1, skipped), _neighbour(text, place, 1, skipped)


@cache
def _wide() -> frozenset[str]:
    return frozenset(char for char, sign in signs().items() if sign.kind is Kind.WIDE)


def _neighbour(text: str, place: int, step: int, skipped: frozenset[str]) -> str:
    for at in range(place + step, place + step * (NEAR + 1), step):
        if not 0 <= at < len(text) or text[at] == "\n":
            break
        if not text[at].isspace() and text[at] not in skipped:
            return text[at]
    return ""


def may_be_fault(text: str, place: int) -> bool:
    """Return whether a sign in a text may be at fault, if it stands in code; the ends of code spans are not known."""
    left, right = _neighbours(text, place)
    return text[place] not in _wide() or (
        (left + right).isascii() and not _ends_sentence(text, place, left, right)
    )


def _ends_sentence(text: str, place: int, left: str, right: str) -> bool:
    """Return whether a wide sign ends a sentence: a full stop that joins no word, or a sign behind a code span."""
    meant = signs()[text[place]].meant
    is_in_word = text[max(0, place - 1) : place].isalnum() and text[place + 1 : place + 2].isalnum()
    return (meant == "." and not is_in_word) or (meant != ";" and left == "`" and not right)


def is_fault(spot: Spot, *, is_wide: bool) -> bool:
    """Return whether a sign in code stands for one of ASCII. `is_wide`: the field has East Asian text."""
    if spot.line.is_formal or not (spot.left or spot.right) or not (spot.left + spot.right).isascii():
        return False
    match spot.sign.kind:
        case Kind.WIDE:
            return _is_wide_fault(spot, is_wide=is_wide)
        case Kind.MATH:
            return _is_math_fault(spot)
        case Kind.LETTER:
            return _is_letter_fault(spot)
        case Kind.OTHER:
            return _is_other_fault(spot)
    return False


def is_fault_in_path(spot: Spot, *, is_wide: bool) -> bool:
    """Return whether a sign in the path of an address stands for one of ASCII."""
    kinds = (Kind.MATH, Kind.OTHER) if is_wide else (Kind.MATH, Kind.OTHER, Kind.WIDE)
    return spot.sign.kind in kinds and _joins_tokens(spot)


def _joins_tokens(spot: Spot) -> bool:
    """Return whether a sign stands between ASCII letters, digits and signs, without spaces, and not in a fraction."""
    beside = spot.before + spot.after
    return (
        len(beside) == 2 and beside.isascii() and not beside.isdigit() and not any(map(str.isspace, beside))
    )


def _begins_path(spot: Spot) -> bool:
    """Return whether a sign stands for the first slash of a path."""
    return (
        spot.sign.meant == "/" and "/" in spot.line.text and spot.after.isalnum() and not spot.before.strip()
    )


def _is_wide_fault(spot: Spot, *, is_wide: bool) -> bool:
    """Return whether an East Asian sign between ASCII does not belong to East Asian text."""
    line = spot.line
    if _ends_sentence(line.text, spot.place, spot.left, spot.right):
        return False
    if not is_wide:
        return True
    if line.is_aside(spot.place) or line.has_east_asian_code:
        return False
    # A dollar sign ends a formula of TeX.
    return line.is_program or (line.has_code and "$" not in (spot.before, spot.after))


_LAST_TOKEN = re.compile(r".*(?:[A-Za-z]{2}|[!-/:-@\[-`{-~])", re.DOTALL)
_FIRST_TOKEN = re.compile(r"[A-Za-z]{2}|[!-/:-@\[-`{-~]")


def _is_math_fault(spot: Spot) -> bool:
    """Return whether a sign of formulas joins the parts of a path, or of an expression in a program."""
    line, place, meant = spot.line, spot.place, spot.sign.meant
    if line.formulas or not spot.right or (spot.before + spot.after).isdigit():
        return False
    if not spot.left:
        return _begins_path(spot)
    if line.is_program and not line.is_aside(place):
        return True
    return (
        meant in "/\\:"
        and _joins_tokens(spot)
        # Single letters are units, such as metres a second.
        and bool(_FIRST_TOKEN.match(line.text, place + 1))
        and bool(_LAST_TOKEN.fullmatch(line.text, max(0, place - 2), place))
    )


def _is_letter_fault(spot: Spot) -> bool:
    """Return whether a letter stands between ASCII as a sign does, and not in a text of its script."""
    line, char = spot.line, spot.char
    if script_group(char) == "East Asian":
        return (_joins_tokens(spot) or _begins_path(spot)) and not _has_script(line, char, EAST_ASIAN)
    if not spot.left:
        return False
    if char in _CLICKS:
        # No word of a language with clicks ends with one, and its words begin with one in prose.
        return not spot.after.isalpha() or (
            line.is_program and not line.is_aside(spot.place) and not spot.left.isalnum()
        )
    if not spot.right or _has_script(line, char, {tables.script(char)}):
        return False
    is_alone = not (spot.before.isalpha() or spot.after.isalnum() or "_" in (spot.before, spot.after))
    return is_alone and (line.is_program or line.has_code)


def _has_script(line: Line, sign: str, scripts: Set[str]) -> bool:
    """Return whether a line has characters of some scripts beside a sign."""
    return any(tables.script(char) in scripts for char in line.beyond_ascii if char != sign)


def _is_other_fault(spot: Spot) -> bool:
    """Return whether a sign touches ASCII or stands between two pieces of it, in a line without its own script."""
    line, place, char = spot.line, spot.place, spot.char
    own = {"Greek"} if char in _GREEK else tables.script_extensions(char) - {"Common", "Inherited", "Latin"}
    if _has_script(line, char, own):
        return False
    if char == _LENGTH and not line.is_program and line.text[place + 1 : place + 3] != "//":
        return False  # phonetics
    beside = spot.before + spot.after
    touches = any(side.isascii() and not side.isspace() for side in beside)
    if char == _PROMPT and (line.is_shell or not line.is_program):
        return touches
    return touches or bool(spot.left and (spot.right or line.is_program))
