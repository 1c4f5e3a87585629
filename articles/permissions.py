"""Permissions: one predicate for each question of who may do what, asked by operations and by pages.

Imports no rows: the protocols name what a predicate reads of them. `visible_to` of the querysets in `revisions/`
answers `can_view` for rows; a test compares both for every role and state.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User
    from django.db.models import QuerySet
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
    @property
    def appeals(self) -> ReviewRow | None: ...
    def has_work_of(self, user: Person, /) -> bool: ...


class AllowanceRow(Protocol):
    """What the predicates read of an allowance; `authors` are those of the text that it was seen in."""

    @property
    def allowed_by_id(self) -> int | None: ...
    @property
    def authors(self) -> set[int]: ...


class LiveChangeRow(Protocol):
    """What the predicates read of a live change."""

    def has_work_of(self, user: Person, /) -> bool: ...


class BatchRow(Protocol):
    """What the predicates read of a decision on several reviews."""

    @property
    def decided_by_id(self) -> int | None: ...
    @property
    def made_at(self) -> datetime: ...


class ImageRow(Protocol):
    """What the predicates read of an image."""

    @property
    def uploaded_by_id(self) -> int | None: ...


class MailPreferencesRow(Protocol):
    """What the predicates read of mail preferences."""

    @property
    def account_id(self) -> int: ...


class StandingRow(Protocol):
    """What the predicates read of a standing."""

    @property
    def kind(self) -> str: ...


class SweepRow(Protocol):
    """What the predicates read of a sweep."""

    @property
    def made_by_id(self) -> int | None: ...
    @property
    def made_at(self) -> datetime: ...
    @property
    def is_running(self) -> bool: ...
    @property
    def undoing(self) -> bool: ...


class TrustRow(Protocol):
    """What the predicates read of an author's record."""

    @property
    def approved_in_a_row(self) -> int: ...


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

    Who may submit a version may talk about it, and moderators about all they see, unless they are muted. Who sees
    drafts reads all of it. Costs a query.
    """
    may_speak = can_see_drafts(user) and (can_submit(user, revision) or can_moderate(user))
    return may_speak and not _stands(user, "muted")


def can_publish(user: Person) -> bool:
    """Return whether the person may unpublish, and publish without a review unless the text gives a cause for one."""
    return user.has_perm("articles.publish_article")


def is_trusted(trust: TrustRow) -> bool:
    """Return whether a record lets its author publish their own text without a review, as `can_publish` does.

    One turn-down, hold or approval taken back starts the count anew.
    """
    return 0 < settings.TRUST_AFTER <= trust.approved_in_a_row


def can_schedule(user: Person) -> bool:
    """Return whether the person says when a version goes live and offline, and cancels that: who may publish may."""
    return can_publish(user)


def can_archive(user: Person) -> bool:
    """Return whether the person may put articles into the archive and take them out: who may edit them may."""
    return can_edit(user)


def can_import(user: Person) -> bool:
    """Return whether the person brings in versions that name other authors and times, past the rules on saves.

    Who could switch the rules off, and may publish, may.
    """
    return can_create(user) and can_edit(user) and can_publish(user) and can_manage_rules(user)


def can_moderate(user: Person) -> bool:
    """Return whether the person may open the queue and decide on the revisions of others."""
    return user.has_perm("articles.review_revision")


def can_patrol(user: Person, change: LiveChangeRow) -> bool:
    """Return whether the person may mark what went live as looked at: nobody their own text. Costs a query."""
    return can_moderate(user) and not change.has_work_of(user)


def can_watch(user: Person) -> bool:
    """Return whether the person may watch articles, and gets mail and a feed about what went live."""
    return user.is_active and can_moderate(user)


def can_manage_tasks(user: Person) -> bool:
    """Return whether the person sees, cancels and repeats background tasks."""
    return user.has_perm("articles.manage_tasks")


def can_manage_rules(user: Person) -> bool:
    """Return whether the person writes rules on saves, and switches them on and off."""
    return user.has_perm("articles.manage_rules")


def can_see_rules(user: Person) -> bool:
    """Return whether the person sees the rules and what met them. Authors see a rule's message alone."""
    return can_moderate(user) or can_manage_rules(user)


def can_review(user: Person, review: ReviewRow) -> bool:
    """Return whether the person may decide a review. Costs a query, and a second one for the person's own work.

    Nobody approves their own work, even if another person edited it later, unless `ALLOW_SELF_APPROVAL` is on. It
    does not help somebody whose edits are held. Nor does anybody decide on an appeal against their own decision,
    unless nobody else could. `ReviewQuerySet.reviewable_by` says the same of rows.
    """
    if not can_moderate(user) or (is_own_judge(user, review) and others_moderate(apart_from=user)):
        return False
    return not review.has_work_of(user) or decides_on_own_work(user)


def decides_on_own_work(user: Person) -> bool:
    """Return whether the person may decide on their own text. Costs a query if `ALLOW_SELF_APPROVAL` is on."""
    return settings.ALLOW_SELF_APPROVAL and not is_held(user)


def is_own_judge(user: Person, review: ReviewRow) -> bool:
    """Return whether the review is an appeal against a decision of the person's own."""
    return review.appeals is not None and review.appeals.decided_by_id == user.pk


def others_moderate(*, apart_from: Person) -> bool:
    """Return whether another active account may moderate. Takes one query."""
    return any(account != apart_from for account in moderators()[:2])


def can_note_review(user: Person, review: ReviewRow) -> bool:
    """Return whether the person reads and writes what moderators note about a review: not about their own version."""
    return can_moderate(user) and user.pk not in (review.revision.author_id, review.submitted_by_id)


def can_appeal(user: Person, review: ReviewRow) -> bool:
    """Return whether the person may appeal against how a review was decided: its author, or who submitted it."""
    return review.is_decided and can_withdraw(user, review)


def moderators() -> QuerySet[User]:
    """Return the active accounts that moderate, administrators among them, and are not suspended."""
    accounts: QuerySet[User] = get_user_model()._default_manager.with_perm(
        "articles.review_revision", backend="django.contrib.auth.backends.ModelBackend"
    )
    suspensions = apps.get_model("articles", "Standing").objects.in_force("suspended")
    return accounts.exclude(pk__in=suspensions.values("account"))


def second_moderators(allowance: AllowanceRow) -> QuerySet[User]:
    """Return the accounts that may confirm an allowance: all that moderate, but for its proposer.

    Nor may the authors of the text that it was seen in, unless `ALLOW_SELF_APPROVAL` is on.
    """
    barred = set() if settings.ALLOW_SELF_APPROVAL else set(allowance.authors)
    if allowance.allowed_by_id is not None:
        barred.add(allowance.allowed_by_id)
    return moderators().exclude(pk__in=barred)


def can_confirm(user: Person, allowance: AllowanceRow) -> bool:
    """Return whether the person may confirm an allowance that another moderator proposed. Costs two queries."""
    return can_moderate(user) and user.pk in set(second_moderators(allowance).values_list("pk", flat=True))


def can_confirm_alone(user: Person, allowance: AllowanceRow) -> bool:
    """Return whether the person may confirm their own proposal: there is nobody else who may. Costs two queries."""
    is_proposer = user.pk is not None and user.pk == allowance.allowed_by_id
    return can_moderate(user) and is_proposer and not second_moderators(allowance).exists()


def can_undo(user: Person, review: ReviewRow) -> bool:
    """Return whether the person may undo a decision: their own, for `UNDO_WITHIN`."""
    return (
        can_moderate(user)
        and review.is_decided
        and review.decided_by_id == user.pk
        and review.decided_at is not None
        and review.decided_at > timezone.now() - UNDO_WITHIN
    )


def can_take_back(user: Person, batch: BatchRow) -> bool:
    """Return whether the person may take back a decision on several reviews: their own, for `UNDO_WITHIN`."""
    return (
        can_moderate(user) and batch.decided_by_id == user.pk and batch.made_at > timezone.now() - UNDO_WITHIN
    )


def can_withdraw(user: Person, review: ReviewRow) -> bool:
    """Return whether the person may withdraw a review: the author of the revision, or who submitted it."""
    return can_submit(user, review.revision) and user.pk in (
        review.revision.author_id,
        review.submitted_by_id,
    )


def is_held(user: Person) -> bool:
    """Return whether every edit of the person waits for a moderator, whatever else they may do. Costs a query."""
    return _stands(user, "held")


def is_suspended(user: Person) -> bool:
    """Return whether the person may not sign in. Costs a query."""
    return _stands(user, "suspended")


def is_administrator(user: Person) -> bool:
    """Return whether the person is an administrator: who may hide parts of revisions."""
    return can_hide(user)


def can_hold(user: Person, account: User) -> bool:
    """Return whether the person may hold the edits of an account, mute it, and take back all of a period.

    Nobody may against themselves, and against an administrator or somebody suspended administrators alone.
    """
    if not can_moderate(user) or user.pk == account.pk:
        return False
    return is_administrator(user) or not (is_administrator(account) or is_suspended(account))


def can_sweep(user: Person, account: User) -> bool:
    """Return whether the person may take back all that an account did in a period: who may hold it, and do each step.

    Nobody whose own edits are held.
    """
    return can_hold(user, account) and can_carry_on_sweep(user)


def can_carry_on_sweep(user: Person) -> bool:
    """Return whether the person may do each step of a sweep, and take it back; asked again before each."""
    return can_moderate(user) and can_publish(user) and can_edit(user) and not is_held(user)


def can_undo_sweep(user: Person, sweep: SweepRow) -> bool:
    """Return whether the person may undo a sweep: their own that has ended, for `UNDO_WITHIN`, once."""
    return (
        can_carry_on_sweep(user)
        and sweep.made_by_id == user.pk
        and not (sweep.is_running or sweep.undoing)
        and sweep.made_at > timezone.now() - UNDO_WITHIN
    )


def can_delete_accounts(user: Person) -> bool:
    """Return whether the person may delete accounts."""
    return user.has_perm("auth.delete_user")


def can_suspend(user: Person, account: User) -> bool:
    """Return whether the person may suspend an account: administrators, not themselves."""
    return is_administrator(user) and can_hold(user, account)


def can_end_standing(user: Person, account: User, standing: StandingRow) -> bool:
    """Return whether the person may end what was imposed on an account: who might impose it."""
    may = can_suspend if standing.kind == "suspended" else can_hold
    return may(user, account)


def can_note(user: Person, account: User) -> bool:
    """Return whether the person reads and writes what moderators note about an account: not about themselves."""
    return can_moderate(user) and user.pk != account.pk


def _stands(user: Person, kind: str) -> bool:
    """Return whether a standing of a kind is in force for the person; never for visitors."""
    return user.is_authenticated and user.standings.in_force(kind).exists()
