"""Unseen texts: what machines read in a revision but readers do not see, by kind, or a part of one kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from articles.http.parts import Part, part, query_with
from articles.text.content import Content, Unseen, UnseenKind, line_and_column, unseen_in

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


def compare_unseen(
    content: Content, before: Content | None, request: HttpRequest
) -> tuple[UnseenList, UnseenList]:
    """Return the unseen texts that a content introduces, and those that were there before.

    `?unseen=` asks for one kind of the former, `?before=` of the latter.

    A text was there before if the other content has the same characters, of the same kind, as often.
    """
    old = Counter(_key(before, item) for item in _unseen(before)) if before else Counter()
    brought_in: list[Unseen] = []
    inherited: list[Unseen] = []
    for item in _unseen(content):
        key = _key(content, item)
        (inherited if old[key] else brought_in).append(item)
        old[key] -= old[key] > 0
    return (
        _grouped(content.source, brought_in, request, "unseen"),
        _grouped(content.source, inherited, request, "before"),
    )


def _unseen(content: Content) -> tuple[Unseen, ...]:
    return unseen_in(content.source, language=content.language)


def _key(content: Content, item: Unseen) -> tuple[UnseenKind, str]:
    """Take the characters as written: the words of a long text are cut, and its end may be what changed."""
    return item.kind, content.source[item.start : item.end]


def _grouped(source: str, items: Iterable[Unseen], request: HttpRequest, name: str) -> UnseenList:
    """Group the texts by kind; `name` is the parameter that asks for one kind."""
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
