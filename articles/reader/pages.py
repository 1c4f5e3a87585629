"""The list of articles, published articles, and single revisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.limits import refused
from articles.http.parts import MOST_MARKS, MOST_ROWS, part
from articles.models import Article, Rendering, Revision
from articles.revisions.authorship import bringers_of
from articles.templatetags.labels import sentence
from articles.text.checks import Severity
from articles.text.content import Field, FieldFinding, findings, findings_in
from articles.text.content.defaults import defaults_of
from articles.text.content.marked_pages import marked_page
from articles.text.page.images import PREFIX

from .finding import follows_moves, readable_revision

LATEST_FIRST = (paging.Key("published_at", paging.instant), paging.Key("pk"))


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """List the published articles, the latest publication first."""
    page = paging.page(Article.objects.for_readers(), LATEST_FIRST, request)
    articles: list[Any] = list(page.rows)
    flagged = workflow.flagged({article.published_revision: article.flagged or 0 for article in articles})
    rows = [(article, flagged[article.published_revision_id]) for article in articles]
    return render(request, "articles/list.html", {"page": page, "rows": rows})


@require_safe
@follows_moves
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the live revision; `?escape=1` marks the characters that its notice counts."""
    renderings = Rendering.objects.withholding_from(None).with_revision().filter(revision__article__slug=slug)
    live = renderings.filter(revision=F("revision__article__published_revision"))
    return revision_page(
        request,
        get_object_or_404(live.order_by("-pk")[:1]),
        template="articles/article.html",
        escaped="escape" in request.GET,
    )


@require_safe
@follows_moves
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one revision; `?escape=1` marks its flagged characters."""
    return revision_page(
        request,
        readable_revision(request, slug, number).renderings.latest(),
        template="articles/revision.html",
        escaped="escape" in request.GET,
    )


@require_safe
@follows_moves
def source(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return the source exactly as it is stored, as plain text."""
    return HttpResponse(
        readable_revision(request, slug, number).source, content_type="text/plain; charset=utf-8"
    )


def revision_page(
    request: HttpRequest, rendering: Rendering, *, template: str, escaped: bool
) -> HttpResponse:
    """Return the page of a revision; if `escaped`, with the marks and the table of the part that `?part=` numbers."""
    shown = rendering.revision
    if escaped and (refusal := refused(request, "escape", per_minute=60)):
        return refusal
    flagged = workflow.flagged({shown: rendering.flagged})[shown.pk]
    defaults = defaults_of(rendering.html, excerpt=shown.excerpt)
    cover = shown.cover or defaults.cover
    context = {
        "article": shown.article,
        "revision": shown,
        "rendering": rendering,
        "flagged": flagged,
        "bringers": _bringers(request, shown, is_whole=flagged == rendering.flagged) if flagged else [],
        "escaped": escaped,
        "html": rendering.html,
        "description": shown.description or defaults.description,
        "cover": f"{settings.SITE_URL}{PREFIX}{cover}" if cover else "",
        "may_edit": permissions.can_edit(request.user),
        **(_marked(request, rendering) if escaped else {}),
    }
    return render(request, template, context)


def _bringers(request: HttpRequest, revision: Revision, *, is_whole: bool) -> list[tuple[Revision, int]]:
    """Return the versions that brought in what the notice counts in the source, with how much, the latest first.

    Takes four queries, and one more unless the notice counts the whole of the findings, without an allowed one.
    """
    content = revision.content
    shown: Sequence[FieldFinding] = [
        item
        for item in (FieldFinding(Field.SOURCE, finding) for finding in findings_in(content, Field.SOURCE))
        if item.finding.severity is not Severity.NOTICE
    ]
    if not is_whole:
        shown = workflow.split_findings(shown, content, article=revision.article_id).shown
    versions = [version for version in bringers_of(revision, shown, seen_by=request.user) if version]
    counts = Counter(version.number for version in versions)
    by_number = {version.number: version for version in versions}
    return [(by_number[number], counts[number]) for number in sorted(counts, reverse=True)]


def _marked(request: HttpRequest, rendering: Rendering) -> dict[str, Any]:
    """Return what the page shows of its marks and of the findings of all fields that readers get, a part of each."""
    revision = rendering.revision
    page = marked_page(rendering.html, revision.language)
    found = [item for item in findings(revision.content) if item.field is not Field.SUMMARY]
    split = workflow.split_findings(found, revision.content, article=revision.article_id)
    drawn = part(request, max(page.total, len(split.shown)), size=MOST_MARKS)
    allowed = part(request, len(split.allowed), size=MOST_ROWS, name="allowed")
    return {
        "html": page.drawn(drawn.first, drawn.last, say=sentence),
        "part": drawn,
        "findings": drawn.of(split.shown),
        "allowed": split.allowed,
        "allowed_part": allowed,
        "allowed_rows": allowed.of(split.allowed),
        "content": revision.content,
    }
