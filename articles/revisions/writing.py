"""Writing a revision: analyzed before any lock, then written with its rendering and findings in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from articles.search.words import Word, words_of
from articles.text.checks import MAX_FINDINGS, Severity
from articles.text.content import (
    Content,
    FieldFinding,
    introduced_findings,
    severities,
    severities_for_readers,
)
from articles.text.diff import compare
from articles.text.diff.attribution import Step, make_step
from articles.text.page import POLICY_VERSION, Sanitized
from articles.text.unicode.tables import UNICODE_VERSION

from .articles import Article
from .bodies import Body
from .indexing import index_revision
from .renderings import IntroducedFinding, Rendering
from .revisions import Revision, readable_content
from .steps import drop_page
from .tags import record_tags
from .validation import validated

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def with_lf(source: str) -> str:
    """Return a source with its line ends made LF; nothing else is changed."""
    return source.replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result of sanitizing, comparing and scanning a content: all findings by severity, and the introduced ones.

    `step` leads from the source of the content before; without that, it adds all of the source. `words` are those of
    the source.
    """

    sanitized: Sanitized
    step: Step
    words: list[Word]
    whole: Counter[Severity]
    introduced: list[FieldFinding]


def analyze(content: Content, *, before: Content | None, is_stored: bool = False) -> Analysis:
    """Validate, sanitize, compare and scan a content. Raises `ValidationError`. Makes no query, so call it unlocked.

    All findings are introduced if `before` is None. The language is checked where it changes, unless a revision with
    this content `is_stored`.
    """
    is_new_language = before is None or content.language != before.language
    sanitized = validated(content, checks_language=is_new_language and not is_stored)
    old = before.source if before else ""
    changes = compare(old, content.source).changes
    return Analysis(
        sanitized=sanitized,
        step=make_step(old, content.source, changes),
        words=list(words_of(content.source)),
        whole=severities_for_readers(content),
        introduced=list(introduced_findings(before, content, source_changes=changes)),
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """Whom and when the source of an import names for a version; empty and None if it names nobody and no time."""

    author: str = ""
    at: datetime | None = None


NO_CLAIM = Claim()


def write_revision(article: Article, latest: Revision | None, *, by: User, content: Content) -> Revision:
    """Write a revision with its body after `latest`, and point the article to it. Lock the article first."""
    revision = chained_revision(article, latest, by=by, content=content)
    revision.save()
    body_of(revision, latest, source=content.source).save()
    point_to_latest(article, latest)
    record_tags(revision, latest)
    return revision


def chained_revision(
    article: Article, latest: Revision | None, *, by: User, content: Content, claim: Claim = NO_CLAIM
) -> Revision:
    """Return the unsaved row of a revision after `latest`, and point the article to it, which stays unsaved, too."""
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
        excerpt=content.excerpt,
        description=content.description,
        cover=content.cover,
        change_kind=content.change_kind,
        software_share=content.software_share,
        claimed_author=claim.author,
        claimed_at=claim.at and claim.at.astimezone(UTC),  # as it is read back, for the checksum
    )
    revision.sha256 = revision.checksum(article.head_sha256, content.source)
    revision.source = content.source  # known, so not read back to be verified
    article.latest_revision = revision
    article.head_sha256 = revision.sha256
    return revision


def point_to_latest(article: Article, before: Revision | None) -> None:
    """Save the pointers that `chained_revision` set, and drop the page of the revision that was the latest before."""
    article.save(update_fields=["latest_revision", "head_sha256"])
    drop_page(before, article)


def body_of(revision: Revision, latest: Revision | None, *, source: str) -> Body:
    """Return the unsaved body of a revision that is written after `latest`."""
    if latest is None or not readable_content(latest):
        return Body.holding(source, revision=revision)
    keyframe, number = latest.body.keyframe, latest.keyframe_number
    return Body.holding(source, revision=revision, keyframe=keyframe, keyframe_number=number)


def keep_analysis(analysis: Analysis, revision: Revision) -> None:
    """Write the rendering of a revision, its words, and at most `MAX_FINDINGS` rows of introduced findings."""
    rendering = rendering_of(analysis, revision)
    rendering.keep(analysis.sanitized)
    rendering.save()
    index_revision(revision, words=analysis.words)
    # Makes no query without rows
    IntroducedFinding.objects.bulk_create(finding_rows(analysis.introduced, revision))


def rendering_of(analysis: Analysis, revision: Revision) -> Rendering:
    """Return the unsaved rendering of a revision, with its counters and without its page."""
    new = severities(analysis.introduced)
    return Rendering(
        revision=revision,
        agreed=analysis.sanitized.agreed,
        alerts=analysis.whole[Severity.ALERT],
        warnings=analysis.whole[Severity.WARNING],
        new_alerts=new[Severity.ALERT],
        new_warnings=new[Severity.WARNING],
        policy_version=POLICY_VERSION,
        unicode_version=UNICODE_VERSION,
    )


def finding_rows(introduced: Sequence[FieldFinding], revision: Revision) -> list[IntroducedFinding]:
    """Return the rows of what a revision introduced, at most `MAX_FINDINGS`."""
    return [
        IntroducedFinding(
            revision=revision,
            field=item.field.value,
            check_id=item.finding.check,
            severity=item.finding.severity.value,
            start=item.finding.start,
            end=item.finding.end,
            text=item.finding.text[:100],
            meant=(item.finding.meant or "")[:100],
            payload=(item.finding.payload or "")[:500],
            where=item.finding.where.value,
            message=item.finding.message[:300],
        )
        for item in introduced[:MAX_FINDINGS]
    ]
