"""A moderator's own correction of a text under review, approved and published with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.moderation.returns import gather_returns, require_confirmed
from articles.moderation.reviewing import (
    record_approval,
    require_newer_than_public,
    require_reviewer,
    still_pending,
)
from articles.moderation.reviews import Review
from articles.moderation.seen import Seen, require_as_seen
from articles.moderation.showing import go_live
from articles.moderation.watching import tell_watchers
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision
from articles.revisions.sketches import record_sketches
from articles.revisions.steps import require
from articles.revisions.validation import require_free_slug
from articles.revisions.writing import Analysis, analyze, with_lf
from articles.rules.judging import judge, record_hits
from articles.text.checks import Severity
from articles.text.content import Content, severities
from articles.text.content.tags import unique_tags

from .saving import add_version

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def fix_and_approve(
    review: Review,
    *,
    by: User,
    content: Content,
    reason: str = "",
    seen: Seen | None = None,
    sure: bool = False,
) -> Revision:
    """Approve a revision, and publish the moderator's correction of it, which is a revision of its own.

    Both names are kept: the author's on the approved revision, the moderator's on the one based on it. Nobody else
    looks at the correction, so it may bring in nothing that a moderator would have to see. `seen` and `sure` as in
    `approve`; what returns is judged by the correction. Raises what `approve` raises, `ValidationError` where a rule
    refuses it, and `PermissionDenied` if the moderator's own edits are held.
    """
    require(permissions.can_moderate(by))
    if permissions.is_held(by):
        raise PermissionDenied(_("What you write waits for another moderator. Approve the version as it is."))
    content = replace(content, source=with_lf(content.source), tags=unique_tags(content.tags))
    before = review.revision.content
    if content.says_the_same(before):
        raise ValidationError({"source": [_("You changed nothing. Approve the version as it is.")]})
    analysis = analyze(content, before=before)
    _require_harmless(analysis)
    article = review.revision.article
    hits = judge(content, by=by, article=article, before=before, analysis=analysis, is_moderated=True)
    with transaction.atomic():
        review = still_pending(review)
        require_reviewer(review, by)
        require_as_seen(review, seen, by=by)
        article = review.revision.article
        if article.published_revision_id != review.revision_id:
            require_newer_than_public(review.revision, article)
        number = review.revision.number
        latest = Revision.objects.to_write_on(article, number, source=content.source)
        if article.latest_revision_id != review.revision_id:
            raise WorkflowError(_("A newer version was saved. Only the newest one can be fixed in passing."))
        require_free_slug(content.slug, article)
        confirmed = require_confirmed(gather_returns(content, article), sure=sure, reason=reason)
        record_approval(review, by=by, reason=reason, confirmed=confirmed)
        fixed = add_version(article, latest, by=by, content=content, analysis=analysis)
        record_sketches(fixed, analysis.introduced)
        record_hits(hits, fixed, by=by)
        log_event(Event.Action.FIX, fixed, by=by, reason=reason)
        go_live(fixed, by=by)
        tell_watchers(article.pk)
    return fixed


def _require_harmless(analysis: Analysis) -> None:
    """Raise `ValidationError` if the correction introduces a warning or an alert, or the sanitizers disagree."""
    new = severities(analysis.introduced)
    if new[Severity.WARNING] or new[Severity.ALERT] or not analysis.sanitized.agreed:
        raise ValidationError(
            {
                "source": [
                    _("Your correction brings in suspicious characters. Save it as a version and submit it.")
                ]
            }
        )
