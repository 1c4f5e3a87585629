"""The list of articles, published articles, and single revisions."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.limits import refused
from articles.models import Article, Rendering
from articles.templatetags.labels import sentence
from articles.text.content import Field, findings
from articles.text.content.marking import mark_findings

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
    shown = rendering.revision
    if escaped and (refusal := refused(request, "escape", per_minute=60)):
        return refusal
    page = mark_findings(rendering.html, language=shown.language, say=sentence) if escaped else rendering.html
    context = {
        "article": shown.article,
        "revision": shown,
        "rendering": rendering,
        "flagged": workflow.flagged({shown: rendering.flagged})[shown.pk],
        "escaped": escaped,
        "html": page,
        "findings": [f for f in findings(shown.content) if f.field is not Field.SUMMARY] if escaped else [],
        "content": shown.content if escaped else None,
        "may_edit": permissions.can_edit(request.user),
    }
    return render(request, template, context)
