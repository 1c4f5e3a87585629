"""The check on spaces other than U+0020."""

from collections.abc import Iterator

import regex

from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Finding, Severity, severity_in
from articles.text.checks.judging import describe
from articles.text.checks.named import is_named
from articles.text.markdown import Where
from articles.text.messages import gettext_noop as _
from articles.text.unicode.languages import number_spaces, parse
from articles.text.unicode.scripts import script_of_language

# White space beyond ASCII, except U+0085, which `control` reports.
_SPACES = regex.compile(r"[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_NARROW = "\N{NARROW NO-BREAK SPACE}"
_NO_BREAK = frozenset(f"\N{NO-BREAK SPACE}{_NARROW}")
_TYPOGRAPHIC = _NO_BREAK | frozenset("\N{THIN SPACE}\N{HAIR SPACE}")
_SEPARATORS = frozenset("\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}")
_EAST_ASIAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\u3000-\u303f\uff00-\uff60]")
_MONGOLIAN = regex.compile(r"\p{Mongolian}")
# The start of a line in a tree of files, which the program `tree` draws with no-break spaces.
_DRAWING = regex.compile(r"\s*[\u2500-\u257f][\s\u2500-\u257f]*")
# These have a space before some signs, and inside quotation marks.
_FRENCH = frozenset({"fr", "br", "co", "ht", "oc", "wa"})
_SIGN = regex.compile(r"[:;!?%\u00bb](?!\w)")
_WORDS = regex.compile(r"(?r)(?:[\p{L}\u2019'-]+ )*[\p{L}\u2019'-]+$")
_QUOTED = regex.compile(r"""(?<!\w)(["'`])(?:(?!\1).)*$""")


def odd_space(field: Field) -> Iterator[Finding]:
    """Flag spaces other than U+0020: all of them in code, hosts, slugs and tags; in prose, those no typography uses."""
    if not _SPACES.search(field.odd):
        return
    for match in _SPACES.finditer(field.text):
        start, end = match.span()
        severity = _space_severity(field, start, end)
        if severity and not is_named(field.text, start, end):
            message = _("%(character)s is used instead of a space", character=describe(match[0][0]))
            yield field.finding("odd-space", start, end, message, severity=severity, meant=" ")


def _space_severity(field: Field, start: int, end: int) -> Severity | None:
    """Return how serious a run of spaces is at its place; None if typography uses them there."""
    text, where, spaces = field.text, field.where_at(start), set(field.text[start:end])
    if where in STRICT:
        is_text = where is Where.CODE and (
            _is_between_east_asian(text, start, end)
            or _is_french(field, start, end)
            or _DRAWING.fullmatch(text[max(0, start - 200) : start].rpartition("\n")[2])
        )
        return None if is_text else severity_in(where)
    if spaces <= _TYPOGRAPHIC and _NARROW not in spaces:
        return None
    left, right = text[max(0, start - 1) : start], text[end : end + 1]
    is_between_letters = left.isalpha() and right.isalpha()
    if spaces <= _TYPOGRAPHIC:
        is_odd = is_between_letters and not _MONGOLIAN.search(left + right)
        return Severity.NOTICE if is_odd and _NARROW not in number_spaces(field.language_at(start)) else None
    is_east_asian = script_of_language(field.language_at(start)) == "East Asian"
    if "\N{IDEOGRAPHIC SPACE}" in spaces and (is_east_asian or _EAST_ASIAN.search(left + right)):
        return None
    if spaces & _SEPARATORS or not is_between_letters:
        return Severity.NOTICE
    return Severity.WARNING


def _is_between_east_asian(text: str, start: int, end: int) -> bool:
    """Return whether ideographic spaces stand beside East Asian characters, and not beside ASCII signs or letters."""
    if set(text[start:end]) != {"\N{IDEOGRAPHIC SPACE}"}:
        return False
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    return bool(_EAST_ASIAN.search(beside)) and all(
        char.isspace() or char in "\"'" or _EAST_ASIAN.match(char) for char in beside
    )


def _is_french(field: Field, start: int, end: int) -> bool:
    """Return whether no-break spaces in code stand where French has them: in quotes or markup, or after words.

    Signs that programs have, too, need more words before them.
    """
    text = field.text
    if not set(text[start:end]) <= _NO_BREAK or parse(field.language_at(start)).language not in _FRENCH:
        return False
    left = text[max(0, start - 200) : start].rpartition("\n")[2]
    sign = _SIGN.match(text, end)
    if not sign:
        return left.endswith("\u00ab")
    quote = _QUOTED.search(left)
    is_quoted = quote and quote[1] in text[end : end + 200].partition("\n")[0]
    if is_quoted or text.startswith("</", end + 1) or (sign[0] == "\u00bb" and "\u00ab" in left):
        return True
    words = _WORDS.search(left)
    if not words or sign[0] in ";%":
        return False
    is_label = words[0][0].isupper() and words[0] == left.strip()
    is_phrase = " " in words[0] and (sign[0] != ":" or not words[0].isascii() or words[0][0].isupper())
    return is_label or is_phrase
