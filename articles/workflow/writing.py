"""Keeping a new version: validated, sanitized and scanned first, then written in one short transaction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.moderation.reviews import Review
from articles.revisions.articles import Article
from articles.revisions.bodies import Body
from articles.revisions.events import Event
from articles.revisions.renderings import Finding, Rendering
from articles.revisions.revisions import DamagedText, Revision
from articles.text.checks import MAX_FINDINGS, Severity
from articles.text.content import (
    Content,
    FieldFinding,
    findings_brought_in,
    severities,
    severities_for_readers,
)
from articles.text.page import POLICY_VERSION, Sanitized
from articles.text.unicode.tables import UNICODE_VERSION

from .assessment import assess
from .errors import EditConflict
from .reviewing import queue
from .steps import drop_page, latest_of, log, require, require_text, save_with_slug
from .uploading import record_uses
from .validation import require_free_slug, validated

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
    content = replace(revision.content, slug=latest.slug, summary=summary)
    return _save(revision.article, by=by, content=content, base=latest.number, action=Event.Action.RESTORE)


def with_lf(source: str) -> str:
    """A text as it is stored: its line ends LF, the one thing that is ever changed."""
    return source.replace("\r\n", "\n")


def _save(
    article: Article | None, *, by: User, content: Content, base: int | None, action: Event.Action
) -> Revision:
    require(permissions.can_edit(by) if article else permissions.can_create(by))
    content = replace(content, source=with_lf(content.source))
    begun = _revision(article, base)
    before = _readable(begun) if begun else None
    analysis = analyse(content, before=before)
    with transaction.atomic():  # the costly part is done: a writer holds the lock for milliseconds
        latest = None
        if article:
            article = Article.objects.select_for_update().get(pk=article.pk)
            latest = begun if begun and begun.pk == article.latest_revision_id else latest_of(article)
            if latest and (kept := _readable(latest)) and content.says_the_same(kept):
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
        log(action, revision, by=by)
        if not analysis.sanitized.agreed:  # rare, so it may scan under the lock
            queue(revision, by=by, assessment=assess(revision), causes=[Review.Cause.SANITIZERS])
    return revision


def _revision(article: Article | None, number: int | None) -> Revision | None:
    if article is None or number is None:
        return None
    try:
        return Revision.objects.with_keyframe().get(article=article, number=number)
    except Revision.DoesNotExist:
        return None


def _readable(revision: Revision) -> Content | None:
    """What a version says; None where its text is damaged, which stops nobody from writing the next one."""
    try:
        return revision.content
    except DamagedText:
        return None


def add_version(
    article: Article, latest: Revision | None, *, by: User, content: Content, analysis: Analysis
) -> Revision:
    """Write a version on top of the latest one, with its page and findings; the article is locked already."""
    revision = _write(article, latest, by=by, content=content)
    _keep(analysis, revision)
    record_uses(revision, analysis.sanitized.html)
    return revision


def _write(article: Article, latest: Revision | None, *, by: User, content: Content) -> Revision:
    revision = Revision(
        article=article,
        number=latest.number + 1 if latest else 1,
        based_on=latest,
        title=content.title,
        slug=content.slug,
        language=content.language,
        tags=list(content.tags),
        summary=content.summary,
        author=by,
        author_name=by.get_username(),
        created_at=timezone.now(),
    )
    revision.sha256 = revision.checksum(article.head_sha256, content.source)
    revision.save()
    keyframe = latest.body.keyframe if latest and _readable(latest) else None
    Body.holding(content.source, revision=revision, keyframe=keyframe).save()
    article.latest_revision = revision
    article.head_sha256 = revision.sha256
    article.save(update_fields=["latest_revision", "head_sha256"])
    drop_page(latest, article)
    return revision


@dataclass(frozen=True, slots=True)
class Analysis:
    """What sanitizing and scanning make of a content, before anything is written."""

    sanitized: Sanitized
    whole: Counter[Severity]
    brought_in: list[FieldFinding]


def analyse(content: Content, *, before: Content | None) -> Analysis:
    return Analysis(
        sanitized=validated(content),
        whole=severities_for_readers(content),
        brought_in=list(findings_brought_in(before, content)),
    )


def _keep(analysis: Analysis, revision: Revision) -> None:
    new = severities(analysis.brought_in)
    rendering = Rendering(
        revision=revision,
        agreed=analysis.sanitized.agreed,
        alerts=analysis.whole[Severity.ALERT],
        warnings=analysis.whole[Severity.WARNING],
        new_alerts=new[Severity.ALERT],
        new_warnings=new[Severity.WARNING],
        policy_version=POLICY_VERSION,
        unicode_version=UNICODE_VERSION,
    )
    rendering.keep(analysis.sanitized)
    rendering.save()
    rows = [
        Finding(
            revision=revision,
            field=item.field,
            check_id=item.finding.check,
            severity=item.finding.severity,
            start=item.finding.start,
            end=item.finding.end,
            text=item.finding.text[:100],
            meant=(item.finding.meant or "")[:100],
            payload=(item.finding.payload or "")[:500],
            where=item.finding.where,
            message=item.finding.message[:300],
        )
        for item in analysis.brought_in[:MAX_FINDINGS]
    ]
    Finding.objects.bulk_create(rows)  # nothing is asked where there are none
