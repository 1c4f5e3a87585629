"""Keeping a new version: validated, sanitized and scanned first, then written in one short transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.images.uploading import record_image_uses
from articles.moderation.assessment import assess
from articles.moderation.reviewing import enqueue
from articles.moderation.reviews import Review
from articles.revisions.articles import Article
from articles.revisions.errors import EditConflict
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision
from articles.revisions.steps import latest_of, require, require_text, save_with_slug
from articles.revisions.validation import require_free_slug
from articles.revisions.writing import (
    Analysis,
    analyze,
    keep_analysis,
    readable_content,
    with_lf,
    write_revision,
)
from articles.text.content import (
    Content,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def save_revision(
    article: Article | None, *, by: User, content: Content, base: int | None = None
) -> Revision:
    """Keep a new version of an article, or of a new one, exactly as written, and return it.

    `base` is the number of the revision that the person began to edit; another one being the latest raises
    `EditConflict`. Line ends become LF, nothing else is touched. Content that says the same as the latest
    revision, on whatever base, makes no new one: the latest is returned. Where the sanitizers disagree the
    revision waits for a moderator at once.
    """
    return _save(article, by=by, content=content, base=base, action=Event.Action.SAVE)


def restore(revision: Revision, *, by: User) -> Revision:
    """Add a new version that reads as an earlier one does, from its source; every later version is kept.

    The address stays where the latest version has it.
    """
    require_text(revision)
    latest = latest_of(revision.article)
    assert latest is not None
    summary = _("Version %(number)d restored") % {"number": revision.number}
    content = replace(revision.content, slug=latest.slug, summary=summary, change_kind="")
    return _save(revision.article, by=by, content=content, base=latest.number, action=Event.Action.RESTORE)


def _save(
    article: Article | None, *, by: User, content: Content, base: int | None, action: Event.Action
) -> Revision:
    require(permissions.can_edit(by) if article else permissions.can_create(by))
    content = replace(content, source=with_lf(content.source))
    begun = Revision.objects.to_write_on(article, base)
    before = readable_content(begun) if begun else None
    analysis = analyze(content, before=before)
    with transaction.atomic():  # the costly part is done: a writer holds the lock for milliseconds
        latest = None
        if article:
            article = Article.objects.select_for_update().get(pk=article.pk)
            latest = begun if begun and begun.pk == article.latest_revision_id else latest_of(article)
            if latest and (kept := readable_content(latest)) and content.says_the_same(kept):
                return latest
            if latest and base != latest.number:
                latest = (
                    Revision.objects.listed_for(by).with_text().get(pk=latest.pk)
                )  # without what is hidden
                raise EditConflict(latest=latest, submitted=content, base=before)
        if article is None or content.slug != article.slug:
            require_free_slug(content.slug, article)
        if article is None:
            article = save_with_slug(Article(slug=content.slug))
        revision = add_version(article, latest, by=by, content=content, analysis=analysis)
        log_event(action, revision, by=by)
        if not analysis.sanitized.agreed:  # rare, so it may scan under the lock
            enqueue(revision, by=by, assessment=assess(revision), causes=[Review.Cause.SANITIZERS])
    return revision


def add_version(
    article: Article, latest: Revision | None, *, by: User, content: Content, analysis: Analysis
) -> Revision:
    """Write a version on top of the latest one, with its page and findings; the article is locked already."""
    revision = write_revision(article, latest, by=by, content=content)
    keep_analysis(analysis, revision)
    record_image_uses(revision, analysis.sanitized.html)
    return revision
