"""Saving a revision: validated, sanitized and scanned first, then written in one short transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions
from articles.conversation.talking import answer_without_a_change
from articles.images.uploading import record_image_uses
from articles.moderation.assessment import assess
from articles.moderation.reviewing import enqueue
from articles.moderation.reviews import Review
from articles.revisions.articles import Article
from articles.revisions.attributing import record_attribution
from articles.revisions.errors import EditConflict, WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision, readable_content
from articles.revisions.scratching import drop_scratch_copies
from articles.revisions.steps import (
    latest_of,
    locked_article,
    require,
    require_text,
    require_unarchived,
    save_with_slug,
)
from articles.revisions.validation import free_slug, require_free_slug
from articles.revisions.writing import (
    Analysis,
    analyze,
    keep_analysis,
    with_lf,
    write_revision,
)
from articles.rules.judging import judge, record_hits
from articles.text.content import Content
from articles.text.content.marking import shortened
from articles.text.content.tags import same_tags, unique_tags

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def save_revision(
    article: Article | None,
    *,
    by: User,
    content: Content,
    base: int | None = None,
    scratch: Collection[str] = (),
) -> Revision:
    """Save a revision of an article, or of a new one if `article` is None, and return it.

    `base` is the number of the revision that the person began to edit. Line ends become LF, nothing else is changed.
    Of tags that differ in case or width only, the first is kept. If the content equals that of the latest revision,
    that one is returned, whatever the base, and the summary is kept in the conversation. A revision whose text is
    hidden from the person counts as none, so that no guess of it can be tested. If the sanitizers disagree or a rule
    holds the revision, it is submitted. `scratch` has the tokens of the scratch copies that the content was typed in;
    they are deleted with the save. Raises `EditConflict` if the latest revision is not the base, `ValidationError` if
    a field is invalid or a rule refuses the save.
    """
    content = replace(content, tags=unique_tags(content.tags))
    return _save(article, by=by, content=content, base=base, action=Event.Action.SAVE, scratch=scratch)


def restore(revision: Revision, *, by: User) -> Revision:
    """Save a revision with the content of an earlier one, but the slug of the latest; later revisions stay.

    If that slug is hidden from the person, the article's is taken. Raises `WorkflowError` if the text is hidden, and
    what `save_revision` raises.
    """
    require_text(revision)
    latest = latest_of(revision.article)
    assert latest is not None
    summary = _("Version %(number)d restored") % {"number": revision.number}
    slug = latest.slug if permissions.can_view(by, latest) else revision.article.slug
    content = replace(revision.content, slug=slug, summary=summary, change_kind="")
    return _save(
        revision.article,
        by=by,
        content=content,
        base=latest.number,
        action=Event.Action.RESTORE,
        is_stored=True,
    )


def duplicate(revision: Revision, *, by: User) -> Revision:
    """Save a new article with the content of a revision, and return its first revision.

    The address gets the next free number, and the title says that it is a copy. Raises `WorkflowError` if the text is
    hidden, and what `save_revision` raises.
    """
    require_text(revision)
    of = {"title": shortened(revision.title, 150), "number": revision.number}
    content = replace(
        revision.content,
        title=_("%(title)s (copy)") % of,
        slug=free_slug(revision.slug),
        summary=_("Copy of version %(number)d of “%(title)s”") % of,
        change_kind="",
    )
    return _save(None, by=by, content=content, base=None, action=Event.Action.SAVE, is_stored=True)


def add_tag(revision: Revision, *, by: User, tag: str) -> Revision:
    """Save a revision with one tag more after the latest one, which `revision` has to be.

    Raises `WorkflowError` if it has an equal tag or its text is hidden, and what `save_revision` raises.
    """
    if same_tags(revision.tags, tag):
        raise WorkflowError(_("It has the tag “%(tag)s” already.") % {"tag": tag})
    summary = _("Tag “%(tag)s” added") % {"tag": tag}
    return _retag(revision, [*revision.tags, tag], by=by, summary=summary)


def remove_tag(revision: Revision, *, by: User, tag: str) -> Revision:
    """Save a revision without a tag, however it is written there, after the latest one, which `revision` has to be.

    Raises `WorkflowError` if it has no equal tag or its text is hidden, and what `save_revision` raises.
    """
    removed = same_tags(revision.tags, tag)
    if not removed:
        raise WorkflowError(_("It has no tag “%(tag)s”.") % {"tag": tag})
    summary = _("Tag “%(tag)s” removed") % {"tag": tag}
    return _retag(revision, [tag for tag in revision.tags if tag not in removed], by=by, summary=summary)


def _retag(revision: Revision, tags: Collection[str], *, by: User, summary: str) -> Revision:
    require_text(revision)
    content = replace(revision.content, tags=tuple(tags), summary=summary, change_kind="")
    return save_revision(revision.article, by=by, content=content, base=revision.number)


def _save(
    article: Article | None,
    *,
    by: User,
    content: Content,
    base: int | None,
    action: Event.Action,
    scratch: Collection[str] = (),
    is_stored: bool = False,
) -> Revision:
    require(permissions.can_edit(by) if article else permissions.can_create(by))
    content = replace(content, source=with_lf(content.source))
    shown = Revision.objects.with_texts_shown_to(by)
    base_revision = shown.to_write_on(article, base, source=content.source)
    before = readable_content(base_revision) if base_revision else None
    analysis = analyze(content, before=before, is_stored=is_stored)
    hits = judge(content, by=by, article=article, before=before, analysis=analysis)
    with transaction.atomic():  # the costly part is done: a writer holds the lock for milliseconds
        latest = None
        if article:
            article = locked_article(article.pk)
            require_unarchived(article)
            is_base_latest = base_revision is not None and base_revision.pk == article.latest_revision_id
            latest = base_revision if is_base_latest else latest_of(article)
            stored = before if is_base_latest else _content_for(by, latest)
            if latest and stored and content.says_the_same(stored):
                if action == Event.Action.SAVE:
                    answer_without_a_change(latest, by=by, summary=content.summary)
                drop_scratch_copies(by, scratch)
                return latest
            if latest and base != latest.number:
                # Read again without the parts that are hidden from this person.
                latest = Revision.objects.listed_for(by).with_text().get(pk=latest.pk)
                raise EditConflict(latest=latest, submitted=content, base=before)
        if article is None or content.slug != article.slug:
            require_free_slug(content.slug, article)
        if article is None:
            article = save_with_slug(Article(slug=content.slug))
        revision = add_version(article, latest, by=by, content=content, analysis=analysis)
        log_event(action, revision, by=by)
        drop_scratch_copies(by, scratch)
        causes = {
            Review.Cause.SANITIZERS: not analysis.sanitized.agreed,
            Review.Cause.RULE: record_hits(hits, revision, by=by),
        }
        if any(causes.values()):  # rare, so it may scan while the lock is held
            held = [cause for cause, holds in causes.items() if holds]
            enqueue(revision, by=by, assessment=assess(revision), causes=held)
    return revision


def _content_for(person: User, revision: Revision | None) -> Content | None:
    """Return the content of a revision; None if its text is damaged or hidden from the person, or there is none."""
    return readable_content(revision) if revision and permissions.can_view(person, revision) else None


def add_version(
    article: Article, latest: Revision | None, *, by: User, content: Content, analysis: Analysis
) -> Revision:
    """Write a revision after the latest one, with all that was found out about it. Lock the article first."""
    revision = write_revision(article, latest, by=by, content=content)
    keep_analysis(analysis, revision)
    record_attribution(revision, latest, source=content.source, step=analysis.step)
    record_image_uses(revision, analysis.sanitized.html)
    return revision
