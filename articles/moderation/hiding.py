"""Hiding: withhold parts of a revision from all but administrators, or undo that. The revision stays as it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.hidings import Hiding
from articles.revisions.indexing import index_article
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision
from articles.revisions.steps import cancel_schedule, locked, require, show
from articles.revisions.validation import require_short

from .reviewing import decide
from .reviews import Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def hide(revision: Revision, *, by: User, parts: Collection[str], reason: str) -> Hiding:
    """Hide parts of a revision, in addition to those that are hidden already.

    If the text is hidden, a pending revision leaves the queue undecided and a live one is unpublished. Raises
    `ValidationError` without parts or a reason, and `WorkflowError` if all parts are hidden already.
    """
    require(permissions.can_hide(by))
    require_short(reason)
    if not parts or set(parts) - set(Hiding.Part.values):
        raise ValidationError({"parts": [_("Choose what to hide.")]})
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why; the reason is kept in the log.")]})
    article = locked(revision)
    now = timezone.now()
    standing = revision.hidings.active().first()
    if standing:
        if set(parts) <= set(standing.parts):
            raise WorkflowError(_("%(name)s has hidden this already.") % {"name": standing.hidden_by_name})
        parts = {*parts, *standing.parts}
        _unhide(standing, by=by)
    hiding = Hiding.objects.create(
        revision=revision,
        **{part: part in parts for part in Hiding.Part.values},
        reason=reason,
        hidden_by=by,
        hidden_by_name=by.get_username(),
        hidden_at=now,
    )
    log_event(Event.Action.HIDE, revision, by=by, reason=reason, detail=", ".join(hiding.parts))
    if article.latest_revision_id == revision.pk:
        index_article(article)
    if hiding.text:
        _take_out_of_queue(revision, by=by)
        cancel_schedule(article, by=by, why=_("Its text was hidden."), starting=revision)
        if article.published_revision_id == revision.pk:
            show(article, None, by=by)
            log_event(Event.Action.UNPUBLISH, revision, by=by, reason=_("Its text was hidden."))
    return hiding


@transaction.atomic
def unhide(hiding: Hiding, *, by: User, reason: str = "") -> None:
    """Show hidden parts again; publish nothing. Raises `WorkflowError` if they are shown already."""
    require(permissions.can_hide(by))
    require_short(reason)
    article = locked(hiding.revision)
    hiding = Hiding.objects.select_for_update(of=("self",)).select_related("revision").get(pk=hiding.pk)
    if hiding.unhidden_at:
        raise WorkflowError(_("%(name)s has shown it again already.") % {"name": hiding.unhidden_by_name})
    _unhide(hiding, by=by)
    log_event(Event.Action.UNHIDE, hiding.revision, by=by, reason=reason, detail=", ".join(hiding.parts))
    if article.latest_revision_id == hiding.revision_id:
        index_article(article)


def _unhide(hiding: Hiding, *, by: User) -> None:
    hiding.unhidden_by = by
    hiding.unhidden_by_name = by.get_username()
    hiding.unhidden_at = timezone.now()
    hiding.save(update_fields=["unhidden_by", "unhidden_by_name", "unhidden_at"])


def _take_out_of_queue(revision: Revision, *, by: User) -> None:
    """Withdraw the pending review of a revision, if there is one."""
    review = Review.objects.pending().filter(revision=revision).first()
    if review:
        review.revision = revision
        reason = _("Its text was hidden.")
        decide(review, Review.State.WITHDRAWN, by=by, reason=reason)
        log_event(Event.Action.WITHDRAW, revision, by=by, reason=reason)
