"""Claims: a moderator reserves a review for ten minutes. A claim changes no state, so only a takeover is logged."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from articles import permissions
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.steps import require

from .errors import AlreadyClaimed, AlreadyDecided
from .reviews import Review, ReviewQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CLAIM_DURATION = timedelta(minutes=10)


def claim(review: Review, *, by: User) -> Review:
    """Claim a pending review, or renew the claim. One may hold several.

    Returns the review as stored. Raises `AlreadyClaimed` while another moderator's claim lasts, and `AlreadyDecided`
    if the review is no longer pending.
    """
    require(permissions.can_moderate(by))
    return _take(review, Review.objects.claimable_by(by), by=by)


@transaction.atomic
def take_over(review: Review, *, by: User) -> Review:
    """Claim a pending review that another moderator has held for `STALE_AFTER` without a decision.

    Returns the review as stored. Raises what `claim` raises.
    """
    require(permissions.can_moderate(by))
    held_by = Review.objects.select_related("claimed_by").get(pk=review.pk).claimant
    if held_by in (None, by):
        return claim(review, by=by)
    taken = _take(review, Review.objects.stale(), by=by)
    log_event(Event.Action.TAKE_OVER, taken.revision, by=by, detail=held_by.get_username())
    return taken


def release(review: Review, *, by: User) -> None:
    """Release the person's own claim, if there is one."""
    Review.objects.filter(pk=review.pk).let_go(by=by)


def _take(review: Review, claimable: ReviewQuerySet, *, by: User) -> Review:
    """Claim a review if it is claimable. A single UPDATE checks and claims, so only one of two requests succeeds."""
    now = timezone.now()
    lasts = Q(claimed_by=by, claimed_until__gt=now)
    is_claimed = (
        claimable.pending()
        .filter(pk=review.pk)
        .update(
            claimed_by=by,
            claimed_since=Case(When(lasts, then=F("claimed_since")), default=Value(now)),
            claimed_until=now + CLAIM_DURATION,
        )
    )
    review = Review.objects.select_related("claimed_by", "revision").get(pk=review.pk)
    if not is_claimed:
        raise AlreadyClaimed(review) if review.state == Review.State.PENDING else AlreadyDecided(review)
    return review
