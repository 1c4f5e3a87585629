"""Lists whose pages begin where a row stands, not after so many rows: the last costs what the first does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Key:
    """A column that a list is sorted by, and how to read its value from an address. The last one is unique."""

    name: str
    parse: Callable[[str], Any] = int
    is_descending: bool = True

    def of(self, row: Any) -> Any:
        return getattr(row, self.name)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the places from which the pages before and after go on; None at an end.

    `following` is the row after the last, where it was read.
    """

    rows: Sequence[Any]
    newer: str | None
    older: str | None
    following: Sequence[Any] = ()

    def __iter__(self) -> Any:
        return iter(self.rows)


def instant(text: str) -> datetime:
    """Return a time in ISO 8601 as UTC.

    Raises `ValueError` for one without an offset, `OverflowError` where UTC puts it outside the years 1 to 9999.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text} names no offset from UTC")
    return time.astimezone(UTC)


def page(rows: QuerySet, keys: Sequence[Key], request: HttpRequest) -> Page:
    """The rows after `?after=`, or before `?before=`; the first ones where neither names a place with rows.

    A place is the values of the keys, joined by commas.
    """
    found: list[Any] | None
    if (before := _place(keys, request.GET.get("before", ""))) and (
        found := _read(rows, keys, before, backwards=True)
    ):
        shown = found[:PER_PAGE][::-1]
        newer = _place_of(keys, shown[0]) if len(found) > PER_PAGE else None
        return Page(shown, newer=newer, older=_place_of(keys, shown[-1]))
    after = _place(keys, request.GET.get("after", ""))
    found = after and _read(rows, keys, after)
    newer = _place_of(keys, found[0]) if found else None
    found = found or _read(rows, keys, None)
    shown = found[:PER_PAGE]
    following = found[PER_PAGE:]
    return Page(shown, newer, _place_of(keys, shown[-1]) if following else None, following)


def _read(
    rows: QuerySet, keys: Sequence[Key], place: Sequence[Any] | None, *, backwards: bool = False
) -> list[Any]:
    """A page of rows beyond a place, and one more where there are more."""
    ordered = rows.order_by(*(f"{'-' if key.is_descending != backwards else ''}{key.name}" for key in keys))
    if place is not None:
        ordered = ordered.filter(_beyond(keys, place, backwards=backwards))
    return list(ordered[: PER_PAGE + 1])


def _place(keys: Sequence[Key], text: str) -> list[Any] | None:
    try:
        return [key.parse(part) for key, part in zip(keys, text.split(","), strict=True)] if text else None
    except (ValueError, OverflowError):
        return None


def _beyond(keys: Sequence[Key], place: Sequence[Any], *, backwards: bool) -> Q:
    """Rows that come later. The bound on the first column alone lets an index start at the place."""
    condition, equal = Q(), Q()
    for key, value in zip(keys, place, strict=True):
        way = "lt" if key.is_descending != backwards else "gt"
        condition |= equal & Q(**{f"{key.name}__{way}": value})
        equal &= Q(**{key.name: value})
    first, way = keys[0], "lte" if keys[0].is_descending != backwards else "gte"
    return Q(**{f"{first.name}__{way}": place[0]}) & condition


def _place_of(keys: Sequence[Key], row: Any) -> str:
    return ",".join(str(key.of(row)) for key in keys)
