"""Refreshing: keep the risk, the causes and the facts of what waits as they would be counted now.

Whatever they hang on calls one of these functions within its own transaction: an operation on an author's submissions,
on an allowance, on what readers see. Few reviews are counted at once. Many are marked, and a task counts them, worst
first; until then they keep their place, and the queue says that they are being counted. Nothing hangs on the clock
alone.

An operation holds the lock of its own article, not of those whose reviews it counts anew. That is sound:

- One transaction at a time counts. One that finds another counting leaves a task behind, which looks for the same
  reviews again once both are stored. So neither misses what the other one wrote, nor a review that it added.
- A row that somebody else holds is being decided on. It is skipped, not waited for, so that no two operations wait for
  each other; a task looks at it again, in case the decision was not stored.
- Rows are written only while they are pending, so no count reaches one that has been decided.

SQLite has one writer at a time, so there all of this holds by itself.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.revisions.revisions import DamagedText, Revision
from articles.tasks import SHORT, task
from articles.tasks.running import report
from articles.text.checks import Severity
from articles.text.content.host_twins import readings

from .allowances import Allowance
from .assessment import Assessment, causes_now, read
from .circumstances import Submission, circumstances
from .reputations import HOUR
from .reviews import Review, ReviewQuerySet
from .risk import MOST_FLOOD, MOST_SHARED, Part, weigh
from .traits import Trait, record_traits

logger = logging.getLogger(__name__)

MOST_AT_ONCE = {Review.Counting.RECORD: 200, Review.Counting.TEXTS: 20}  # reviews counted within an operation
SECONDS_OF_A_RUN = 0.12  # of the task, which the end of a request may have to do
_AT_A_TIME = {
    Review.Counting.RECORD: 100,
    Review.Counting.TEXTS: 5,
}  # reviews that the task counts in a transaction
_LOCK = 7_251_604  # number of the lock that one counting transaction at a time holds


# What operations call, each in its transaction, after its own rows are written


def enter_queue(review: Review, assessment: Assessment) -> None:
    """Keep what an assessment says of a pending review, and count anew what its submission changes for others."""
    _keep(review, assessment)
    refresh([review.pk])
    review.refresh_from_db(fields=["risk", "risk_parts"])
    revision = review.revision
    _refresh("reviews", review.pk, unless_counted=True)
    if revision.author_id:
        _refresh("flood", revision.author_id, review.submitted_at.isoformat())
    _refresh("shared", *_new_hosts_of([review.pk])[review.pk])


def leave_queue(review: Review) -> None:
    """Count anew what the end of a review changes for others: the author's record, and the domains that it shared."""
    hosts = _new_hosts_of([review.pk])[review.pk]
    record_traits(review, ())
    _refresh("shared", *hosts)
    if review.is_decided and review.revision.author_id:
        refresh_author(review.revision.author_id)


def refresh_author(account: int) -> None:
    """Count anew what waits by an account, after a decision on its work or something imposed on it."""
    _refresh("author", account)


def refresh_standing(account: int, *, until: date | None = None) -> None:
    """Assess anew what waits with an edit of an account, after its edits were held or are no longer.

    A task does so again once the last day is over, if there is one.
    """
    _refresh("standing", account)
    if until:
        over = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
        refresh_later.using(run_after=over).enqueue("standing over", [account])


@contextmanager
def refreshing_edits_of(account: int) -> Iterator[None]:
    """Assess anew what waits with an edit of an account, after the block made the edits nobody's."""
    reviews = list(_of_standing(account).values_list("pk", flat=True))
    yield
    if reviews:
        _refresh("texts", *reviews)


def refresh_article(article: int) -> None:
    """Assess anew what waits in an article, after what readers see of it changed, or a decision was taken back."""
    _refresh("article", article)


def refresh_hosts(hosts: Collection[str]) -> None:
    """Assess anew what links to hosts, or to twins of them, that became known to the site or unknown."""
    if hosts:
        _refresh("hosts", *sorted(hosts))


def refresh_allowed(allowance: Allowance) -> None:
    """Assess anew what an allowance may cover, after it came into force, was revoked, or its last day was over."""
    _refresh("allowance", allowance.pk)


# Which reviews are concerned


def _of_flood(author: int, at: str) -> ReviewQuerySet:
    """Return what the author submitted in the hour before; none if those were too many to count before."""
    moment = parse_datetime(at)
    assert moment is not None
    before: datetime = moment - HOUR
    submitted = Review.objects.filter(revision__author=author, submitted_at__range=(before, moment))
    articles = submitted.order_by().values_list("revision__article", flat=True).distinct()
    if articles[: MOST_FLOOD + 2].count() > MOST_FLOOD + 1:
        return Review.objects.none()
    return submitted.pending()


def _of_shared(*hosts: str) -> ReviewQuerySet:
    """Return what links to hosts new to the site, apart from those that so many link to that one more is the same."""
    rare, _common = Trait.objects.rare_hosts(hosts, MOST_SHARED + 2) if hosts else (set(), set())
    if not rare:
        return Review.objects.none()
    return Review.objects.pending().filter(pk__in=Trait.objects.of_new_hosts(rare).values("review"))


def _of_standing(account: int) -> ReviewQuerySet:
    theirs = Revision.objects.filter(author=account).order_by().values("article")
    return Review.objects.pending().filter(revision__article__in=theirs)


def _of_hosts(*hosts: str) -> ReviewQuerySet:
    read_alike = {reading for host in hosts for reading in readings(host)[:1]}
    linked = Q(kind__in=[Trait.Kind.HOST, Trait.Kind.NEW_HOST], value__in=hosts)
    traits = Trait.objects.filter(linked | Q(kind=Trait.Kind.READING, value__in=read_alike))
    return Review.objects.pending().filter(pk__in=traits.values("review"))


def _of_allowance(pk: int) -> ReviewQuerySet:
    allowance = Allowance.objects.get(pk=pk)
    flagged = Trait.objects.filter(kind=Trait.Kind.FLAGGED, value__in=[allowance.value, ""])
    reviews = Review.objects.pending().filter(pk__in=flagged.values("review"))
    if allowance.article_id:
        return reviews.filter(revision__article=allowance.article_id)
    if allowance.language:
        tag = allowance.language
        return reviews.filter(
            Q(revision__language__iexact=tag) | Q(revision__language__istartswith=f"{tag}-")
        )
    return reviews


_CONCERNED: dict[str, tuple[Review.Counting, Callable[..., ReviewQuerySet]]] = {
    "reviews": (Review.Counting.RECORD, lambda *pks: Review.objects.pending().filter(pk__in=pks)),
    "texts": (Review.Counting.TEXTS, lambda *pks: Review.objects.pending().filter(pk__in=pks)),
    "author": (Review.Counting.RECORD, lambda pk: Review.objects.pending().filter(revision__author=pk)),
    "flood": (Review.Counting.RECORD, _of_flood),
    "shared": (Review.Counting.RECORD, _of_shared),
    "article": (Review.Counting.TEXTS, lambda pk: Review.objects.pending().filter(revision__article=pk)),
    "standing": (Review.Counting.TEXTS, _of_standing),
    "standing over": (Review.Counting.TEXTS, _of_standing),
    "hosts": (Review.Counting.TEXTS, _of_hosts),
    "allowance": (Review.Counting.TEXTS, _of_allowance),
}


# When they are counted


def _refresh(kind: str, *values: Any, unless_counted: bool = False) -> None:
    """Count the concerned reviews now if they are few, or mark them; leave it to a task if another process counts."""
    if not _is_alone():
        refresh_later.enqueue(kind, list(values))
    elif not unless_counted:
        _count_or_mark(kind, values)


def _count_or_mark(kind: str, values: Collection[Any]) -> None:
    depth, concerned = _CONCERNED[kind]
    most = MOST_AT_ONCE[depth]
    reviews = concerned(*values).order_by("pk")
    mine = list(_locked(reviews)[: most + 1])
    if len(mine) > most:
        _mark(_locked(reviews), depth)
        return
    if mine:
        _COUNT[depth](mine)
    if connection.features.has_select_for_update_skip_locked and reviews[: len(mine) + 1].count() > len(mine):
        refresh_later.enqueue(kind, list(values))


def _locked(reviews: ReviewQuerySet) -> Any:
    """Lock these reviews, without those that somebody else holds; keep their primary keys."""
    return reviews.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)


def _mark(reviews: Any, depth: Review.Counting) -> None:
    """Mark reviews as being counted, and have a task count them. One that is marked for more stays so."""
    pks = list(reviews)
    for start in range(0, len(pks), 5_000):
        rows = Review.objects.filter(pk__in=pks[start : start + 5_000])
        if depth == Review.Counting.RECORD:
            rows = rows.filter(counting="")
        rows.update(counting=depth)
    count_marked.enqueue()


def _is_alone() -> bool:
    """Return whether this transaction may count: no other one does, until this one ends. Never waits."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _wait_until_alone() -> None:
    """Wait until no other transaction counts. Hold no lock when calling it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@task(title=gettext_lazy("Count the risk of some waiting versions anew"), queue_name=SHORT)
def refresh_later(kind: str, values: list[Any]) -> None:
    """Do what an operation left, since another process was counting at that moment."""
    with transaction.atomic():
        _wait_until_alone()
        _count_or_mark(kind, values)


@task(title=gettext_lazy("Count the risk of many waiting versions anew"), queue_name=SHORT)
def count_marked() -> str:
    """Count marked reviews anew, worst first, for a moment; if any are left, ask to go on."""
    end = monotonic() + SECONDS_OF_A_RUN
    while (left := Review.objects.to_count().count()) and monotonic() < end:
        report(_("%(left)d versions are still to be counted") % {"left": left})
        with transaction.atomic():
            _wait_until_alone()
            for depth, most in _AT_A_TIME.items():
                marked = Review.objects.pending().filter(counting=depth).order_by("-risk", "pk")
                if pks := list(_locked(marked)[:most]):
                    _COUNT[depth](pks)
                    break
            else:
                break  # others hold what is left
    if left:
        count_marked.enqueue()
    return _("%(left)d versions are still to be counted") % {"left": left}


# Counting


def refresh(reviews: Collection[int]) -> None:
    """Count anew what the risk of pending reviews hangs on beside the texts; write only what changed.

    `reviews` has primary keys. Takes six queries and one for each different result.
    """
    columns = ("pk", "revision__author", "revision__article", "submitted_at")
    stored = ("counts", "risk", "risk_parts", "counting")
    rows = list(
        Review.objects.pending().filter(pk__in=reviews, counts__isnull=False).values(*columns, *stored)
    )
    hosts = _new_hosts_of([row["pk"] for row in rows])
    found = circumstances(
        [
            Submission(
                author=row["revision__author"],
                article=row["revision__article"],
                at=row["submitted_at"],
                new_hosts=frozenset(hosts[row["pk"]]),
                review=row["pk"],
            )
            for row in rows
        ]
    )
    changed: dict[tuple[int, tuple[tuple[Part, int, int], ...]], list[int]] = defaultdict(list)
    for row, counts in zip(rows, found, strict=True):
        risk = weigh({Part(name): count for name, count in row["counts"].items()} | counts)
        if (row["risk"], row["risk_parts"]) != (risk.points, [[*part] for part in risk.parts]):
            changed[risk.points, risk.parts].append(row["pk"])
    for (points, parts), pks in changed.items():
        Review.objects.pending().filter(pk__in=pks).update(risk=points, risk_parts=parts)
    counted = [row["pk"] for row in rows if row["counting"] == Review.Counting.RECORD]
    if counted:
        Review.objects.filter(pk__in=counted).update(counting="")
    if len(rows) < len(reviews):  # of an earlier release
        without = Review.objects.pending().filter(pk__in=reviews, counts__isnull=True)
        if pks := list(without.values_list("pk", flat=True)):
            assess_anew(pks)


def assess_anew(reviews: Collection[int]) -> None:
    """Read the texts of pending reviews again and keep what an assessment says of them. Some milliseconds each."""
    for review in Review.objects.pending().filter(pk__in=reviews).for_decision():
        try:
            _keep(review, read(review.revision))
        except DamagedText as damage:
            logger.warning("review %d keeps its risk: %s", review.pk, damage)
            Review.objects.filter(pk=review.pk).update(counting="", counts=review.counts or {})
    refresh(reviews)


def is_outdated(review: Review) -> bool:
    """Return whether an assessment would say something else of a pending review now. Reads the texts.

    Load the review by `for_decision`. Raises `DamagedText`.
    """
    new = _said(review, read(review.revision))
    return any(getattr(review, name) != value for name, value in new.items())


def _said(review: Review, assessment: Assessment) -> dict[str, Any]:
    """Return the columns of a pending review that hold what an assessment says, but for its risk."""
    causes = causes_now(review, assessment)
    return {
        "causes": [cause.value for cause in causes],
        "cause": causes[0].value,
        "alerts": assessment.introduced[Severity.ALERT],
        "warnings": assessment.introduced[Severity.WARNING],
        "counts": {part.value: count for part, count in assessment.counts.items()},
        "facts": [*assessment.facts],
        "gravity": assessment.gravity.value,
        "counting": "",
    }


def _keep(review: Review, assessment: Assessment) -> None:
    """Store what an assessment says of a pending review, but for its risk. Writes only if something changed."""
    new = _said(review, assessment)
    if any(getattr(review, name) != value for name, value in new.items()):
        Review.objects.pending().filter(pk=review.pk).update(**new)
        for name, value in new.items():
            setattr(review, name, value)
    record_traits(review, assessment.traits)


def _new_hosts_of(reviews: Collection[int]) -> dict[int, list[str]]:
    """Return the hosts new to the site of each review. One query."""
    hosts: dict[int, list[str]] = defaultdict(list)
    rows = Trait.objects.filter(kind=Trait.Kind.NEW_HOST, review__in=reviews)
    for review, host in rows.values_list("review", "value"):
        hosts[review].append(host)
    return hosts


_COUNT = {Review.Counting.RECORD: refresh, Review.Counting.TEXTS: assess_anew}
