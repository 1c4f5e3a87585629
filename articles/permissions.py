"""Permissions: one predicate for each question of who may do what, asked by operations and by pages.

Imports no rows: the protocols name what a predicate reads of them. `visible_to` of the querysets in `revisions/`
answers `can_view` for rows; a test compares both for every role and state.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User
    from django.http import HttpRequest

    Person = User | AnonymousUser

UNDO_WITHIN = timedelta(minutes=30)


class ArticleRow(Protocol):
    """What the predicates read of an article."""

    @property
    def is_public(self) -> bool: ...


class RevisionRow(Protocol):
    """What the predicates read of a revision; `hiding` is the `Hiding` in force, or None."""

    @property
    def article(self) -> ArticleRow: ...
    @property
    def author_id(self) -> int | None: ...
    @property
    def was_published(self) -> bool: ...
    @property
    def hiding(self) -> Any: ...


class ReviewRow(Protocol):
    """What the predicates read of a review."""

    @property
    def revision(self) -> RevisionRow: ...
    @property
    def submitted_by_id(self) -> int | None: ...
    @property
    def is_decided(self) -> bool: ...
    @property
    def decided_by_id(self) -> int | None: ...
    @property
    def decided_at(self) -> datetime | None: ...
    def has_work_of(self, user: Person, /) -> bool: ...


class ImageRow(Protocol):
    """What the predicates read of an image."""

    @property
    def uploaded_by_id(self) -> int | None: ...


class MailPreferencesRow(Protocol):
    """What the predicates read of mail preferences."""

    @property
    def account_id(self) -> int: ...


class ScratchRow(Protocol):
    """What the predicates read of a scratch copy."""

    @property
    def owner_id(self) -> int: ...


def signed_in(request: HttpRequest) -> User:
    """Return the account behind a request. Raises `PermissionDenied` if nobody is signed in."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def can_see_drafts(user: Person) -> bool:
    """Return whether the person reads every revision; anyone else reads those that are or were published."""
    return user.has_perm("articles.view_revision")


def can_hide(user: Person) -> bool:
    """Return whether the person hides parts of revisions, and sees hidden parts."""
    return user.has_perm("articles.hide_revision")


def can_view(user: Person, revision: RevisionRow) -> bool:
    """Return whether the person may read a revision. Asks for the hiding in one query unless it is loaded."""
    return can_list(user, revision) and (can_hide(user) or not (revision.hiding and revision.hiding.text))


def can_list(user: Person, revision: RevisionRow) -> bool:
    """Return whether the person may know that a revision exists, when it was written and which parts are hidden."""
    return can_see_drafts(user) or (revision.article.is_public and revision.was_published)


def can_create(user: Person) -> bool:
    """Return whether the person may create articles."""
    return can_see_drafts(user) and user.has_perm("articles.add_article")


def can_edit(user: Person) -> bool:
    """Return whether the person may save and restore revisions.

    An edit continues the newest draft, so it needs the right to see drafts.
    """
    return can_see_drafts(user) and user.has_perm("articles.change_article")


def can_see_scratch_copy(user: Person, copy: ScratchRow) -> bool:
    """Return whether the person may read and discard a scratch copy: its owner alone.

    Who lost the right to write still reads their own, but keeps nothing new.
    """
    return copy.owner_id == user.pk


def can_choose_mail(user: Person, preferences: MailPreferencesRow) -> bool:
    """Return whether the person may see and change these mail preferences: their own, whatever else they may do."""
    return preferences.account_id == user.pk


def can_be_written_to(user: User) -> bool:
    """Return whether the site writes to a person: to active accounts with an address that still see drafts."""
    return user.is_active and bool(user.email) and can_see_drafts(user)


def can_upload(user: Person) -> bool:
    """Return whether the person may upload images: everybody who may write a text may."""
    return can_create(user) or can_edit(user)


def can_delete_image(user: Person, image: ImageRow) -> bool:
    """Return whether the person may delete an image: their own, or any if they moderate.

    The operation keeps an image that a revision shows, whoever asks.
    """
    return can_upload(user) and (image.uploaded_by_id == user.pk or can_moderate(user))


def can_submit(user: Person, revision: RevisionRow) -> bool:
    """Return whether the person may submit a revision: an editor any, an author who may only create their own."""
    return can_edit(user) or (can_create(user) and revision.author_id == user.pk)


def can_talk(user: Person, revision: RevisionRow) -> bool:
    """Return whether the person may write in the conversation about an article, and settle remarks.

    Who may submit a version may talk about it, and moderators about all they see. Who sees drafts reads all of it.
    """
    return can_see_drafts(user) and (can_submit(user, revision) or can_moderate(user))


def can_publish(user: Person) -> bool:
    """Return whether the person may unpublish, and publish without a review unless the text gives a cause for one."""
    return user.has_perm("articles.publish_article")


def can_schedule(user: Person) -> bool:
    """Return whether the person says when a version goes live and offline, and cancels that: who may publish may."""
    return can_publish(user)


def can_archive(user: Person) -> bool:
    """Return whether the person may put articles into the archive and take them out: who may edit them may."""
    return can_edit(user)


def can_moderate(user: Person) -> bool:
    """Return whether the person may open the queue and decide on the revisions of others."""
    return user.has_perm("articles.review_revision")


def can_manage_tasks(user: Person) -> bool:
    """Return whether the person sees, cancels and repeats background tasks."""
    return user.has_perm("articles.manage_tasks")


def can_review(user: Person, review: ReviewRow) -> bool:
    """Return whether the person may decide a review. Costs a query unless `ALLOW_SELF_APPROVAL` is on.

    Nobody approves their own work, even if another person edited it later, unless that setting is on.
    """
    return can_moderate(user) and (settings.ALLOW_SELF_APPROVAL or not review.has_work_of(user))


def can_undo(user: Person, review: ReviewRow) -> bool:
    """Return whether the person may undo a decision: their own, for `UNDO_WITHIN`."""
    return (
        can_moderate(user)
        and review.is_decided
        and review.decided_by_id == user.pk
        and review.decided_at is not None
        and review.decided_at > timezone.now() - UNDO_WITHIN
    )


def can_withdraw(user: Person, review: ReviewRow) -> bool:
    """Return whether the person may withdraw a review: the author of the revision, or who submitted it."""
    return can_submit(user, review.revision) and user.pk in (
        review.revision.author_id,
        review.submitted_by_id,
    )
