"""Who is on which review: told to the others, for a while. A claim changes no state, so it is not logged."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from articles import permissions
from articles.revisions.steps import require

from .errors import AlreadyClaimed, AlreadyDecided
from .reviews import Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CLAIM_DURATION = timedelta(minutes=10)


def claim(review: Review, *, by: User) -> Review:
    """Say that a person is on a review, and on no other, for ten minutes more; of two at once one is told so."""
    require(permissions.can_moderate(by))
    now = timezone.now()
    free = Q(claimed_by=None) | Q(claimed_by=by) | Q(claimed_until__lte=now)
    mine = Review.objects.pending().filter(free, pk=review.pk)
    done = mine.update(claimed_by=by, claimed_until=now + CLAIM_DURATION)
    review = Review.objects.select_related("claimed_by", "revision").get(pk=review.pk)
    if not done:
        raise AlreadyClaimed(review) if review.state == Review.State.PENDING else AlreadyDecided(review)
    others = Review.objects.claimed(by=by).exclude(pk=review.pk)
    others.update(claimed_by=None, claimed_until=None)
    return review


def release(review: Review, *, by: User) -> None:
    """Take one's claim back; nothing happens where there is none."""
    Review.objects.filter(pk=review.pk, claimed_by=by).update(claimed_by=None, claimed_until=None)
