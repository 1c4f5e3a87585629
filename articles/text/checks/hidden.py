"""Checks on invisible characters and on fields that show nothing."""

from collections.abc import Iterator

import regex

from articles.text.checks.carriers import BIDI, SELECTOR, TAG, Kind
from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Finding, Severity, severity_in
from articles.text.checks.judging import describe
from articles.text.checks.payloads import carrier_finding
from articles.text.markdown import Where
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode import invisibles as inv
from articles.text.unicode import tables
from articles.text.unicode.scripts import script_group

# Without tags, selectors and bidi controls, which have checks of their own.
_INVISIBLE = regex.compile(
    rf"(?V1)[[\p{{Default_Ignorable_Code_Point}}\ufff9-\ufffb\u2800]--[{SELECTOR}{TAG}{BIDI}]]"
)
# Contexts in which lines are broken, so that soft hyphens have an effect.
_FLOWING = frozenset({Where.PROSE, Where.LINK_TEXT})
_GRAVITY = list(Severity)
MOST_NAMED = 4  # code points that the message on one run names


def invisible(field: Field) -> Iterator[Finding]:
    """Flag invisible characters without a useful effect at their place, and zero-width characters that hold bits."""
    if _INVISIBLE.search(field.odd):
        for start, end, severity in _idle_runs(field):
            message = _run_message(field.text[start:end])
            yield field.finding("invisible", start, end, message, severity=severity, meant="")
    for carrier in field.carriers:
        if carrier.kind is Kind.ZERO_WIDTH:
            yield carrier_finding(field, "invisible", carrier, _("Invisible characters"))


def _run_message(chars: str) -> Message:
    """Return the message on a run of invisible characters."""
    kinds = sorted(set(chars))
    if len(kinds) > 1:
        names = [f"U+{ord(char):04X}" for char in kinds[:MOST_NAMED]] + ["…"] * (len(kinds) > MOST_NAMED)
        return _(
            "%(count)d invisible characters (%(characters)s) have no effect here",
            count=len(chars),
            characters=", ".join(names),
        )
    if len(chars) == 1:
        return _("%(character)s is invisible and has no effect here", character=describe(chars))
    return _(
        "%(character)s stands here %(count)d times, is invisible and has no effect",
        character=describe(chars[0]),
        count=len(chars),
    )


def _idle_runs(field: Field) -> Iterator[tuple[int, int, Severity]]:
    """Yield the runs of characters without effect, outside of carriers, each with its highest severity.

    Two equal neighbours of different severity are two runs: of two non-joiners, the first may be harmless.
    """
    text = field.text
    start = end = 0
    severity: Severity | None = None
    for match in _INVISIBLE.finditer(text):
        place = match.start()
        own_severity = None if field.carrier_at(place) else _severity_at(field, place)
        is_next = (
            place == end and own_severity and (own_severity is severity or text[place] != text[place - 1])
        )
        if severity and not is_next:
            yield start, end, severity
            severity = None
        if own_severity:
            start = start if severity else place
            end, severity = place + 1, max(severity or own_severity, own_severity, key=_GRAVITY.index)
    if severity:
        yield start, end, severity


def _severity_at(field: Field, place: int) -> Severity | None:
    """Return how serious an invisible character is at its place; None if it has an effect there."""
    text, char = field.text, field.text[place]
    left, right = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    where = field.where_at(place)
    bad = severity_in(where)
    if char in (inv.NON_JOINER, inv.JOINER):
        if inv.joiner_has_effect(text, place):
            return None
        return _harmless_joiner(text, place, left) or bad
    if char == inv.BYTE_ORDER_MARK:
        return None if place == 0 and where in (Where.PROSE, Where.CODE) else bad
    if char == inv.SOFT_HYPHEN:
        if where not in _FLOWING:
            return bad
        return None if _is_hyphenation(text, place) else _harmless_hyphen(text, place) or bad
    if char in "\N{ZERO WIDTH SPACE}\N{WORD JOINER}":
        if inv.is_break_in_unspaced(text, place):
            return None
        is_break = (
            left
            and right
            and not (left + right).isspace()
            and not (inv.is_letter(left) and inv.is_letter(right))
        )
        is_break = is_break and not left.isspace() and not right.isspace() and left != char and right != char
        return Severity.NOTICE if is_break and where not in STRICT else bad
    if char == "\N{COMBINING GRAPHEME JOINER}":
        return None if tables.category(right or " ") == "Mn" else bad
    if "\N{FUNCTION APPLICATION}" <= char <= "\N{INVISIBLE PLUS}":
        is_word = (
            (left + right).isalpha() and text[max(0, place - 2) : place].isalpha() and len(left + right) == 2
        )
        return bad if is_word or where in STRICT else Severity.NOTICE
    return None if _belongs_to_script(char, left, right) else bad


def _harmless_joiner(text: str, place: int, left: str) -> Severity | None:
    """Return a notice for a single joiner without effect in a cursive script, which typists often add; else None."""
    if left in (inv.NON_JOINER, inv.JOINER) and left:
        return None
    around = {script_group(char) for char in text[max(0, place - 2) : place + 3]}
    return Severity.NOTICE if around & {"Arabic", "Syriac", "Mongolian"} else None


def _is_hyphenation(text: str, place: int) -> bool:
    """Return whether a soft hyphen stands between letters, with no other one within two code points."""
    around = text[place - 1 : place + 2]
    dense = inv.SOFT_HYPHEN in text[max(0, place - 2) : place] + text[place + 1 : place + 3]
    return (
        place > 0 and len(around) == 3 and inv.is_letter(around[0]) and inv.is_letter(around[2]) and not dense
    )


def _harmless_hyphen(text: str, place: int) -> Severity | None:
    """Return a notice for a soft hyphen at the end of a word, which is left over or meant as a hyphen; else None."""
    left, right = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    return Severity.NOTICE if left.isalpha() and right and right in " \n.,;:" else None


_OF_SCRIPT = {
    "\u115f\u1160": "East Asian",
    "\u17b4\u17b5": "Khmer",
    "\u180b\u180c\u180d\u180e\u180f": "Mongolian",
    "\u2800": "Braille",
    "\U0001bca0\U0001bca1\U0001bca2\U0001bca3": "Duployan",
}


def _belongs_to_script(char: str, left: str, right: str) -> bool:
    """Return whether a filler or format character stands beside a character of the script it belongs to."""
    for chars, script in _OF_SCRIPT.items():
        if char in chars:
            return any(side and script_group(side) == script and side not in chars for side in (left, right))
    if "\U0001d173" <= char <= "\U0001d17a":
        return any("\U0001d100" <= side <= "\U0001d1ff" and side != char for side in (left, right) if side)
    return False


_BLANK = regex.compile(r"[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800\p{Cc}]+")


def blank(field: Field) -> Iterator[Finding]:
    """Flag a field that has characters but shows nothing; ASCII spaces alone are left to the forms."""
    if not field.odd or not _BLANK.fullmatch(field.text):
        return
    yield field.finding(
        "blank",
        0,
        len(field.text),
        _("The field contains characters, but readers see none of them"),
        severity=Severity.WARNING,
        meant="",
    )
