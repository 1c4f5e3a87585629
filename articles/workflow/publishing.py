"""Publishing and unpublishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.moderation.assessment import assess, causes_to_wait, current
from articles.moderation.records import may_publish_at_once
from articles.moderation.returns import gather_returns
from articles.moderation.reviewing import (
    close_pending,
    enqueue,
    require_newer_than_public,
    require_none_newer_waiting,
)
from articles.moderation.reviews import Review
from articles.moderation.showing import go_live, show
from articles.moderation.watching import tell_watchers
from articles.revisions.articles import Article
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision
from articles.revisions.sketches import record_sketches
from articles.revisions.steps import (
    locked,
    locked_article,
    require,
    require_text,
    require_unarchived,
)
from articles.revisions.validation import require_short

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def publish(revision: Revision, *, by: User) -> Review | None:
    """Publish a revision and return None; if there is a cause to wait, submit it and return its review.

    It waits, too, if hidden text would be public again, or an article that somebody else took offline: an approval
    confirms that.
    Publishing the live revision again does nothing. Raises `WorkflowError` if a newer one was public or is
    pending, or if the text is hidden.
    """
    require(permissions.can_submit(by, revision))
    assessment = assess(revision)
    with transaction.atomic():
        article = locked(revision)
        if article.published_revision_id == revision.pk:
            return None
        require_unarchived(article)
        require_newer_than_public(revision, article)
        require_text(revision)
        assessment = current(assessment, revision)
        causes = causes_to_wait(
            assessment,
            may_publish=may_publish_at_once(revision, by=by),
            returns=bool(gather_returns(revision.content, article, taken_by=by)),
        )
        if causes:
            require_none_newer_waiting(revision)
            return enqueue(revision, by=by, assessment=assessment, causes=causes)
        close_pending(revision, by=by)
        record_sketches(revision, assessment.found, words=assessment.words)
        go_live(revision, by=by)
        tell_watchers(article.pk)
        return None


@transaction.atomic
def unpublish(article: Article, *, by: User, reason: str = "", public_reason: str = "") -> None:
    """Unpublish an article with its history; every row stays. Raises `WorkflowError` if it is not public.

    The newsroom sees `reason`; readers see `public_reason` at the address until the article is public again.
    """
    require(permissions.can_publish(by))
    article = locked_article(article.pk)
    revision = article.published_revision
    if revision is None:
        raise WorkflowError(_("This article is not published."))
    require_short(reason)
    require_short(public_reason)
    show(article, None, by=by)
    log_event(Event.Action.UNPUBLISH, revision, by=by, reason=reason, public_reason=public_reason.strip())
