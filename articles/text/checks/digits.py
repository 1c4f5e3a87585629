"""The check on numbers with digits of two systems."""

from collections.abc import Iterator

import regex
import unicodedata2

from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding
from articles.text.checks.judging import describe
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables

_DIGITS = regex.compile(r"\p{Nd}+")
_NUMBER = regex.compile(r"\p{Nd}+(?:[.,:/\u066b\u066c\u2009\u00a0\u202f-]?\p{Nd}+)*")


def mixed_digits(field: Field) -> Iterator[Finding]:
    """Flag digits of two systems in one number (UTS #39 section 5.3): those that are not ASCII, else the rarer ones."""
    own_digits = field.alphabet.digits if not field.is_ascii else None
    if not _DIGITS.search(field.odd) and not (own_digits and own_digits.search(field.text)):
        return
    text = field.text
    for match in _NUMBER.finditer(text):
        if match[0].isascii():
            continue
        systems = [_zero(char) for char in match[0] if tables.category(char) == "Nd"]
        if len(set(systems)) < 2:
            continue
        host = "0" if "0" in systems else max(systems, key=systems.count)
        for run in _DIGITS.finditer(match[0]):
            start = match.start() + run.start()
            for place, char in enumerate(run[0], start):
                if _zero(char) != host:
                    digit = str(unicodedata2.digit(char))
                    yield field.finding(
                        "mixed-digits",
                        place,
                        place + 1,
                        _(
                            "%(character)s stands in a number with other digits; it means %(digit)s",
                            character=describe(char),
                            digit=digit,
                        ),
                        meant=digit,
                    )


def _zero(char: str) -> str:
    """Return the zero of the digit system of `char`."""
    return chr(ord(char) - unicodedata2.digit(char, 0))
