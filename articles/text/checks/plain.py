"""Checks on controls, normal form and misread text."""

from collections.abc import Iterator

import regex
import unicodedata2

from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding, Severity
from articles.text.checks.judging import describe
from articles.text.checks.mojibake import find_misread
from articles.text.checks.named import is_named
from articles.text.messages import gettext_noop as _

_CONTROL = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+|\r(?!\n)")
_NO_CONTROL = bytes((*b"\t\n", *range(0x20, 0x7F)))
# Other checks flag default-ignorable characters; the property covers unassigned code points, too.
_WITHOUT_MEANING = regex.compile(r"(?V1)[\p{Cn}\p{Co}\p{Cs}--\p{Default_Ignorable_Code_Point}]")


def control(field: Field) -> Iterator[Finding]:
    """Flag control characters other than tab and line ends."""
    # To delete all other bytes is the quickest search for controls in ASCII.
    has_controls = (
        field.text.encode().translate(None, _NO_CONTROL) if field.is_ascii else _CONTROL.search(field.odd)
    )
    if not has_controls:
        return
    for match in _CONTROL.finditer(field.text):
        if is_named(field.text, *match.span()):
            continue
        yield field.finding(
            "control",
            match.start(),
            match.end(),
            _("%(character)s does not belong in a text", character=describe(match[0][0])),
            meant="",
        )


def without_meaning(field: Field) -> Iterator[Finding]:
    """Flag noncharacters, unassigned and private-use code points, and halves of surrogate pairs."""
    if not _WITHOUT_MEANING.search(field.odd):
        return
    for match in _WITHOUT_MEANING.finditer(field.text):
        yield field.finding(
            "without-meaning",
            match.start(),
            match.end(),
            _(
                "%(character)s has no standard meaning; readers may see an empty box",
                character=describe(match[0]),
            ),
        )


_CLUSTER = regex.compile(r"\X")


def not_nfc(field: Field) -> Iterator[Finding]:
    """Flag text that is not in Normalization Form C, once a field, at the first place."""
    if field.is_ascii:
        return
    composed = unicodedata2.normalize("NFC", field.text)
    if composed == field.text:
        return
    start = next(
        (at for at, (old, new) in enumerate(zip(field.text, composed, strict=False)) if old != new), 0
    )
    match = _CLUSTER.match(field.text, start)
    end = match.end() if match else start + 1
    yield field.finding(
        "not-nfc",
        start,
        end,
        _("From here on, the text is not in Normalization Form C; searches and comparisons may miss it"),
        severity=Severity.NOTICE,
        meant=unicodedata2.normalize("NFC", field.text[start:end]),
    )


_REPLACEMENT = regex.compile("[\ufffc\ufffd]+")


def misread(field: Field) -> Iterator[Finding]:
    """Flag UTF-8 that was read in another encoding, and the characters that replace undecodable bytes."""
    if field.is_ascii:
        return
    for match in _REPLACEMENT.finditer(field.text if _REPLACEMENT.search(field.odd) else ""):
        yield field.finding(
            "misread",
            match.start(),
            match.end(),
            _("%(character)s shows that a character was lost here", character=describe(match[0][0])),
        )
    for start, end, meant in find_misread(field):
        message = (
            _("This text was read in another encoding than it was written in")
            if meant is None
            else _(
                "This text was read in another encoding than it was written in; it means \u201c%(meant)s\u201d",
                meant=meant,
            )
        )
        yield field.finding("misread", start, end, message, meant=meant)
