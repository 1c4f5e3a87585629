"""Undoing: take a decision back soon after it was made, unless something else happened to the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.steps import locked, require, show

from .notifying import notify_of_undoing
from .reviewing import close_superseded
from .reviews import Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User


DECISIONS = (
    Event.Action.APPROVE,
    Event.Action.APPROVE_OWN,
    Event.Action.REQUEST_CHANGES,
    Event.Action.REJECT,
)

OF_NO_TEXT = (  # they change no text, nor what readers see
    Event.Action.ALLOW,
    Event.Action.REVOKE,
    Event.Action.REMARK,
    Event.Action.ANSWER,
    Event.Action.RESOLVE,
    Event.Action.REOPEN,
)


@transaction.atomic
def undo(review: Review, *, by: User) -> None:
    """Put a review back into the queue, and make the revision live again that its approval replaced.

    Revisions that were live in between stay in the public history, and a fix stays as a draft. The log keeps the
    decision and its reason. If a newer revision is pending, the review is closed as superseded. Raises `WorkflowError`
    if something else happened to the article since the decision.
    """
    article = locked(review.revision)
    review = Review.objects.select_for_update(of=("self",)).select_related("revision").get(pk=review.pk)
    review.revision.article = article
    require(permissions.can_undo(by, review))
    decided = _since_decision(review)
    if decided is None:
        raise WorkflowError(
            _(
                "This article was changed after the decision. Nothing was taken back; decide on the newest version."
            )
        )
    if article.published_revision_id in decided:
        show(article, review.compared_with, by=by)
    log_event(Event.Action.UNDO, review.revision, by=by, reason=review.reason)
    review.state = Review.State.PENDING
    review.compared_with = review.decided_by = review.decided_at = None
    review.decided_by_name = review.reason = ""
    review.save()
    notify_of_undoing(review, by=by)
    close_superseded(Review.objects.waiting_in(article.pk), by=by)


def _since_decision(review: Review) -> set[int] | None:
    """Return the revisions that the decision covers: its own and a fix. None if more happened since than new drafts."""
    events = review.revision.article.events
    decision = events.filter(
        revision=review.revision_id, action__in=DECISIONS, at__gte=review.decided_at
    ).earliest("pk")
    decided = {review.revision_id}
    since = events.filter(pk__gt=decision.pk).exclude(action__in=OF_NO_TEXT)
    for event in since.select_related("revision").order_by("pk"):
        assert event.revision is not None  # only an allowance can belong to none
        match event.action:
            case Event.Action.FIX if event.revision.based_on_id == review.revision_id:
                decided.add(event.revision.pk)
            case Event.Action.PUBLISH if event.revision_id in decided:
                pass
            case Event.Action.SAVE | Event.Action.RESTORE | Event.Action.SUPERSEDE | Event.Action.UNSCHEDULE:
                pass
            case Event.Action.SUBMIT if event.revision_id not in decided:
                pass
            case _other:
                return None
    return decided
