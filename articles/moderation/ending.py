"""Ending: revoke allowances, and bring back to the queue what went live under one that ended.

An allowance also ends by itself, after its last day. `settle_allowances` notices that: whoever opens the queue or the
list of allowances calls it, and a task on the day after. Texts are looked at one by one, each in its own transaction;
whatever stops that, the next call goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import permissions
from articles.revisions.articles import Article
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.publications import Publication
from articles.revisions.revisions import DamagedText, Revision
from articles.revisions.schedules import Schedule
from articles.revisions.steps import locked, require
from articles.revisions.validation import require_short
from articles.revisions.withholding import has_any
from articles.tasks import task
from articles.tasks.running import report
from articles.text.checks import Severity

from .allowances import Allowance
from .assessment import assess, current
from .covering import preview, within_reach
from .refreshing import refresh_allowed
from .reviewing import enqueue
from .reviews import Review, ReviewQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 10  # texts that are looked at within a request; a task looks at more
MOST_CODE_POINTS = 200_000  # of these texts
MOST_SETTLED = 5  # allowances that one request looks at


def revoke(allowance: Allowance, *, by: User, reason: str = "") -> bool:
    """Revoke an allowance and keep its row. The findings that it covered are shown and counted again.

    What went live under it comes back to the queue and stays live until somebody decides. Return False if there is so
    much of it that a task goes on with it. Raises `WorkflowError` if the allowance ended already, or is only proposed.
    """
    with transaction.atomic():
        require(permissions.can_moderate(by))
        require_short(reason)
        allowance = Allowance.objects.select_for_update(of=("self",)).get(pk=allowance.pk)
        if allowance.revoked_at:
            raise WorkflowError(_("%(name)s has revoked it already.") % {"name": allowance.revoked_by_name})
        if not allowance.lasts:
            raise WorkflowError(_("Its last day is over."))
        if allowance.is_proposed:
            raise WorkflowError(_("It is not in force: it waits for a second moderator, who may decline it."))
        end_at(allowance, by=by, reason=reason)
        log_allowance(Event.Action.REVOKE, allowance, by=by, reason=reason)
        refresh_allowed(allowance)
    return _settle_now(allowance)


def settle_allowances() -> None:
    """Bring back what went live under allowances that ended. One query if there is nothing to do.

    Looks at a few texts, and has a task look at the others.
    """
    for allowance in Allowance.objects.to_settle().order_by("pk")[:MOST_SETTLED]:
        _settle_now(allowance)


@task(title=gettext_lazy("Bring back what went live under allowances that ended"))
def bring_back(day: str = "") -> str:
    """Look at all that went live under allowances that ended, and say how much came back into the queue.

    `day` names the day for which it was asked.
    """
    looked = back = 0
    for allowance in Allowance.objects.to_settle().order_by("pk"):
        for revision in _went_live_under(allowance):
            report(_("%(looked)d texts looked at, %(back)d brought back") % {"looked": looked, "back": back})
            looked, back = looked + 1, back + _bring_back(revision, allowance)
        _record_settled(allowance)
    return _("%(looked)d texts looked at, %(back)d brought back") % {"looked": looked, "back": back}


def settle_after(last_day: date | None) -> None:
    """Ask for the task at the end of a day, so that nobody has to look."""
    if last_day:
        over = last_day + timedelta(days=1)
        at = timezone.make_aware(datetime.combine(over, time.min))
        bring_back.using(run_after=at).enqueue(over.isoformat())


def end_at(allowance: Allowance, *, by: User, reason: str) -> None:
    """Store that an allowance ends now. Lock it first."""
    allowance.revoked_by = by
    allowance.revoked_by_name = by.get_username()
    allowance.revoked_at = timezone.now()
    allowance.revoked_why = reason
    allowance.save(update_fields=["revoked_by", "revoked_by_name", "revoked_at", "revoked_why"])


def log_allowance(action: Event.Action, allowance: Allowance, *, by: User | None, reason: str = "") -> None:
    """Log what happened to an allowance, with its kind, value and reach."""
    log_event(
        action,
        allowance.revision,
        by=by,
        reason=reason,
        detail=allowance.detail,
        article=allowance.article_id,
    )


def _settle_now(allowance: Allowance) -> bool:
    """Bring back what went live under an ended allowance. Return False if a task goes on, since there is too much."""
    length = 0
    for looked, revision in enumerate(_went_live_under(allowance)):
        if looked == MOST_AT_ONCE or (looked and length + len(revision.source) > MOST_CODE_POINTS):
            bring_back.enqueue()
            return False
        length += len(revision.source)
        _bring_back(revision, allowance)
    _record_settled(allowance)
    return True


@transaction.atomic
def _record_settled(allowance: Allowance) -> None:
    """Store that all was looked at; one that ended by itself gets its line in the log, and the queue its points."""
    if not Allowance.objects.filter(pk=allowance.pk, settled_at=None).update(settled_at=timezone.now()):
        return  # another process was faster
    if allowance.revoked_at is None:
        log_allowance(Event.Action.EXPIRE, allowance, by=None)
        refresh_allowed(allowance)


def _went_live_under(allowance: Allowance) -> Iterator[Revision]:
    """Yield the revisions to look at, oldest first: live or scheduled, and published or approved while it counted.

    Not those that were submitted again since. Reads few at a time.
    """
    began, ended = allowance.began_at, allowance.ended_at
    within = (began, ended)
    found = within_reach(allowance, Revision.objects.with_text()).filter(
        Q(pk__in=Article.objects.filter(published_revision__isnull=False).values("published_revision"))
        | Q(pk__in=Schedule.objects.to_start().values("revision")),
        has_any(Publication.objects.filter(revision=OuterRef("pk"), published_at__range=within))
        | has_any(Event.objects.filter(revision=OuterRef("pk"), action__in=_PUTS_LIVE, at__range=within))
        | has_any(_of_revision(state=Review.State.APPROVED, decided_at__range=within)),
        ~Exists(_of_revision(submitted_at__gte=ended)),
    )
    last = 0
    while rows := list(found.filter(pk__gt=last).order_by("pk")[:MOST_AT_ONCE]):
        yield from rows
        last = rows[-1].pk


_PUTS_LIVE = (Event.Action.PUBLISH, Event.Action.SCHEDULE)


def _of_revision(**conditions: Any) -> ReviewQuerySet:
    return Review.objects.filter(revision=OuterRef("pk"), **conditions)


def _bring_back(revision: Revision, allowance: Allowance) -> bool:
    """Put a revision into the queue if an alert or a warning of it speaks again. Return whether it did."""
    try:
        if not _speaks_again(revision, allowance):
            return False
        assessment = assess(revision)
    except DamagedText as reason:
        logger.warning("%s; nothing is known of what it holds", reason)
        return False
    with transaction.atomic():
        article = locked(revision)
        is_to_start = Schedule.objects.to_start().filter(revision=revision).exists()
        reviews = Review.objects.filter(revision=revision, submitted_at__gte=allowance.ended_at)
        if not (article.published_revision_id == revision.pk or is_to_start) or reviews.exists():
            return False
        assessment = current(assessment, revision)
        enqueue(revision, by=None, assessment=assessment, causes=[Review.Cause.ALLOWANCE_ENDED])
    return True


def _speaks_again(revision: Revision, allowance: Allowance) -> bool:
    texts = preview(allowance, [revision]).texts
    return any(item.finding.severity != Severity.NOTICE for each in texts for item in each.alone)
