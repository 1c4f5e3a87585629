"""Checks on invisible characters and on fields that show nothing."""

from collections.abc import Iterator

import regex

from articles.text.checks.carriers import BIDI, LEAST_SCATTERED, SELECTOR, TAG, Carrier, Kind
from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding, Severity
from articles.text.checks.idle import idle_severity
from articles.text.checks.judging import describe
from articles.text.checks.payloads import carrier_finding
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode.symbols import symbols_payload

# Without tags, selectors and bidi controls, which have checks of their own.
_INVISIBLE = regex.compile(
    rf"(?V1)[[\p{{Default_Ignorable_Code_Point}}\ufff9-\ufffb\u2800]--[{SELECTOR}{TAG}{BIDI}]]"
)
_GRAVITY = list(Severity)
MOST_NAMED = 4  # code points that the message on one run names


def invisible(field: Field) -> Iterator[Finding]:
    """Flag invisible characters without a useful effect at their place, and those that hold a text or data."""
    carriers = [carrier for carrier in field.carriers if carrier.kind is Kind.ZERO_WIDTH]
    runs = list(_idle_runs(field)) if _INVISIBLE.search(field.odd) else []
    if scattered := _scattered(field, carriers, runs):
        carriers = [scattered, *(carrier for carrier in carriers if carrier.start != scattered.start)]
        runs = [run for run in runs if run[0] != scattered.start]
    for carrier in carriers:
        yield carrier_finding(field, "invisible", carrier, _("Invisible characters"))
    for start, end, severity in runs:
        message = _run_message(field.text[start:end])
        yield field.finding("invisible", start, end, message, severity=severity, meant="")


def _scattered(
    field: Field, carriers: list[Carrier], runs: list[tuple[int, int, Severity]]
) -> Carrier | None:
    """Return the first run as a carrier of the text that all runs spell together; None if they spell none."""
    spans = sorted([(carrier.start, carrier.end) for carrier in carriers] + [run[:2] for run in runs])
    if len(spans) < LEAST_SCATTERED or any(
        carrier.payload and carrier.payload.is_text for carrier in carriers
    ):
        return None
    symbols = "".join(field.text[start:end] for start, end in spans)
    payload = symbols_payload(symbols)
    if not payload or not payload.is_text:
        return None
    return Carrier(*spans[0], Kind.ZERO_WIDTH, payload, scattered=len(symbols))


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
    """Yield the runs of characters without effect, outside of carriers, each with its highest severity."""
    start = end = 0
    severity: Severity | None = None
    for match in _INVISIBLE.finditer(field.text):
        place = match.start()
        own_severity = None if field.carrier_at(place) else idle_severity(field, place)
        if severity and (place > end or not own_severity):
            yield start, end, severity
            severity = None
        if own_severity:
            start = start if severity else place
            end, severity = place + 1, max(severity or own_severity, own_severity, key=_GRAVITY.index)
    if severity:
        yield start, end, severity


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
