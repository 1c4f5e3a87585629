"""Faults, folded: what differs from what was sealed, in one line for each kind of rows of an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.revisions.articles import Article
from articles.revisions.revisions import Revision

from .kinds import PUBLICATION, REVISION, Kind

MOST_LINES = 1000
MOST_RANGES = 20  # in a line

ALTERED = "was altered since it was sealed"
MISSING = "is missing, though it was sealed"
BACKDATED = "is dated before what was sealed ahead of it"
UNSEALED = "is not sealed, and dated before what is"
REPLACED = "is newer than the seal, and not what its source gives"


@dataclass(slots=True)
class _Group:
    """The rows of a kind in an article that have the same fault: ranges of keys, of versions their numbers."""

    ranges: list[tuple[int, int]] = field(default_factory=list)
    further: int = 0

    def add(self, key: int) -> None:
        if self.ranges and self.ranges[-1][1] + 1 == key:
            self.ranges[-1] = self.ranges[-1][0], key
        elif len(self.ranges) < MOST_RANGES:
            self.ranges.append((key, key))
        else:
            self.further += 1


class Faults:
    """Collects faults; `lines` tells them in the order in which they came."""

    def __init__(self) -> None:
        self._groups: dict[tuple[int | None, int, str], tuple[Kind, _Group]] = {}
        self._further = 0

    def add(self, kind: Kind, article: int | None, key: int, fault: str) -> None:
        """Note a fault of a row. `key` is the number of a version, the key of any other row."""
        place = (article, kind.number, fault)
        if place not in self._groups:
            if len(self._groups) >= MOST_LINES:
                self._further += 1
                return
            self._groups[place] = kind, _Group()
        self._groups[place][1].add(key)

    def lines(self) -> Iterator[str]:
        for (article, _number, fault), (kind, group) in self._groups.items():
            yield f"{_where(article)}: {kind.label} {_named(kind, group)}: {fault}"
        if self._further:
            yield f"And {self._further:,} further rows."


def _where(article: int | None) -> str:
    if article is None:
        return "(site)"
    slug = Article.objects.filter(pk=article).values_list("slug", flat=True).first()
    return slug or f"(deleted article {article})"


def _named(kind: Kind, group: _Group) -> str:
    """Return what a line says of the rows of a group: the numbers of versions, where they are known, or keys."""
    if kind is REVISION:
        named = [_span(str(first), str(last)) for first, last in group.ranges]
    else:
        numbers = _numbers(kind, [key for ends in group.ranges for key in ends])
        named = [_span(*(numbers.get(key, f"(row {key})") for key in ends)) for ends in group.ranges]
    if group.further:
        named.append(f"and {group.further:,} more")
    return ", ".join(named)


def _numbers(kind: Kind, keys: list[int]) -> dict[int, str]:
    """Return by key how a row is called, where it has a better name than its key."""
    if not kind.of_version:
        return {key: str(key) for key in keys}
    if kind is PUBLICATION:  # whose key is the revision's, which outlives it
        rows = Revision.objects.filter(pk__in=keys).values_list("pk", "number")
    else:
        rows = kind.rows.model._default_manager.filter(pk__in=keys).values_list("pk", "revision__number")
    return {key: str(number) for key, number in rows}


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"
