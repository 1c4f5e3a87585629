"""Unseen texts: what machines read in a revision but readers do not see, by kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from articles.text.content import Content, Unseen, UnseenKind, line_and_column, unseen_in

MOST_UNSEEN = 100  # that a list draws; its kinds share them

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
    """Texts of one kind: their number, and the first ones, each with its line number from 1."""

    kind: UnseenKind
    total: int
    rows: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class UnseenList:
    """The texts by kind, and their number in all."""

    total: int
    groups: tuple[UnseenGroup, ...]


def compare_unseen(content: Content, before: Content | None) -> tuple[UnseenList, UnseenList]:
    """Return the unseen texts that a content introduces, and those that were there before.

    A text was there before if the other content has the same characters, of the same kind, as often.
    """
    old = Counter(_key(before, item) for item in _unseen(before)) if before else Counter()
    brought_in: list[Unseen] = []
    inherited: list[Unseen] = []
    for item in _unseen(content):
        key = _key(content, item)
        (inherited if old[key] else brought_in).append(item)
        old[key] -= old[key] > 0
    return _grouped(content.source, brought_in), _grouped(content.source, inherited)


def _unseen(content: Content) -> tuple[Unseen, ...]:
    return unseen_in(content.source, language=content.language)


def _key(content: Content, item: Unseen) -> tuple[UnseenKind, str]:
    """Take the characters as written: the words of a long text are cut, and its end may be what changed."""
    return item.kind, content.source[item.start : item.end]


def _grouped(source: str, items: Iterable[Unseen]) -> UnseenList:
    by_kind: dict[UnseenKind, list[Unseen]] = defaultdict(list)
    for item in items:
        by_kind[item.kind].append(item)
    drawn = _shares({kind: len(of_kind) for kind, of_kind in by_kind.items()})
    groups = (
        UnseenGroup(
            kind,
            len(by_kind[kind]),
            tuple(
                (line_and_column(source, item.start)[0], item.text) for item in by_kind[kind][: drawn[kind]]
            ),
        )
        for kind in _ORDER
        if kind in by_kind
    )
    return UnseenList(sum(map(len, by_kind.values())), tuple(groups))


def _shares(counts: dict[UnseenKind, int]) -> dict[UnseenKind, int]:
    """Return how many of each kind are drawn: no kind crowds out another, and what one leaves goes to the others."""
    left, shares = MOST_UNSEEN, {}
    for behind, kind in enumerate(sorted(counts, key=counts.__getitem__)):
        shares[kind] = min(counts[kind], left // (len(counts) - behind))
        left -= shares[kind]
    return shares
