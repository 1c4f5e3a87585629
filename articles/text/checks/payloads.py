"""Checks on carriers: provenance marks, tag characters and variation selectors."""

from collections.abc import Iterator

from articles.text.checks.carriers import Carrier, Kind
from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding, Severity
from articles.text.checks.judging import describe
from articles.text.checks.named import is_named
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode.payloads import quote
from articles.text.unicode.symbols import LEAST_DATA


def provenance_mark(field: Field) -> Iterator[Finding]:
    """Flag C2PA manifests: a notice for the first well-formed one, an alert for broken and further ones."""
    has_one = False
    for carrier in field.carriers:
        if not (manifest := carrier.manifest):
            continue
        severity, payload = Severity.ALERT, None
        if manifest.fault:
            message = _("This C2PA manifest (provenance mark) is broken: %(fault)s", fault=manifest.fault)
            if carrier.payload:
                payload = carrier.payload.words
                message = _("%(fault)s; it hides: %(payload)s", fault=message, payload=quote(payload))
        elif has_one:
            message = _(
                "This is another C2PA manifest (provenance mark) of %(size)d bytes; a text may have only one",
                size=manifest.size,
            )
        else:
            has_one, severity = True, Severity.NOTICE
            message = _("This is a provenance mark, a C2PA manifest of %(size)d bytes", size=manifest.size)
        yield field.finding(
            "provenance-mark", carrier.start, carrier.end, message, severity=severity, payload=payload
        )


def tag_characters(field: Field) -> Iterator[Finding]:
    """Flag tag characters, which are invisible ASCII, unless they make a flag."""
    for carrier in field.carriers:
        if carrier.kind is Kind.TAGS:
            yield carrier_finding(field, "tag-characters", carrier, _("Invisible tag characters"))


def variation_selector(field: Field) -> Iterator[Finding]:
    """Flag variation selectors without effect, and runs of them, which can hide any text."""
    for carrier in field.carriers:
        if carrier.kind is not Kind.SELECTORS:
            continue
        if carrier.end - carrier.start > 1 or carrier.payload:
            yield carrier_finding(field, "variation-selector", carrier, _("Variation selectors"))
            continue
        if is_named(field.text, carrier.start, carrier.end):
            continue
        character = describe(field.text[carrier.start])
        yield field.finding(
            "variation-selector",
            carrier.start,
            carrier.end,
            _(
                "%(character)s has no effect here: the character before it has no such variant",
                character=character,
            ),
        )


def carrier_finding(field: Field, check: str, carrier: Carrier, characters: Message) -> Finding:
    """Return the finding on a carrier, with its payload. `characters` names the kind of characters in the message."""
    if carrier.is_mixed:
        characters = _("Invisible characters of several kinds")
    count = carrier.scattered or carrier.end - carrier.start
    payload = carrier.payload.words if carrier.payload else None
    quoted_payload = quote(payload or "")
    if carrier.payload is None:
        message = _("%(characters)s (%(count)d) have no effect here", characters=characters, count=count)
    elif carrier.scattered:
        message = _(
            "%(characters)s between other characters spell a hidden text (%(count)d): \u201c%(text)s\u201d",
            characters=characters,
            count=count,
            text=quoted_payload,
        )
    elif carrier.payload.is_text:
        message = _(
            "%(characters)s spell a hidden text (%(count)d): \u201c%(text)s\u201d",
            characters=characters,
            count=count,
            text=quoted_payload,
        )
    else:
        message = _("%(characters)s contain %(data)s", characters=characters, data=quoted_payload)
    # One selector among joiners is as grave as a single joiner, and a short run may be an accident.
    is_slip = carrier.payload is None and carrier.is_mixed and carrier.kind is Kind.SELECTORS
    is_short = carrier.kind is Kind.ZERO_WIDTH and count < LEAST_DATA
    is_slip = is_slip or (is_short and carrier.payload is not None and not carrier.payload.is_text)
    severity = None if is_slip else Severity.ALERT
    return field.finding(check, carrier.start, carrier.end, message, severity=severity, payload=payload)
