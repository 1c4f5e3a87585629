"""Figures of the report: the queue by day, and how often each check was right.

Each query groups in the database or reads a bounded number of rows.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from articles.revisions.hidings import Hiding
from articles.revisions.renderings import IntroducedFinding
from articles.revisions.revisions import DamagedText, Revision
from articles.text.markdown import hosts_of, link_targets

from .allowances import Allowance
from .reviews import Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_DECISIONS = 5_000  # newest in the time, that breakdowns count
MAX_TIMES = 20_000  # newest in the time, whose hours are read
MAX_TEXTS = 100  # newest of these whose links are read
MAX_SHARES = 12  # lines of a breakdown

TURNED_DOWN = (Review.State.REJECTED, Review.State.CHANGES_REQUESTED)
DECIDED = (Review.State.APPROVED, *TURNED_DOWN)


@dataclass(frozen=True, slots=True)
class Day:
    """One day: submissions, those with warnings or alerts, decisions, and the hours that the decisions took."""

    date: date
    submitted: int
    flagged: int
    decided: int
    median: float | None
    slowest_tenth: float | None


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How revisions with one thing in common were decided: turned down, approved, or allowed."""

    name: str
    upheld: int
    approved: int
    allowed: int = 0

    @property
    def precision(self) -> float | None:
        """The share that was upheld, from 0 to 1; None if nothing was decided."""
        total = self.upheld + self.approved + self.allowed
        return self.upheld / total if total else None


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a report; times in hours, `is_cut` if the breakdowns leave older decisions out."""

    days: tuple[Day, ...]
    waiting: int
    oldest: datetime | None
    median: float | None
    slowest_tenth: float | None
    checks: tuple[Verdicts, ...]
    languages: tuple[Verdicts, ...]
    authors: tuple[Verdicts, ...]
    domains: tuple[Verdicts, ...]
    is_cut: bool


def gather_figures(*, days: int, seen_by: User) -> Figures:
    """Gather the figures of the last days, including today, in the site's time zone."""
    today = timezone.localdate()
    dates = [today - timedelta(days=back) for back in reversed(range(days))]
    since = timezone.make_aware(datetime.combine(dates[0], time.min))
    came_in = Review.objects.filter(submitted_at__gte=since)
    submitted = Counter(dict(_a_day(came_in, "submitted_at")))
    flagged = Counter(dict(_a_day(came_in.filter(Q(alerts__gt=0) | Q(warnings__gt=0)), "submitted_at")))
    hours = _hours(since)
    every = [each for of_day in hours.values() for each in of_day]
    decided = Review.objects.filter(state__in=DECIDED, decided_at__gte=since)
    a_day = Counter(dict(_a_day(decided, "decided_at")))
    newest = decided.order_by("-decided_at").values("pk")[:MAX_DECISIONS]
    reviews = Review.objects.filter(pk__in=newest)
    pending = Review.objects.pending()
    return Figures(
        days=tuple(
            Day(
                date=day,
                submitted=submitted[day],
                flagged=flagged[day],
                decided=a_day[day],
                median=quantile(hours[day], 0.5),
                slowest_tenth=quantile(hours[day], 0.9),
            )
            for day in dates
        ),
        waiting=pending.count(),
        oldest=pending.order_by("submitted_at").values_list("submitted_at", flat=True).first(),
        median=quantile(every, 0.5),
        slowest_tenth=quantile(every, 0.9),
        checks=_by_check(reviews, since),
        languages=_verdicts(reviews, "revision__language"),
        authors=_by_author(reviews, seen_by),
        domains=_by_domain(reviews.visible_to(seen_by)),
        is_cut=a_day.total() > MAX_DECISIONS,
    )


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least this share of the values does not exceed; None without values."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else None


def _a_day(reviews: QuerySet[Review], moment: str) -> list[tuple[date, int]]:
    rows = reviews.order_by().annotate(day=TruncDate(moment)).values_list("day")
    return list(rows.annotate(n=Count("pk")))


def _hours(since: datetime) -> dict[date, list[float]]:
    """Return how many hours each decision took, by the day of the decision."""
    times = Review.objects.filter(state__in=DECIDED, decided_at__gte=since).order_by("-decided_at")
    hours: dict[date, list[float]] = defaultdict(list)
    for submitted_at, decided_at in times.values_list("submitted_at", "decided_at")[:MAX_TIMES]:
        assert decided_at is not None  # the filter says so
        hours[timezone.localdate(decided_at)].append((decided_at - submitted_at).total_seconds() / 3600)
    return hours


def _by_check(reviews: QuerySet[Review], since: datetime) -> tuple[Verdicts, ...]:
    """Count revisions by check, not findings: a thousand swapped letters in one text are decided once."""
    rows = (
        IntroducedFinding.objects.filter(revision__reviews__in=reviews)
        .values("check_id")
        .annotate(
            upheld=Count("revision", distinct=True, filter=Q(revision__reviews__state__in=TURNED_DOWN)),
            approved=Count("revision", distinct=True, filter=Q(revision__reviews__state="approved")),
        )
        .order_by("check_id")
    )
    remembered = Allowance.objects.filter(allowed_at__gte=since).exclude(check_id="").order_by()
    allowed = Counter(dict(remembered.values_list("check_id").annotate(n=Count("pk"))))
    found = {row["check_id"]: row for row in rows}
    return tuple(
        Verdicts(
            name,
            found[name]["upheld"] if name in found else 0,
            found[name]["approved"] if name in found else 0,
            allowed[name],
        )
        for name in sorted(found.keys() | allowed.keys())
    )


def _verdicts(reviews: QuerySet[Review], name: str) -> tuple[Verdicts, ...]:
    rows = (
        reviews.order_by()
        .values_list(name)
        .annotate(
            upheld=Count("pk", filter=Q(state__in=TURNED_DOWN)),
            approved=Count("pk", filter=Q(state="approved")),
            every=Count("pk"),
        )
        .order_by("-upheld", "-every", name)[:MAX_SHARES]
    )
    return tuple(Verdicts(value, upheld, approved) for value, upheld, approved, _every in rows)


def _by_author(reviews: QuerySet[Review], seen_by: User) -> tuple[Verdicts, ...]:
    hidden = Hiding.objects.active().filter(author=True)
    return _verdicts(reviews.exclude(revision__in=hidden.values("revision")), "revision__author_name")


def _by_domain(reviews: QuerySet[Review]) -> tuple[Verdicts, ...]:
    states = dict(reviews.order_by("-decided_at").values_list("revision", "state")[:MAX_TEXTS])
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for revision in Revision.objects.with_text().filter(pk__in=states):
        try:
            hosts = hosts_of(link_targets(revision.source))
        except DamagedText:
            continue
        for host in hosts:
            counts[host][states[revision.pk] in TURNED_DOWN] += 1
    found = [Verdicts(host, upheld=c[True], approved=c[False]) for host, c in counts.items()]
    found.sort(key=lambda v: (-v.upheld, -v.approved, v.name))
    return tuple(found[:MAX_SHARES])
