"""The check on signs that look like a sign of ASCII, in text that programs read."""

import re
from collections.abc import Iterator
from functools import cache

from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Finding, Severity
from articles.text.checks.judging import describe, looking_like
from articles.text.checks.lines import Line, code_lines, has_east_asian, may_be_in_code, may_have_code, paths
from articles.text.checks.named import is_named
from articles.text.checks.spots import is_fault, is_fault_in_path, may_be_fault, spots
from articles.text.markdown import Where
from articles.text.messages import gettext_noop as _
from articles.text.unicode.signs import DASHES, Kind, signs

_HYPHENS = "\u02d7\u2010\u2011\u2043\ufe63\uff0d"
Fault = tuple[int, int, str]  # start and end in the line, and the sign that was meant


def look_alike_sign(field: Field) -> Iterator[Finding]:
    """Flag signs that look like an ASCII sign where a program would take that one: in code, slugs, tags and paths."""
    if field.is_ascii:
        return
    yield from _in_code(field)
    yield from _in_paths(field)


def _in_code(field: Field) -> Iterator[Finding]:
    if not may_have_code(field) or not may_be_in_code(field, _candidates(field)):
        return
    is_wide = has_east_asian(field)
    for line in code_lines(field, _sign()):
        for start, end, meant in _faults(line, is_slug=field.where is Where.SLUG, is_wide=is_wide):
            # A line of a program may read as a sentence, but outside of comments its signs are no typography.
            is_code = line.is_program and not line.is_aside(start)
            if is_code or field.where_at(line.start + start) in STRICT:
                yield _finding(field, line.start + start, line.start + end, meant, Severity.ALERT)
        for place, meant in _curly_quotes(line):
            at = line.start + place
            yield _finding(field, at, at + 1, meant, Severity.NOTICE)


def _in_paths(field: Field) -> Iterator[Finding]:
    is_wide: bool | None = None  # found out when there is something to judge
    for line in paths(field, _sign()):
        is_wide = has_east_asian(field) if is_wide is None else is_wide
        for spot in spots(line, _sign()):
            if is_fault_in_path(spot, is_wide=is_wide):
                at = line.start + spot.place
                yield _finding(field, at, at + 1, spot.sign.meant, Severity.WARNING)


def _candidates(field: Field) -> Iterator[int]:
    """Yield the places of signs that may be at fault if they stand in code. In most prose there are none."""
    text = field.text
    if not field.is_markdown:
        return (match.start() for match in _sign().finditer(text))
    return (match.start() for match in _candidate().finditer(text) if may_be_fault(text, match.start()))


def _finding(field: Field, start: int, end: int, meant: str, severity: Severity) -> Finding:
    fault = _("%(character)s is not the sign that programs expect", character=describe(field.text[start]))
    message = looking_like(meant, fault)
    return field.finding("look-alike-sign", start, end, message, severity=severity, meant=meant)


def _chars(*kinds: Kind) -> str:
    """Return the signs of some kinds, for a class of a pattern."""
    return "".join(re.escape(char) for char, sign in signs().items() if sign.kind in kinds)


@cache
def _sign() -> re.Pattern[str]:
    return re.compile(f"[{_chars(*Kind)}]")


@cache
def _candidate() -> re.Pattern[str]:
    """Return a pattern of the signs in Markdown that may be at fault, by what touches them. Most of prose are not."""
    beside = rf"\x00-\x7f{_chars(Kind.WIDE)}"
    return re.compile(
        # The pattern begins with one class because that is searched for five times as quickly.
        rf"[{_chars(*Kind)}](?:"
        # between ASCII, except between two code spans
        rf"(?<=[{_chars(Kind.WIDE, Kind.MATH, Kind.LETTER, Kind.OTHER)}])"
        rf"(?<![^{beside}].)(?=[{beside}]|\Z)(?!(?<=[^`]`.)`(?!`))"
        rf"|(?<=[{DASHES}])(?<=[ \t].)(?=[{DASHES}]?[A-Za-z0-9])"
        rf"|(?<=[{_HYPHENS}])(?<=[A-Za-z0-9].)(?=[A-Za-z0-9])"
        rf"|(?<=[{_chars(Kind.QUOTE)}])(?<![\w.].)(?=[!-~{_chars(Kind.QUOTE)}])"
        r"|(?<=[\u2018\u201c])(?:(?<=[={].)|(?<=\w[(\[].)|(?<=[={] .)|(?<=\w[(\[] .)))"
    )


def _faults(line: Line, *, is_slug: bool, is_wide: bool) -> Iterator[Fault]:
    """Yield the signs at fault in a line; in a slug, all but letters."""
    if not is_slug:
        yield from _dashes(line)
        yield from _pairs(line)
    for spot in spots(line, _sign()):
        span = spot.place, spot.place + 1
        is_at_fault = spot.sign.kind is not Kind.LETTER if is_slug else is_fault(spot, is_wide=is_wide)
        if is_at_fault and not is_named(line.text, *span):
            yield *span, spot.sign.meant


_OPTION = re.compile(
    rf"(?<=[ \t])[{DASHES}]{{1,2}}(?=(?P<word>[A-Za-z][\w-]*+|[0-9]++(?!\S))(?P<end>[\s=,;:)\]}}'\"|&>`]|$))"
)
_CLOSING_DASH = re.compile(r"\w[\u2013\u2014](?!\w)")
_ONLY_COMMAND = re.compile(r"\s*+(?:[$%#>] )?(?:sudo )?[a-z][\w.-]+\s")
_HYPHEN = re.compile(rf"(?<=[A-Za-z0-9])[{_HYPHENS}](?=[A-Za-z0-9])")
LONG = 4  # letters; an option with more of them has two dashes


def _dashes(line: Line) -> Iterator[Fault]:
    """Yield dashes before options, as in `rm -rf`, and typographic hyphens inside the words of a command."""
    text = line.text
    first = -1 if line.is_continued else len(text) - len(text.lstrip())
    options = [match for match in _OPTION.finditer(text) if match.start() > first]
    hyphens = list(_HYPHEN.finditer(text))
    dashes = sorted(match.start() for match in (*options, *hyphens))
    if not dashes or not line.is_command(dashes[0]):
        return
    for match in hyphens:
        if not line.is_aside(match.start()):
            yield *match.span(), "-"
    # A dash that closes belongs to one that opens: that is prose.
    last = max((match.start() for match in _CLOSING_DASH.finditer(text)), default=-1)
    for match in options:
        word = match["word"]
        is_number = word.isdigit() and not _ONLY_COMMAND.fullmatch(text, 0, match.start())
        if match.start() > last and not is_number:
            is_long = len(word) > LONG or "-" in word or match["end"] == "="
            yield (
                *match.span(),
                "--" if is_long or signs()[match[0][0]].meant == "--" else "-" * len(match[0]),
            )


@cache
def _pair() -> re.Pattern[str]:
    """Return a pattern of two equal marks around nothing, or around ASCII with a letter."""
    inside = r"(?:(?! )[ -@\[-`{-~]{0,9}[A-Za-z][ -~]{0,200}?)?"
    return re.compile(rf"(?<![\w.])(?P<quote>[{_chars(Kind.QUOTE)}]){inside}(?P=quote)(?!\w)")


def _pairs(line: Line) -> Iterator[Fault]:
    """Yield marks that stand around ASCII as quotation marks do."""
    for match in _pair().finditer(line.text):
        meant = signs()[match["quote"]].meant
        yield match.start(), match.start() + 1, meant
        yield match.end() - 1, match.end(), meant


_CURLY = re.compile(r"(?:\w[(\[]|[={]) ?([\u2018\u201c])[^\u2018\u2019\u201c\u201d]{0,200}([\u2019\u201d])")


def _curly_quotes(line: Line) -> Iterator[tuple[int, str]]:
    """Yield typographic quotation marks around an argument or a value."""
    for match in _CURLY.finditer(line.text):
        for place in (match.start(1), match.start(2)):
            if not line.is_aside(place):
                yield place, signs()[line.text[place]].meant
