"""Unseen texts: what machines read in a revision but readers do not see, by kind, or a part of one kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from articles.http.parts import Part, part, query_with
from articles.text.content import Unseen, UnseenKind, line_and_column

MOST_UNSEEN = 50  # that a list draws; its kinds share them

# What is written to be hidden comes first; what every careful text has comes last.
_ORDER = (
    UnseenKind.PAYLOAD,
    UnseenKind.ADDRESS,
    UnseenKind.COMMENT,
    UnseenKind.DEFINITION,
    UnseenKind.LABEL,
    UnseenKind.INFO,
    UnseenKind.ATTRIBUTE,
    UnseenKind.TITLE,
    UnseenKind.ALTERNATIVE,
)


@dataclass(frozen=True, slots=True)
class UnseenGroup:
    """Texts of one kind: their number, and those that are drawn, each with its line number from 1.

    `whole` is the query of the list of this kind alone; there, `part` says which of the texts are drawn.
    """

    kind: UnseenKind
    total: int
    rows: tuple[tuple[int, str], ...]
    whole: str
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class UnseenList:
    """The texts by kind, or those of one kind, and their number in all. `name` is the parameter that asks for a kind.

    `back` is the query of the list of all kinds; empty if this is the one.
    """

    name: str
    total: int
    groups: tuple[UnseenGroup, ...]
    back: str


def grouped(source: str, items: Iterable[Unseen], request: HttpRequest, name: str) -> UnseenList:
    """Group unseen texts by kind; `name` is the parameter that asks for one kind."""
    by_kind: dict[UnseenKind, list[Unseen]] = defaultdict(list)
    for item in items:
        by_kind[item.kind].append(item)
    total = sum(map(len, by_kind.values()))

    def group(kind: UnseenKind, drawn: Sequence[Unseen], part_: Part | None = None) -> UnseenGroup:
        rows = tuple((line_and_column(source, item.start)[0], item.text) for item in drawn)
        return UnseenGroup(kind, len(by_kind[kind]), rows, query_with(request, name, kind), part_)

    asked = request.GET.get(name)
    if asked in by_kind:
        kind = UnseenKind(asked)
        drawn = part(request, len(by_kind[kind]), size=MOST_UNSEEN, name=f"{name}-part")
        alone = group(kind, drawn.of(by_kind[kind]), drawn)
        return UnseenList(name, total, (alone,), query_with(request, name, None))
    shares = _shares({kind: len(of_kind) for kind, of_kind in by_kind.items()})
    groups = tuple(group(kind, by_kind[kind][: shares[kind]]) for kind in _ORDER if kind in by_kind)
    return UnseenList(name, total, groups, "")


def _shares(counts: dict[UnseenKind, int]) -> dict[UnseenKind, int]:
    """Return how many of each kind are drawn: no kind crowds out another, and what one leaves goes to the others."""
    left, shares = MOST_UNSEEN, {}
    for behind, kind in enumerate(sorted(counts, key=counts.__getitem__)):
        shares[kind] = min(counts[kind], left // (len(counts) - behind))
        left -= shares[kind]
    return shares
