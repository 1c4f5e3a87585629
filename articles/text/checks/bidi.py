"""The check on controls of text direction (UAX #9)."""

from collections.abc import Iterator

import regex

from articles.text.checks.carriers import BIDI
from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Finding, Severity
from articles.text.checks.judging import describe
from articles.text.messages import gettext_noop as _
from articles.text.unicode import bidi
from articles.text.unicode.languages import direction

_CONTROL = regex.compile(rf"[{BIDI}]")
_MARKS = regex.compile(rf"([{bidi.MARKS}])\1*")


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
            character = describe(field.text[place])
            message = _("%(character)s ends a change of direction that never began", character=character)
            yield field.finding("bidi-control", place, place + 1, message, meant="")
    yield from _idle_marks(field)


def _opening_finding(field: Field, opening: bidi.Opening) -> Finding:
    """Return the finding on a control that begins a change of direction; a notice if it ends where it should."""
    place = opening.place
    char = field.text[place]
    character, severity = describe(char), Severity.ALERT
    if char in bidi.OVERRIDES:
        message = _(
            "%(character)s shows the text after it in another order than it is stored", character=character
        )
    elif opening.end is None:
        message = _("%(character)s is not closed before its paragraph ends", character=character)
    elif field.where_at(place) in STRICT:
        message = _(
            "%(character)s may show code or an address in another order than it is stored",
            character=character,
        )
    else:
        severity = Severity.NOTICE
        message = _("%(character)s sets the direction of a part of the text", character=character)
    return field.finding("bidi-control", place, place + 1, message, severity=severity, meant="")


def _idle_marks(field: Field) -> Iterator[Finding]:
    """Yield a finding for each row of direction marks in code or an address, or far from right-to-left text."""
    for match in _MARKS.finditer(field.text):
        start, end = match.span()
        if field.carrier_at(start):
            continue
        is_right_to_left = direction(field.language_at(start)) == "rtl"
        is_idle = not is_right_to_left and not bidi.is_near_right_to_left(field.text, start, end)
        if is_idle or field.where_at(start) in STRICT:
            message = _(
                "%(character)s has no effect here, because no right-to-left text is near",
                character=describe(match[1]),
            )
            yield field.finding("bidi-control", start, end, message, meant="")
