"""A moderator's own correction of a text under review, approved and published with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.moderation.reviewing import (
    record_approval,
    require_newer_than_public,
    require_reviewer,
    still_pending,
)
from articles.moderation.reviews import Review
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision
from articles.revisions.sketches import record_sketches
from articles.revisions.steps import go_live, require
from articles.revisions.validation import require_free_slug
from articles.revisions.writing import Analysis, analyze, with_lf
from articles.text.checks import Severity
from articles.text.content import Content, severities
from articles.text.content.tags import unique_tags

from .saving import add_version

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def fix_and_approve(review: Review, *, by: User, content: Content, reason: str = "") -> Revision:
    """Approve a revision, and publish the moderator's correction of it, which is a revision of its own.

    Both names are kept: the author's on the approved revision, the moderator's on the one based on it. Nobody else
    looks at the correction, so it may bring in nothing that a moderator would have to see.
    """
    require(permissions.can_moderate(by))
    content = replace(content, source=with_lf(content.source), tags=unique_tags(content.tags))
    before = review.revision.content
    if content.says_the_same(before):
        raise ValidationError({"source": [_("You changed nothing. Approve the version as it is.")]})
    analysis = analyze(content, before=before)
    _require_harmless(analysis)
    with transaction.atomic():
        review = still_pending(review)
        require_reviewer(review, by)
        article = review.revision.article
        require_newer_than_public(review.revision, article)
        number = review.revision.number
        latest = Revision.objects.to_write_on(article, number, source=content.source)
        if article.latest_revision_id != review.revision_id:
            raise WorkflowError(_("A newer version was saved. Only the newest one can be fixed in passing."))
        require_free_slug(content.slug, article)
        record_approval(review, by=by, reason=reason)
        fixed = add_version(article, latest, by=by, content=content, analysis=analysis)
        record_sketches(fixed, analysis.introduced)
        log_event(Event.Action.FIX, fixed, by=by, reason=reason)
        go_live(fixed, by=by)
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
