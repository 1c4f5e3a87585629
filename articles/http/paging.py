"""Keyset pagination: a page starts after a given row, not at an offset, so the last costs as much as the first.

The values of a row's sort keys are its *place*. An address carries a place as text, the values joined by a separator:
`?after=` asks for the page that follows the place, `?before=` for the page that ends just before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)

PER_PAGE = 30
MOST = 2**63 - 1  # what a column of whole numbers holds


def whole_number(text: str) -> int:
    """Parse a number. Raises `ValueError` if the text is none, and `OverflowError` if no column holds it."""
    number = int(text)
    if abs(number) > MOST:
        raise OverflowError(f"{number} has more than 64 bits")
    return number


@dataclass(frozen=True, slots=True)
class Key:
    """A column that a list is sorted by, and how to parse its value in an address. The last key of a list is unique."""

    name: str
    parse: Callable[[str], Any] = whole_number
    is_descending: bool = True

    def of(self, row: Any) -> Any:
        return getattr(row, self.name)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, and the values of `?before=` and `?after=` for the pages beside it; None at an end.

    `following` holds the first row of the next page, if it was read.
    """

    rows: Sequence[Any]
    before: str | None
    after: str | None
    following: Sequence[Any] = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)


def instant(text: str) -> datetime:
    """Parse a time in ISO 8601 and return it in UTC.

    Raises `ValueError` if the time has no offset, and `OverflowError` if it is outside the years 1 to 9999 in UTC.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text} names no offset from UTC")
    return time.astimezone(UTC)


def page(
    rows: QuerySet[Any],
    keys: Sequence[Key],
    request: HttpRequest,
    *,
    per_page: int | None = None,
    separator: str = ",",
) -> Page:
    """Return the page before `?before=` or after `?after=`; the first page if neither has rows.

    Sorts the rows by the keys. A page has `per_page` rows, `PER_PAGE` unless given. Takes one query, and one more for
    each place without rows.
    """
    size = per_page or PER_PAGE

    def read(place: Sequence[Any] | None, *, backwards: bool = False) -> list[Any]:
        """Read a page and one row more, which tells whether the list goes on."""
        return list(rows_beyond(rows, keys, place, backwards=backwards)[: size + 1])

    def text(row: Any) -> str:
        return place_as_text(keys, row, separator=separator)

    before = _parse_place(keys, request.GET.get("before", ""), separator)
    if before and (nearest_first := read(before, backwards=True)):
        shown = nearest_first[:size][::-1]
        return Page(shown, text(shown[0]) if len(nearest_first) > size else None, text(shown[-1]))
    after = _parse_place(keys, request.GET.get("after", ""), separator)
    read_rows = read(after) if after else []
    start = text(read_rows[0]) if read_rows else None
    read_rows = read_rows or read(None)
    shown, following = read_rows[:size], read_rows[size:]
    return Page(shown, start, text(shown[-1]) if following else None, following)


def rows_beyond(
    rows: QuerySet[Row], keys: Sequence[Key], place: Sequence[Any] | None, *, backwards: bool = False
) -> QuerySet[Row]:
    """Return the rows after a place in the order of the keys, all of them without a place.

    With `backwards`, return the rows before the place, the nearest first.
    """
    ordered = rows.order_by(*(f"{'-' if key.is_descending != backwards else ''}{key.name}" for key in keys))
    return ordered if place is None else ordered.filter(_is_beyond(keys, place, backwards=backwards))


def place_of(keys: Sequence[Key], row: Any) -> list[Any]:
    """Return the place of a row: the values of its keys."""
    return [key.of(row) for key in keys]


def place_as_text(keys: Sequence[Key], row: Any, *, separator: str = ",") -> str:
    """Return the place of a row as addresses carry it."""
    return separator.join(map(str, place_of(keys, row)))


def _parse_place(keys: Sequence[Key], text: str, separator: str) -> list[Any] | None:
    """Return the place that a text names; None if it names none."""
    if not text:
        return None
    try:
        return [key.parse(part) for key, part in zip(keys, text.split(separator), strict=True)]
    except (ValueError, OverflowError):
        return None


def _is_beyond(keys: Sequence[Key], place: Sequence[Any], *, backwards: bool) -> Q:
    """Return the condition that a row comes after a place, or with `backwards` before it."""
    condition, equal = Q(), Q()
    for key, value in zip(keys, place, strict=True):
        lookup = "lt" if key.is_descending != backwards else "gt"
        condition |= equal & Q(**{f"{key.name}__{lookup}": value})
        equal &= Q(**{key.name: value})
    # The bound on the first key alone lets an index start at the place.
    first, lookup = keys[0], "lte" if keys[0].is_descending != backwards else "gte"
    return Q(**{f"{first.name}__{lookup}": place[0]}) & condition
