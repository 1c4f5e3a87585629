"""Numbers that an edit changed: a price, or another number in an unchanged place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import regex

from articles.text.content.highlights import NUMBER, changed_stretches
from articles.text.diff import Change

MOST = 1_000  # changes of a comparison that are looked at
_REACH = 8  # code points beside a number in which a currency is looked for

_SIGN = r"\p{Sc}"
_NAME = (
    r"(?:kr|K\u010d|z\u0142|Ft|lei|\u043b\u0432|\u0440\u0443\u0431|\u20bd|\u5143|\u5186|\uc6d0|euros?|dollars?|pounds?|cents?"
    r"|EUR|USD|GBP|CHF|DKK|SEK|NOK|PLN|CZK|HUF|RON|BGN|RUB|UAH|TRY|JPY|CNY|KRW|INR|BRL|AUD|CAD)\b\.?"
)
_BEFORE = regex.compile(rf"(?:{_SIGN}|\b{_NAME})[ \u00a0\u202f]?\Z")
_BEHIND = regex.compile(rf"[ \u00a0\u202f]?(?:{_SIGN}|{_NAME})")


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number and the one in its place, each with its currency if it is a price. `start` counts in the new text."""

    old: str
    new: str
    start: int
    is_price: bool


def changed_numbers(old: str, new: str, changes: Iterable[Change]) -> Iterator[NumberChange]:
    """Yield the numbers that changed alone: both sides of a change hold one number, and no other word.

    It is a price if both have the same currency beside them. Linear in the changes.

    >>> from articles.text.diff import compare
    >>> old, new = "It costs 40 kr. a day.", "It costs 140 kr. a day."
    >>> next(changed_numbers(old, new, compare(old, new).changes))
    NumberChange(old='40 kr.', new='140 kr.', start=9, is_price=True)
    """
    for was, now in islice(changed_stretches(old, new, changes), MOST):
        one, other = NUMBER.search(old, *was), NUMBER.search(new, *now)
        if not one or not other or one[0] == other[0]:
            continue
        if _rest(old, was, one.span()) != _rest(new, now, other.span()):
            continue
        price, currency = _price(old, *one.span())
        new_price, new_currency = _price(new, *other.span())
        is_price = bool(currency) and currency == new_currency
        yield NumberChange(
            price if is_price else one[0], new_price if is_price else other[0], other.start(), is_price
        )


def _rest(text: str, span: tuple[int, int], number: tuple[int, int]) -> tuple[str, str]:
    """Return what stands beside a number in a span."""
    return text[span[0] : number[0]], text[number[1] : span[1]]


def _price(text: str, start: int, end: int) -> tuple[str, str]:
    """Return a number with the currency beside it, and the currency; that is empty if there is none."""
    before = _BEFORE.search(text[max(0, start - _REACH) : start])
    behind = _BEHIND.match(text, end, end + _REACH)
    head, tail = before[0] if before else "", behind[0] if behind else ""
    return head + text[start:end] + tail, (head + tail).strip()
