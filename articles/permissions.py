"""Who may do what: one predicate a question, asked by the workflow and, to hide buttons, by pages.

`querysets.py` answers the same questions for rows; a test compares the two for every role and state.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User
    from django.http import HttpRequest

    from articles.images.images import Image
    from articles.moderation.reviews import Review
    from articles.revisions.articles import Article
    from articles.revisions.revisions import Revision

    Person = User | AnonymousUser

UNDO_WITHIN = timedelta(minutes=30)


def signed_in(request: HttpRequest) -> User:
    """The account behind a request."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def can_see_drafts(user: Person) -> bool:
    """The newsroom reads everything; everybody else reads what is or was published."""
    return user.has_perm("articles.view_revision")


def can_hide(user: Person) -> bool:
    """Hides parts of revisions from everybody else, and sees what is hidden."""
    return user.has_perm("articles.hide_revision")


def can_view(user: Person, revision: Revision) -> bool:
    return can_list(user, revision) and (can_hide(user) or not (revision.hiding and revision.hiding.text))


def can_list(user: Person, revision: Revision) -> bool:
    """May know that it exists, when it was written and what of it is hidden."""
    return can_see_drafts(user) or (revision.article.is_public and revision.was_published)


def can_view_article(user: Person, article: Article) -> bool:
    return can_see_drafts(user) or article.is_public


def can_create(user: Person) -> bool:
    return can_see_drafts(user) and user.has_perm("articles.add_article")


def can_edit(user: Person) -> bool:
    """Who edits an article continues its newest draft, so whoever may not see drafts may not edit."""
    return can_see_drafts(user) and user.has_perm("articles.change_article")


def can_upload(user: Person) -> bool:
    """Images serve a text, so whoever may write one may upload."""
    return can_create(user) or can_edit(user)


def can_delete_image(user: Person, image: Image) -> bool:
    """Their own, and moderators any; one that a revision shows is kept whoever asks."""
    return can_upload(user) and (image.uploaded_by_id == user.pk or can_moderate(user))


def can_submit(user: Person, revision: Revision) -> bool:
    return can_edit(user) or (can_create(user) and revision.author_id == user.pk)


def can_publish(user: Person) -> bool:
    """May publish without a reviewer, as far as the text gives no cause to wait, and unpublish."""
    return user.has_perm("articles.publish_article")


def can_moderate(user: Person) -> bool:
    return user.has_perm("articles.review_revision")


def can_manage_tasks(user: Person) -> bool:
    """Sees, cancels and repeats background tasks."""
    return user.has_perm("articles.manage_tasks")


def can_review(user: Person, review: Review) -> bool:
    """Nobody decides on text of their own, also where another person's edit came after it, unless a setting says so."""
    return can_moderate(user) and (settings.ALLOW_SELF_APPROVAL or not review.has_work_of(user))


def can_undo(user: Person, review: Review) -> bool:
    """Who decided may take it back, for a while."""
    return (
        can_moderate(user)
        and review.is_decided
        and review.decided_by_id == user.pk
        and review.decided_at is not None
        and review.decided_at > timezone.now() - UNDO_WITHIN
    )


def can_withdraw(user: Person, review: Review) -> bool:
    """Who wrote or who submitted a revision may take it out of the queue."""
    return can_submit(user, review.revision) and user.pk in (
        review.revision.author_id,
        review.submitted_by_id,
    )
