"""Who may do what: one predicate a question, asked by the workflow and, to hide buttons, by pages.

`querysets.py` answers the same questions for rows; a test compares the two for every role and state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from .models import Article, Review, Revision

    User = AbstractBaseUser | AnonymousUser


def can_see_drafts(user: User) -> bool:
    """The newsroom reads everything; everybody else reads what is or was published."""
    return user.has_perm("articles.view_revision")


def can_view(user: User, revision: Revision) -> bool:
    return can_see_drafts(user) or (revision.article.is_public and revision.was_published)


def can_view_article(user: User, article: Article) -> bool:
    return can_see_drafts(user) or article.is_public


def can_create(user: User) -> bool:
    return user.has_perm("articles.add_article")


def can_edit(user: User) -> bool:
    return user.has_perm("articles.change_article")


def can_publish(user: User) -> bool:
    """May publish without a reviewer, as far as the text gives no cause to wait, and unpublish."""
    return user.has_perm("articles.publish_article")


def can_moderate(user: User) -> bool:
    return user.has_perm("articles.review_revision")


def can_review(user: User, review: Review) -> bool:
    """Nobody decides on a revision of their own."""
    return can_moderate(user) and review.revision.author_id != user.pk


def can_withdraw(user: User, review: Review) -> bool:
    """Who wrote or who submitted a revision may take it out of the queue."""
    return can_edit(user) and user.pk in (review.revision.author_id, review.submitted_by_id)
