"""The check on numbers with digits of two systems."""

from collections.abc import Iterator

import regex
import unicodedata2

from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding
from articles.text.checks.judging import describe
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables
from articles.text.unicode.languages import digits

_DIGITS = regex.compile(r"\p{Nd}+")
# Runs of digits and what stands between those of one number, date or time.
_NUMBER = regex.compile(r"\p{Nd}+(?:[.,:/\u066b\u066c\u2009\u00a0\u202f-]?\p{Nd}+)*")
_JOINS_SYSTEMS = frozenset((".", ",", "\u066b", "\u066c"))


def mixed_digits(field: Field) -> Iterator[Finding]:
    """Flag digits of two systems in one number (UTS #39 section 5.3).

    The finding is on those that are not of the language; otherwise on those that are not ASCII, or the rarer ones.
    """
    own_digits = field.alphabet.digits if not field.is_ascii else None
    if not _DIGITS.search(field.odd) and not (own_digits and own_digits.search(field.text)):
        return
    for match in _NUMBER.finditer(field.text):
        if match[0].isascii():
            continue
        for start, number in _numbers(match.start(), match[0]):
            places = [place for place, char in enumerate(number) if tables.category(char) == "Nd"]
            systems = [_zero(number[place]) for place in places]
            if len(set(systems)) < 2:
                continue
            host = _host(systems, digits(field.language_at(start)))
            for place, system in zip(places, systems, strict=True):
                if system != host:
                    yield _finding(field, start + place, host)


def _numbers(start: int, written: str) -> Iterator[tuple[int, str]]:
    """Yield the numbers in runs of digits with signs between them, each with its place.

    A colon, slash, hyphen or space between two systems joins no number: it stands between a label and a value, two
    calendars or the items of a list, unless the first system comes back: 2024-1\u0662-31. Nor does any sign between
    equal numbers, as in a table of digits.
    """
    runs = list(_DIGITS.finditer(written))
    systems = [_zero(run[0][0]) for run in runs]
    first = 0
    for index in range(1, len(runs)):
        before, after = runs[index - 1], runs[index]
        if _zero(before[0][-1]) == systems[index]:
            continue
        is_joined = written[before.end()] in _JOINS_SYSTEMS and _values(before[0]) != _values(after[0])
        if not is_joined and _zero(runs[first][0][0]) != _zero(runs[-1][0][-1]):
            yield start + runs[first].start(), written[runs[first].start() : before.end()]
            first = index
    yield start + runs[first].start(), written[runs[first].start() :]


def _host(systems: list[str], own: frozenset[str]) -> str:
    """Return the zero of the system that a number is written in, given the zeros of its language."""
    candidates = [system for system in systems if system in own] or systems
    if candidates.count("0") * 2 >= len(candidates):
        return "0"
    return max(candidates, key=lambda system: (candidates.count(system), system))


def _finding(field: Field, place: int, host: str) -> Finding:
    char = field.text[place]
    digit = chr(ord(host) + unicodedata2.digit(char))
    message = _(
        "%(character)s stands in a number with other digits; it means %(digit)s",
        character=describe(char),
        digit=digit,
    )
    return field.finding("mixed-digits", place, place + 1, message, meant=digit)


def _values(run: str) -> list[int]:
    return [unicodedata2.digit(char) for char in run]


def _zero(char: str) -> str:
    """Return the zero of the digit system of `char`."""
    return chr(ord(char) - unicodedata2.digit(char, 0))
