"""Claims: a moderator reserves a review for ten minutes. A claim changes no state, so it is not logged."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from articles import permissions
from articles.revisions.steps import require

from .errors import AlreadyClaimed, AlreadyDecided
from .reviews import Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CLAIM_DURATION = timedelta(minutes=10)


def claim(review: Review, *, by: User) -> Review:
    """Claim a pending review, or renew the claim, and release the moderator's other claims.

    Returns the review as stored. Raises `AlreadyClaimed` while another moderator's claim lasts, and `AlreadyDecided`
    if the review is no longer pending.
    """
    require(permissions.can_moderate(by))
    claimed_until = timezone.now() + CLAIM_DURATION
    # A single UPDATE checks and claims, so only one of two simultaneous requests succeeds.
    claimable = Review.objects.pending().claimable_by(by).filter(pk=review.pk)
    is_claimed = claimable.update(claimed_by=by, claimed_until=claimed_until)
    review = Review.objects.select_related("claimed_by", "revision").get(pk=review.pk)
    if not is_claimed:
        raise AlreadyClaimed(review) if review.state == Review.State.PENDING else AlreadyDecided(review)
    other_claims = Review.objects.claimed(by=by).exclude(pk=review.pk)
    other_claims.update(claimed_by=None, claimed_until=None)
    return review


def release(review: Review, *, by: User) -> None:
    """Release the person's own claim, if there is one."""
    Review.objects.filter(pk=review.pk, claimed_by=by).update(claimed_by=None, claimed_until=None)
