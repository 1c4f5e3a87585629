"""Reputations: how an author's last submissions ended, and how many articles they submitted at about a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from .reviews import Review
from .risk import BUSY, FLOOD, MOST_FLOOD, RECORD, ROW, TRUSTED, Part

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reputation:
    """How an author's last decided submissions ended, at most `risk.RECORD` of them.

    `rejected_in_a_row` counts from the last one back.
    """

    approved: int = 0
    turned_down: int = 0
    rejected_in_a_row: int = 0

    @property
    def is_offender(self) -> bool:
        """Whether so many rejections came in a row that they count."""
        return self.rejected_in_a_row >= ROW

    @property
    def missing(self) -> int:
        """How many approvals are missing until the author is no newcomer; none for an offender."""
        return 0 if self.is_offender else max(0, TRUSTED - self.approved)

    @property
    def counts(self) -> dict[Part, int]:
        """What the risk counts of it."""
        return {
            Part.IN_A_ROW: self.rejected_in_a_row if self.is_offender else 0,
            Part.TURNED_DOWN: self.turned_down,
            Part.NEWCOMER: self.missing,
        }


def reputations_of(authors: Collection[int]) -> dict[int, Reputation]:
    """Return the reputations of accounts. Takes one query, linear in their decided submissions."""
    if not authors:
        return {}
    place = Window(
        RowNumber(), partition_by=F("revision__author"), order_by=[F("decided_at").desc(), F("pk").desc()]
    )
    decided = Review.objects.decided().filter(revision__author__in=authors)
    rows = decided.annotate(place=place).filter(place__lte=RECORD).order_by("place")
    states: dict[int, list[str]] = defaultdict(list)
    for author, state in rows.values_list("revision__author", "state"):
        states[author].append(state)
    return {author: _reputation(states[author]) for author in authors}


def _reputation(states: list[str]) -> Reputation:
    approved = states.count(Review.State.APPROVED)
    row = takewhile(lambda state: state == Review.State.REJECTED, states)
    return Reputation(approved, len(states) - approved, sum(1 for _ in row))


def floods(asked: Collection[tuple[int, int, datetime]], reputations: dict[int, Reputation]) -> Iterable[int]:
    """Yield, for each author, article and time, how many articles the author submitted within an hour of it.

    Before or after, so that the number does not change as time passes. The article itself counts. 0 for few, which are
    more for authors with a good record; `MOST_FLOOD` at most. Takes one query, linear in the submissions around.
    """
    if not asked:
        return
    times = [at for _, _, at in asked]
    near = Review.objects.filter(
        revision__author__in={author for author, _, _ in asked},
        submitted_at__range=(min(times) - HOUR, max(times) + HOUR),
    )
    rows: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    columns = ("revision__author", "submitted_at", "revision__article")
    for author, at, article in near.order_by("submitted_at").values_list(*columns):
        rows[author].append((at, article))
    for author, article, at in asked:
        submitted = rows[author]
        first = bisect_left(submitted, at - HOUR, key=lambda row: row[0])
        last = bisect_right(submitted, at + HOUR, key=lambda row: row[0])
        articles = {article}
        for _, other in submitted[first:last]:
            articles.add(other)
            if len(articles) == MOST_FLOOD:
                break
        is_new = not reputations[author].approved or reputations[author].is_offender
        yield len(articles) if len(articles) >= (FLOOD if is_new else BUSY) else 0
