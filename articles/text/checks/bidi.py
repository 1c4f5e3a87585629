"""The check on controls of text direction (UAX #9)."""

from collections.abc import Iterator

import regex

from articles.text.checks.carriers import BIDI
from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Finding, Severity
from articles.text.checks.judging import describe
from articles.text.checks.named import is_named
from articles.text.markdown import Where
from articles.text.messages import gettext_noop as _
from articles.text.unicode import bidi
from articles.text.unicode.languages import direction

_CONTROL = regex.compile(rf"[{BIDI}]")
_MARKS = regex.compile(rf"([{bidi.MARKS}])\1*")
_ADDRESS_GOES_ON = regex.compile(r"[^\s\p{L}\p{N}]*+[\p{L}\p{N}]")
_IN_TARGET = regex.compile(r"(?r)(?:\]\(<?|\]:\s*|=[\"'])[^\s\"'<>)]*")


def bidi_control(field: Field) -> Iterator[Finding]:
    """Flag bidi controls that override the order of a text, stay open, end nothing or have no effect.

    Bidi controls within a carrier are left to the checks of carriers.
    """
    if not _CONTROL.search(field.odd):
        return
    openings, stray_ends = bidi.bidi_stretches(field.text)
    for opening in openings:
        if not field.carrier_at(opening.place):
            yield _opening_finding(field, opening)
    for place in stray_ends:
        if not field.carrier_at(place):
            yield _stray_finding(field, place)
    yield from _idle_marks(field)


def _opening_finding(field: Field, opening: bidi.Opening) -> Finding:
    """Return the finding on a control that begins a change of direction.

    A notice if it ends where it should, or with a line from right to left: the paragraph's end closes it (UAX #9 X8);
    and for one that its line names.
    """
    place = opening.place
    char = field.text[place]
    character, severity = describe(char), Severity.ALERT
    is_code = field.is_code_at(place) or field.where_at(place) in STRICT
    is_shown = is_named(field.text, place, place + 1)
    if char in bidi.OVERRIDES:
        message = _(
            "%(character)s shows the text after it in another order than it is stored", character=character
        )
    elif opening.end is None and not is_shown and (is_code or not _is_right_to_left(field, place)):
        message = _("%(character)s is not closed before its paragraph ends", character=character)
    elif is_code and not is_shown:
        message = _(
            "%(character)s may show code or an address in another order than it is stored",
            character=character,
        )
    else:
        severity = Severity.NOTICE
        message = _("%(character)s sets the direction of a part of the text", character=character)
    return field.finding("bidi-control", place, place + 1, message, severity=severity, meant="")


def _stray_finding(field: Field, place: int) -> Finding:
    """Return the finding on an end without a beginning; a notice in a line from right to left."""
    message = _(
        "%(character)s ends a change of direction that never began", character=describe(field.text[place])
    )
    is_harmless = field.where_at(place) not in STRICT and _is_right_to_left(field, place)
    severity = Severity.NOTICE if is_harmless or is_named(field.text, place, place + 1) else None
    return field.finding("bidi-control", place, place + 1, message, severity=severity, meant="")


def _is_right_to_left(field: Field, place: int) -> bool:
    """Return whether a line is written from right to left, so that a control left open in it does nothing bad."""
    is_home = _is_home_right_to_left(field, place)
    if is_home and field.text[place] in "\N{RIGHT-TO-LEFT EMBEDDING}\N{RIGHT-TO-LEFT ISOLATE}":
        return True
    return bidi.is_right_to_left_line(field.text, place, is_home=is_home)


def _is_home_right_to_left(field: Field, place: int) -> bool:
    """Return whether the article or the paragraph is in a language from right to left: both set the direction."""
    return "rtl" in (direction(field.language), direction(field.language_at(place)))


def _idle_marks(field: Field) -> Iterator[Finding]:
    """Yield a finding for each row of direction marks in code or an address, or far from right-to-left text."""
    for match in _MARKS.finditer(field.text):
        start, end = match.span()
        if field.carrier_at(start):
            continue
        is_idle = not _is_home_right_to_left(field, start) and not bidi.is_near_right_to_left(
            field.text, start, end
        )
        if (is_idle or _is_in_address_or_code(field, start, end)) and not is_named(field.text, start, end):
            message = _(
                "%(character)s has no effect here, because no right-to-left text is near",
                character=describe(match[1]),
            )
            yield field.finding("bidi-control", start, end, message, meant="")


def _is_in_address_or_code(field: Field, start: int, end: int) -> bool:
    """Return whether direction marks are part of code or of an address. After an address in a text, they are not."""
    where, text = field.where_at(start), field.text
    if where is not Where.HOST or field.where is Where.HOST:
        return where in STRICT
    return bool(_ADDRESS_GOES_ON.match(text, end) or _IN_TARGET.match(text, max(0, start - 200), start))
