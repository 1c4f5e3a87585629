"""Standing: hold all edits of a person, mute or suspend them, end that, and note something about them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision
from articles.revisions.schedules import Schedule
from articles.revisions.steps import cancel_schedule, locked_article, require
from articles.revisions.validation import require_short

from .author_notes import AuthorNote
from .refreshing import refresh_standing
from .reviews import Review
from .standings import Standing

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def hold(account: User, *, by: User, reason: str, until: date | None = None) -> Standing:
    """Make every edit of a person wait for a moderator, to `until` included, or until it is ended.

    What they scheduled without an approval does not go live. Raises `WorkflowError` if their edits are held already.
    """
    _require(permissions.can_hold(by, account), account, by=by)
    standing = _impose(Standing.Kind.HELD, Event.Action.HOLD, account, by=by, reason=reason, until=until)
    _cancel_schedules(account, by=by)
    return standing


@transaction.atomic
def mute(account: User, *, by: User, reason: str, until: date | None = None) -> Standing:
    """Keep a person from writing in conversations. Raises `WorkflowError` if they are muted already."""
    _require(permissions.can_hold(by, account), account, by=by)
    return _impose(Standing.Kind.MUTED, Event.Action.MUTE, account, by=by, reason=reason, until=until)


@transaction.atomic
def suspend(account: User, *, by: User, reason: str, until: date | None = None) -> Standing:
    """Keep a person from signing in; their sessions end with their next request, and their texts stay.

    What they scheduled without an approval does not go live. Raises `WorkflowError` if they are suspended already.
    """
    _require(permissions.can_suspend(by, account), account, by=by)
    standing = _impose(
        Standing.Kind.SUSPENDED, Event.Action.SUSPEND, account, by=by, reason=reason, until=until
    )
    _cancel_schedules(account, by=by)
    return standing


@transaction.atomic
def end_standing(standing: Standing, *, by: User, reason: str = "") -> None:
    """End what was imposed on a person. Raises `WorkflowError` if it is over already."""
    account = get_user_model().objects.filter(pk=standing.account_id).first()
    require(account is not None and permissions.can_end_standing(by, account, standing))
    require_short(reason)
    standing = Standing.objects.select_for_update().get(pk=standing.pk)
    if not standing.is_in_force:
        raise WorkflowError(_("This is over already."))
    standing.ended_by, standing.ended_by_name = by, by.get_username()
    standing.ended_at, standing.end_reason = timezone.now(), reason
    standing.save(update_fields=["ended_by", "ended_by_name", "ended_at", "end_reason"])
    action = {
        Standing.Kind.HELD: Event.Action.END_HOLD,
        Standing.Kind.MUTED: Event.Action.UNMUTE,
        Standing.Kind.SUSPENDED: Event.Action.END_SUSPENSION,
    }[Standing.Kind(standing.kind)]
    log_event(action, None, by=by, reason=reason, detail=standing.account_name)
    if standing.kind == Standing.Kind.HELD:
        refresh_standing(standing.account_id)


@transaction.atomic
def note_author(account: User, *, by: User, text: str) -> AuthorNote:
    """Note something about an author for other moderators. The log says that, and not what: the author may read it.

    Raises `ValidationError` without a text, or if it is too long.
    """
    require(permissions.can_note(by, account))
    if not text.strip():
        raise ValidationError({"text": [_("Write what you have to say.")]})
    require_short(text)
    log_event(Event.Action.NOTE_AUTHOR, None, by=by, detail=account.get_username())
    return AuthorNote.objects.create(
        account=account,
        account_name=account.get_username(),
        text=text,
        written_by=by,
        written_by_name=by.get_username(),
        written_at=timezone.now(),
    )


def _require(allowed: bool, account: User, *, by: User) -> None:  # noqa: FBT001, reads as a sentence
    """Raise `PermissionDenied` unless it is allowed; to a moderator, say why."""
    if not allowed and account.pk == by.pk:
        raise PermissionDenied(_("You cannot do this to yourself. Ask another moderator."))
    require(allowed)


def _impose(
    kind: Standing.Kind,
    action: Event.Action,
    account: User,
    *,
    by: User,
    reason: str,
    until: date | None,
) -> Standing:
    require_short(reason)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why; the person reads it.")]})
    if until and until < timezone.localdate():
        raise ValidationError({"until": [_("This day is past. Choose today or a later one.")]})
    get_user_model().objects.select_for_update().get(pk=account.pk)  # so that it is imposed once
    if standing := Standing.objects.filter(account=account).in_force(kind).first():
        raise WorkflowError(
            _("%(name)s has done this already. End it first to change it.")
            % {"name": standing.imposed_by_name}
        )
    log_event(action, None, by=by, reason=reason, detail=account.get_username())
    standing = Standing.objects.create(
        account=account,
        account_name=account.get_username(),
        kind=kind,
        reason=reason,
        until=until,
        imposed_by=by,
        imposed_by_name=by.get_username(),
        since=timezone.now(),
    )
    if kind == Standing.Kind.HELD:
        refresh_standing(account.pk, until=until)
    return standing


def _cancel_schedules(account: User, *, by: User) -> None:
    """Cancel what is to go live with an edit of the person since the live version, unless a moderator approved it."""
    why = _("Everything by its author waits for a moderator.")
    theirs = Revision.objects.filter(
        Q(article__published_revision=None) | Q(number__gt=F("article__published_revision__number")),
        author=account,
        article=OuterRef("article"),
        number__lte=OuterRef("revision__number"),
    )
    planned = Schedule.objects.to_start().filter(Exists(theirs.order_by())).select_related("revision")
    for schedule in planned:
        if not Review.objects.filter(revision=schedule.revision, state=Review.State.APPROVED).exists():
            article = locked_article(schedule.article_id)
            cancel_schedule(article, by=by, why=why, starting=schedule.revision)
