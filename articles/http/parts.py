"""Parts of a long list that is computed as a whole: an answer draws one part, with links to the parts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest

from .parameters import parse_number

T = TypeVar("T")

MOST_MARKS = 500  # marks or findings in a part
MOST_ROWS = 50  # rows of other lists in a part


@dataclass(frozen=True, slots=True)
class Part:
    """The items from `first` to `last`, counted from 1, of `total`, and the queries of the parts beside it.

    A query is empty where there is no part.
    """

    number: int
    size: int
    total: int
    before: str
    after: str

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)

    @property
    def first_before(self) -> int:
        """The first item of the part before."""
        return self.first - self.size

    def of(self, items: Sequence[T]) -> Sequence[T]:
        """Return the items of this part."""
        return items[self.first - 1 : self.last]


def part(request: HttpRequest, total: int, *, size: int, name: str = "part", at: int = 0) -> Part:
    """Return the part of a list whose number, from 1, the parameter `name` has; without one, that of the item `at`.

    A number beyond the list gives its last part, and without both it is the first.
    """
    most = max(1, -(-total // size))
    of_item = 1 + max(0, at - 1) // size
    number = min(max(1, parse_number(request.GET.get(name)) or of_item), most)

    def query(other: int) -> str:
        return query_with(request, name, str(other)) if 1 <= other <= most else ""

    return Part(number, size, total, query(number - 1), query(number + 1))


def query_with(request: HttpRequest, name: str, value: str | None) -> str:
    """Return the request's query with another value of a parameter; without the parameter if the value is None."""
    parameters = request.GET.copy()
    parameters.pop(name, None)
    if value is not None:
        parameters[name] = value
    return f"?{parameters.urlencode()}"
