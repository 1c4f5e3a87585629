"""The check on host names, after the policy of browsers for international ones."""

import re
from collections.abc import Iterator

import regex
import unicodedata2

from articles.text import tables
from articles.text.confusables import latin, prototype
from articles.text.findings import Field, Finding, Severity
from articles.text.judging import looking_like
from articles.text.markup import Where
from articles.text.messages import gettext_noop as _
from articles.text.scripts import ALIKE, foreign_letters, script_group, script_runs

_LABEL = regex.compile(r"[^.\u3002\uff0e\uff61:@/\s]+")
MAX_LABEL = 63  # octets (RFC 1035); decoding is quadratic
_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"


def host(field: Field) -> Iterator[Finding]:
    """A label of a host name that passes for another one."""
    if not _may_name_a_host(field):
        return
    for start, end in field.hosts():
        name = field.text[start:end]
        top = name.rsplit(".", 1)[-1]
        for match in _LABEL.finditer(name):
            label = match[0]
            if label.lower().startswith("xn--"):
                yield from _encoded(field, start + match.start(), label)
            elif not label.isascii() and label != top and not foreign_letters(label, field.language):
                yield from _disguised(field, start + match.start(), label, top)


def _may_name_a_host(field: Field) -> bool:
    """Whether there can be a host name that is not plain ASCII; finding where they stand takes longer."""
    if ("n--" in field.text or "N--" in field.text) and "xn--" in field.text.lower():
        return True
    if field.is_ascii or field.where is not Where.PROSE:
        return not field.is_ascii
    if "//" not in field.text and "@" not in field.text and not _BARE.search(field.text):
        return False
    return any(not match[0].isascii() for match in _ADDRESS.finditer(field.text))


_BARE = re.compile(r"[Ww][Ww][Ww]\.")
_ADDRESS = re.compile(r"(?://|@|[Ww]{3}\.)[^/?#\s]*")


def _encoded(field: Field, start: int, label: str) -> Iterator[Finding]:
    """A label in Punycode, judged as the browser would show it."""
    try:
        if len(label) > MAX_LABEL:
            raise ValueError
        shown = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        shown = ""
    scripts = {run.script for run in script_runs(shown)}
    if not shown or len(scripts & ALIKE) > 1 or _reading(shown, "com"):
        yield field.finding(
            "host",
            Severity.ALERT,
            start,
            start + len(label),
            _("The host name stands for \u201c%(name)s\u201d", name=shown)
            if shown
            else _("The host name is encoded wrongly"),
            meant=_reading(shown, "com"),
        )


def _disguised(field: Field, start: int, label: str, top: str) -> Iterator[Finding]:
    reading = _reading(label, top)
    if reading is None:
        scripts = {run.script for run in script_runs(label)}
        if len(scripts & ALIKE) < 2:
            return
    for place, char in enumerate(label, start):
        if not char.isascii():
            yield field.finding(
                "host",
                Severity.ALERT,
                place,
                place + 1,
                looking_like(reading, _("The host name passes for another")),
                meant=latin(char),
            )


def _reading(label: str, top: str) -> str | None:
    """The ASCII label that this one exactly looks like, when nothing shows that another script is meant."""
    if unicodedata2.normalize("NFKC", label) != label or not top.isascii():
        return None
    odd = [char for char in label if not char.isascii()]
    is_look_alike = all(
        script_group(char) in ALIKE - {"Latin"}
        or char == _DOTLESS
        or (tables.script(char) == "Latin" and not tables.is_allowed_in_identifiers(char))
        for char in odd
    )
    if not odd or not is_look_alike:
        return None
    reading = "".join(char if char.isascii() else prototype(char) for char in label)
    return reading if reading.isascii() else None
