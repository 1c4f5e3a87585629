"""Appeals: an author says why a decision is wrong, and another moderator decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.moderation.assessment import assess, causes_to_wait, current
from articles.moderation.reviewing import enqueue, require_newer_than_public, require_none_newer_waiting
from articles.moderation.reviews import Review
from articles.revisions.errors import WorkflowError
from articles.revisions.steps import locked, require, require_unarchived

from .talking import answer

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def appeal(review: Review, *, by: User, text: str) -> Review:
    """Put a revision that was turned down into the queue again, and keep the words; return the new review.

    Who decided cannot decide on it, unless nobody else may moderate. Raises `ValidationError` without words, and
    `WorkflowError` if something was decided or submitted since, or if the decision was made on an appeal.
    """
    require(permissions.can_appeal(by, review))
    assessment = assess(review.revision)
    with transaction.atomic():
        article = locked(review.revision)
        review = Review.objects.select_for_update(of=("self",)).select_related("revision").get(pk=review.pk)
        review.revision.article = article
        require_unarchived(article)
        require_newer_than_public(review.revision, article)
        require_none_newer_waiting(review.revision)
        if not can_be_appealed(review):
            raise WorkflowError(_("This decision stands no longer, or was made on an appeal."))
        answer(review, by=by, text=text)
        assessment = current(assessment, review.revision)
        causes = [Review.Cause.APPEAL, *causes_to_wait(assessment, may_publish=True)]
        return enqueue(review.revision, by=by, assessment=assessment, causes=causes, appeals=review)


def can_be_appealed(review: Review) -> bool:
    """Return whether a review was turned down, not on an appeal, and is the last one. Takes at most two queries."""
    if review.appeals_id or not review.is_turned_down:
        return False
    article = review.revision.article_id
    last = Review.objects.decisions_since_public(article).first()
    return last == review and not Review.objects.waiting_in(article).exists()
