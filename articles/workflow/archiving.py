"""Archiving: articles that nobody works on leave lists and desk; nothing of them is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.moderation.reviews import Review
from articles.revisions.articles import Article
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.schedules import Schedule
from articles.revisions.steps import locked_article, require
from articles.revisions.validation import require_short

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def archive(article: Article, *, by: User, reason: str = "", public_reason: str = "") -> None:
    """Put an article into the archive. Who may publish may replace what readers are told by a `public_reason`.

    Raises `WorkflowError` if it is public, waits, is scheduled, or is in the archive already.
    """
    require(permissions.can_archive(by))
    require(not public_reason or permissions.can_publish(by))
    article = locked_article(article.pk)
    if article.is_archived:
        raise WorkflowError(_("This article is in the archive already."))
    if article.is_public:
        raise WorkflowError(_("This article is published. Unpublish it first."))
    if Review.objects.waiting_in(article.pk).exists():
        raise WorkflowError(
            _("A version of this article waits for a moderator. Take it out of the queue first.")
        )
    if Schedule.objects.open().filter(article=article).exists():
        raise WorkflowError(_("A version of this article is scheduled. Cancel its schedule first."))
    require_short(reason)
    require_short(public_reason)
    _move(article, Event.Action.ARCHIVE, by=by, reason=reason, public_reason=public_reason.strip())


@transaction.atomic
def unarchive(article: Article, *, by: User) -> None:
    """Take an article out of the archive. Raises `WorkflowError` if it is not there."""
    require(permissions.can_archive(by))
    article = locked_article(article.pk)
    if not article.is_archived:
        raise WorkflowError(_("This article is not in the archive."))
    _move(article, Event.Action.UNARCHIVE, by=by)


def _move(
    article: Article, action: Event.Action, *, by: User, reason: str = "", public_reason: str = ""
) -> None:
    article.archived_at = timezone.now() if action == Event.Action.ARCHIVE else None
    article.save(update_fields=["archived_at"])
    log_event(action, article.latest_revision, by=by, reason=reason, public_reason=public_reason)
