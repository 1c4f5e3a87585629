"""Schedules: when a version goes live and offline. It does so at that moment, without a running worker.

Whoever reads articles calls `settle` first: it carries out the boundaries that were reached, each as of its own
moment. `Article.published_revision` is therefore what readers see now, and all queries go by it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.moderation.assessment import Assessment, assess, causes_to_wait, current
from articles.moderation.returns import gather_returns, require_confirmed
from articles.moderation.reviewing import close_pending, require_newer_than_public, require_none_newer_waiting
from articles.moderation.reviews import Review
from articles.moderation.seen import Seen, require_as_seen
from articles.moderation.showing import following
from articles.moderation.watching import tell_watchers
from articles.people.zones import is_zone
from articles.revisions.articles import Article
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision
from articles.revisions.schedules import Schedule
from articles.revisions.sketches import record_sketches
from articles.revisions.steps import (
    locked,
    locked_article,
    require,
    require_text,
    require_unarchived,
)
from articles.revisions.validation import require_free_slug

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LEAST_AHEAD = timedelta(minutes=1)  # of a boundary when it is set: processes may look for new ones less often
MOST_AHEAD = timedelta(days=3660)


def schedule(
    revision: Revision,
    *,
    by: User,
    starts_at: datetime | None,
    ends_at: datetime | None = None,
    zone: str,
    reason: str = "",
    seen: Seen | None = None,
    sure: bool = False,
) -> Schedule:
    """Set from when to when readers see a revision; a schedule that the article has is replaced.

    Without `starts_at`, set the end of the live revision. `zone` is the name of the person's time zone. Nothing else
    that is written later goes live with it. A revision that waits is approved with it by who may review it; `reason`,
    `seen` and `sure` are those of `approve`, and so is what is raised for them.
    Raises `ValidationError` for times that cannot be, and `WorkflowError` if the person could not publish the revision
    at once.
    """
    require(permissions.can_schedule(by) and permissions.can_submit(by, revision))
    _require_times(starts_at, ends_at, zone)
    assessment = assess(revision) if starts_at else None
    with transaction.atomic():
        article = locked(revision)
        require_unarchived(article)
        if assessment:
            require_newer_than_public(revision, article)
            require_none_newer_waiting(revision)
            require_text(revision)
            require_free_slug(revision.slug, article)
            assessment = current(assessment, revision)
            confirmed = _require_fit(
                revision, article, assessment, by=by, reason=reason, seen=seen, sure=sure
            )
        elif article.published_revision_id != revision.pk:
            raise WorkflowError(_("This version is not live. Say when it shall be."))
        for replaced in Schedule.objects.open().filter(article=article):
            replaced.close()
        if assessment:
            close_pending(revision, by=by, reason=reason, confirmed=confirmed)
            record_sketches(revision, assessment.found)
        made = Schedule.objects.create(
            article=article,
            revision=revision,
            starts_at=starts_at,
            ends_at=ends_at,
            zone=zone,
            made_by=by,
            made_by_name=by.get_username(),
            made_at=timezone.now(),
            due_at=starts_at or ends_at,
        )
        log_event(Event.Action.SCHEDULE, revision, by=by, detail=made.interval)
    return made


def decides_on(revision: Revision, *, by: User) -> Review | None:
    """Return the review of the revision if it waits for a decision that is the person's: to schedule it approves it."""
    review = Review.objects.pending().filter(revision=revision).first()
    if review is None:
        return None
    review.revision = revision
    return review if permissions.can_review(by, review) else None


@transaction.atomic
def unschedule(article: Article, *, by: User) -> None:
    """Cancel the schedule of an article; what readers see stays. Raises `WorkflowError` if there is none."""
    require(permissions.can_schedule(by))
    article = locked_article(article.pk)
    found = Schedule.objects.open().filter(article=article).select_related("revision").first()
    if found is None:
        raise WorkflowError(_("This article is not scheduled."))
    found.close()
    log_event(Event.Action.UNSCHEDULE, found.revision, by=by, detail=found.interval)


def settle() -> datetime | None:
    """Carry out all boundaries that were reached, and return the next one. One query if there is none.

    One transaction for each article, whose lock lets only one of several processes do it.
    """
    while (boundary := Schedule.objects.next_boundary()) and boundary <= timezone.now():
        for article in Article.objects.filter(pk__in=Schedule.objects.due(timezone.now()).values("article")):
            with transaction.atomic(), following(article):
                article.published_revision_id = locked_article(article.pk).published_revision_id
                tell_watchers(article.pk)
    return boundary


def _require_times(starts_at: datetime | None, ends_at: datetime | None, zone: str) -> None:
    """Raise `ValidationError` with a message for each field that is wrong."""
    now = timezone.now()
    errors = {}
    if not is_zone(zone):
        errors["zone"] = _("Choose a time zone from the list.")
    for name, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
        if moment and moment < now + LEAST_AHEAD:
            errors[name] = _("This is past, or less than a minute ahead. Choose a later time.")
        elif moment and moment > now + MOST_AHEAD:
            errors[name] = _("This is more than ten years ahead. Choose an earlier time.")
    if starts_at and ends_at and ends_at <= starts_at:
        errors.setdefault("ends_at", _("The end has to come after the start."))
    if not (starts_at or ends_at):
        errors["starts_at"] = _("Say when.")
    if errors:
        raise ValidationError({field: [message] for field, message in errors.items()})


def _require_fit(
    revision: Revision,
    article: Article,
    assessment: Assessment,
    *,
    by: User,
    reason: str,
    seen: Seen | None,
    sure: bool,
) -> str:
    """Return what the log is to note of an approval. Raises what `approve` raises, or that it has to wait."""
    review = decides_on(revision, by=by)
    if review is None:
        if seen is not None:
            raise WorkflowError(_("It no longer waits for your decision. Look at it again."))
        returns = bool(gather_returns(revision.content, article, taken_by=by))
        _require_no_cause(causes_to_wait(assessment, may_publish=True, returns=returns))
        return ""
    require_as_seen(review, seen, by=by)
    return require_confirmed(gather_returns(revision.content, article), sure=sure, reason=reason)


def _require_no_cause(causes: list[Review.Cause]) -> None:
    """Raise `WorkflowError` if a moderator has to see the revision first: an approval publishes it at once."""
    if causes:
        why = ", ".join(str(cause.label) for cause in causes)
        raise WorkflowError(
            _("This version has to wait for a moderator, so it cannot be scheduled: %(why)s.") % {"why": why}
        )
