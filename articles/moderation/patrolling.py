"""Patrolling: mark what went live as looked at, so that nobody has to look twice. It changes nothing for readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.live_changes import LiveChange, LiveChangeQuerySet
from articles.revisions.log import log_event
from articles.revisions.steps import require

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_MARKED = 500  # changes of one article that one step marks


@transaction.atomic
def mark_patrolled(changes: Iterable[LiveChange], *, by: User) -> list[LiveChange]:
    """Mark just these changes as looked at, and return those that nobody had looked at before; the others stay.

    Raises `PermissionDenied` if one of them brought in the person's own work; then none is marked.
    """
    require(permissions.can_moderate(by))
    chosen = LiveChange.objects.filter(pk__in=[change.pk for change in changes])
    if chosen.count() > chosen.not_by(by).count():
        raise PermissionDenied(
            _("You cannot look at your own text for others. Leave it to another moderator.")
        )
    return _mark(chosen, by=by)


@transaction.atomic
def mark_patrolled_up_to(newest: LiveChange, *, by: User) -> list[LiveChange]:
    """Mark a change as looked at, and the earlier ones of its article that nobody looked at, except the person's own.

    For who compared with what was live before all of them. Marks at most `MOST_MARKED`, the newest first. Returns them.
    Raises `PermissionDenied` if the change itself brought in the person's own work.
    """
    require(permissions.can_moderate(by))
    if not permissions.can_patrol(by, newest):
        raise PermissionDenied(
            _("You cannot look at your own text for others. Leave it to another moderator.")
        )
    latest = LiveChange.objects.up_to(newest).unseen().not_by(by).order_by("-at", "-pk")[:MOST_MARKED]
    return _mark(LiveChange.objects.filter(pk__in=[change.pk for change in latest]), by=by)


@transaction.atomic
def unmark_patrolled(change: LiveChange, *, by: User) -> None:
    """Take back a mark, one's own or another moderator's. A review stays: it is undone where it was made.

    Raises `WorkflowError` if there is no mark.
    """
    require(permissions.can_moderate(by))
    change = _locked(LiveChange.objects.filter(pk=change.pk)).get()
    if not change.is_marked:
        raise WorkflowError(_("Nobody has marked this as looked at."))
    log_event(Event.Action.UNPATROL, change.revision, by=by, detail=change.seen_by_name)
    change.seen_by, change.seen_by_name, change.seen_at = None, "", None
    change.save(update_fields=["seen_by", "seen_by_name", "seen_at"])


def _mark(chosen: LiveChangeQuerySet, *, by: User) -> list[LiveChange]:
    """Mark those that nobody looked at, in the order of their keys, which is that of every process."""
    marked, now = list(_locked(chosen.unseen())), timezone.now()
    LiveChange.objects.filter(pk__in=[change.pk for change in marked]).update(
        seen_by=by, seen_by_name=by.get_username(), seen_at=now
    )
    for change in marked:
        log_event(Event.Action.PATROL, change.revision, by=by)
    return marked


def _locked(changes: LiveChangeQuerySet) -> LiveChangeQuerySet:
    return changes.select_for_update(of=("self",)).select_related("revision").order_by("pk")
