"""Figures of the report: the queue by day, and how often each check was right.

Each query groups in the database or reads a bounded number of rows.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from articles.revisions.hidings import Hiding
from articles.revisions.revisions import DamagedText, Revision
from articles.text.markdown import hosts_of, link_targets

from .judging import Verdicts, by_check
from .reviews import DECIDED, TURNED_DOWN, Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_DECISIONS = 5_000  # newest in the time, that breakdowns count
MAX_TIMES = 20_000  # newest in the time, whose hours are read
MAX_TEXTS = 100  # newest of these whose links are read
MAX_SHARES = 12  # lines of a breakdown


@dataclass(frozen=True, slots=True)
class Day:
    """One day: submissions, those with warnings or alerts, decisions, and the hours that the decisions took.

    `left` is how many were waiting at its end, for today now.
    """

    date: date
    submitted: int
    flagged: int
    decided: int
    left: int
    median: float | None
    slowest_tenth: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """What one moderator decided: how many, the share turned down from 0 to 1, and the median time in hours."""

    name: str
    decided: int
    turned_down: float
    median: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a report; times in hours, `is_cut` if the breakdowns leave older decisions out.

    `waited` is how many were waiting before the first day.
    """

    days: tuple[Day, ...]
    waiting: int
    waited: int
    oldest: datetime | None
    median: float | None
    slowest_tenth: float | None
    moderators: tuple[Share, ...]
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
    took = _took(since)
    hours: dict[date, list[float]] = defaultdict(list)
    for decision in took:
        hours[decision.day].append(decision.hours)
    every = [decision.hours for decision in took]
    decided = Review.objects.filter(state__in=DECIDED, decided_at__gte=since)
    a_day = Counter(dict(_a_day(decided, "decided_at")))
    newest = decided.order_by("-decided_at").values("pk")[:MAX_DECISIONS]
    reviews = Review.objects.filter(pk__in=newest)
    pending = Review.objects.pending()
    waiting = pending.count()
    ended = Counter(dict(_a_day(Review.objects.filter(decided_at__gte=since), "decided_at")))
    left = _left(dates, waiting, came=submitted, ended=ended)
    return Figures(
        days=tuple(
            Day(
                date=day,
                submitted=submitted[day],
                flagged=flagged[day],
                decided=a_day[day],
                left=left[day],
                median=quantile(hours[day], 0.5),
                slowest_tenth=quantile(hours[day], 0.9),
            )
            for day in dates
        ),
        waiting=waiting,
        waited=left[dates[0]] - submitted[dates[0]] + ended[dates[0]],
        oldest=pending.order_by("submitted_at").values_list("submitted_at", flat=True).first(),
        median=quantile(every, 0.5),
        slowest_tenth=quantile(every, 0.9),
        moderators=_by_moderator(took),
        checks=by_check(reviews, since=since),
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


def _left(
    dates: Sequence[date], waiting: int, *, came: Mapping[date, int], ended: Mapping[date, int]
) -> dict[date, int]:
    """Return how many were waiting at the end of each day, counted back from how many wait now."""
    left = {}
    for day in reversed(dates):
        left[day] = waiting
        waiting += ended[day] - came[day]
    return left


@dataclass(frozen=True, slots=True)
class _Decision:
    """A decision: by whom, on which day, how many hours after the submission, and whether it turned that down."""

    by: str
    day: date
    hours: float
    is_turned_down: bool


def _took(since: datetime) -> list[_Decision]:
    """Return the newest decisions, at most `MAX_TIMES`."""
    rows = Review.objects.filter(state__in=DECIDED, decided_at__gte=since).order_by("-decided_at")
    found = []
    for by, state, submitted_at, decided_at in rows.values_list(
        "decided_by_name", "state", "submitted_at", "decided_at"
    )[:MAX_TIMES]:
        assert decided_at is not None  # the filter says so
        hours = (decided_at - submitted_at).total_seconds() / 3600
        found.append(_Decision(by, timezone.localdate(decided_at), hours, state in TURNED_DOWN))
    return found


def _by_moderator(decisions: Iterable[_Decision]) -> tuple[Share, ...]:
    """Return what each moderator decided, by name."""
    of: dict[str, list[_Decision]] = defaultdict(list)
    for decision in decisions:
        of[decision.by].append(decision)
    return tuple(
        Share(
            name,
            decided=len(own),
            turned_down=sum(decision.is_turned_down for decision in own) / len(own),
            median=quantile([decision.hours for decision in own], 0.5) or 0,
        )
        for name, own in sorted(of.items())
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
