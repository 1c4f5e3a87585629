"""The check on spaces other than U+0020."""

from collections.abc import Iterator

import regex

from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Finding, Severity, severity_in
from articles.text.checks.judging import describe
from articles.text.messages import gettext_noop as _
from articles.text.unicode.scripts import script_of_language

# White space beyond ASCII, except U+0085, which `control` reports.
_SPACES = regex.compile(r"[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_TYPOGRAPHIC = frozenset("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{HAIR SPACE}")
_SEPARATORS = frozenset("\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}")
_EAST_ASIAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\u3000-\u303f\uff00-\uff60]")


def odd_space(field: Field) -> Iterator[Finding]:
    """Flag spaces other than U+0020: all of them in code, hosts, slugs and tags; in prose, those no typography uses."""
    if not _SPACES.search(field.odd):
        return
    for match in _SPACES.finditer(field.text):
        start, end = match.span()
        if severity := _space_severity(field, start, end):
            message = _("%(character)s is used instead of a space", character=describe(match[0][0]))
            yield field.finding("odd-space", start, end, message, severity=severity, meant=" ")


def _space_severity(field: Field, start: int, end: int) -> Severity | None:
    """Return how serious a run of spaces is at its place; None if typography uses them there."""
    text, where = field.text, field.where_at(start)
    if where in STRICT:
        return severity_in(where)
    spaces = set(text[start:end])
    if spaces <= _TYPOGRAPHIC:
        return None
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    is_east_asian = script_of_language(field.language_at(start)) == "East Asian" or _EAST_ASIAN.search(beside)
    if "\N{IDEOGRAPHIC SPACE}" in spaces and is_east_asian:
        return None
    is_between_letters = len(beside) == 2 and beside.isalpha()
    if spaces & _SEPARATORS or not is_between_letters:
        return Severity.NOTICE
    return Severity.WARNING
