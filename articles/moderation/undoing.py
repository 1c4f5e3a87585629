"""Undoing: take a decision back soon after it was made, unless something else happened to the article."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.steps import cancel_schedule, locked, require

from .indexing import index_again
from .notifying import notify_of_undoing
from .refreshing import refresh_article, refresh_author
from .reviewing import pass_on, supersede
from .reviews import Review
from .showing import show

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
    Event.Action.PROPOSE,
    Event.Action.CONFIRM,
    Event.Action.CONFIRM_OWN,
    Event.Action.DECLINE,
    Event.Action.REVOKE,
    Event.Action.EXPIRE,
    Event.Action.REMARK,
    Event.Action.ANSWER,
    Event.Action.RESOLVE,
    Event.Action.REOPEN,
    Event.Action.TAKE_OVER,
    Event.Action.NOTE_REVIEW,
    Event.Action.ASK_OPINION,
    Event.Action.PATROL,
    Event.Action.UNPATROL,
    Event.Action.MEET_RULE,
)


@transaction.atomic
def undo(review: Review, *, by: User, decided_at: datetime | None = None) -> None:
    """Put a review back into the queue, and make the revision live again that its approval replaced.

    A schedule by which it was approved for later is cancelled.
    Revisions that were live in between stay in the public history, and a fix stays as a draft. The log keeps the
    decision and its reason. If a newer revision is pending, the review is closed as superseded. `decided_at` is the
    moment of the decision that is meant. Raises `WorkflowError` if that was another one, or if something else happened
    to the article since the decision.
    """
    article = locked(review.revision)
    review = Review.objects.select_for_update(of=("self",)).select_related("revision").get(pk=review.pk)
    review.revision.article = article
    require(permissions.can_undo(by, review))
    if decided_at and review.decided_at != decided_at:
        raise WorkflowError(_("It was taken back and decided anew since."))
    decided = _since_decision(review)
    if decided is None:
        raise WorkflowError(
            _(
                "This article was changed after the decision. Nothing was taken back; decide on the newest version."
            )
        )
    if article.published_revision_id in decided:
        show(article, review.compared_with, by=by)
    cancel_schedule(article, by=by, why=_("Its approval was taken back."), starting=review.revision)
    log_event(Event.Action.UNDO, review.revision, by=by, reason=review.reason)
    if review.state == Review.State.APPROVED:
        review.taken_back_at = timezone.now()
    waiting = Review.objects.waiting_in(article.pk).first()
    is_newest = waiting is None or waiting.revision.number < review.revision.number
    if waiting and is_newest:
        supersede(waiting, by=by, newer=review.revision)
    review.state = Review.State.PENDING
    review.compared_with = review.decided_by = review.decided_at = None
    review.decided_by_name = review.reason = ""
    notify_of_undoing(review, by=by)
    if waiting and not is_newest:
        waiting.revision.article = article
        pass_on(review, waiting)
        supersede(review, by=by, newer=waiting.revision)
    else:
        review.save()
        index_again(review)
        if waiting:
            pass_on(waiting, review)
    refresh_article(article.pk)
    if review.revision.author_id:
        refresh_author(review.revision.author_id)


def _since_decision(review: Review) -> set[int] | None:
    """Return the revisions that the decision covers: its own and a fix. None if more happened since than new drafts."""
    events = review.revision.article.events
    decision = events.filter(
        revision=review.revision_id, action__in=DECISIONS, at__gte=review.decided_at
    ).earliest("pk")
    decided = {review.revision_id}
    since = events.filter(pk__gt=decision.pk).exclude(action__in=OF_NO_TEXT)
    for event in since.select_related("revision").order_by("pk"):
        assert event.revision is not None  # only an allowance and a refused save can belong to none
        match event.action:
            case Event.Action.FIX if event.revision.based_on_id == review.revision_id:
                decided.add(event.revision.pk)
            case Event.Action.PUBLISH if event.revision_id in decided:
                pass
            case Event.Action.SAVE | Event.Action.RESTORE | Event.Action.SUPERSEDE | Event.Action.UNSCHEDULE:
                pass
            case Event.Action.SCHEDULE if (
                event.revision_id in decided and event.actor_id == decision.actor_id
            ):
                pass  # approved for later
            case Event.Action.SUBMIT | Event.Action.WITHDRAW if event.revision_id not in decided:
                pass
            case _other:
                return None
    return decided
