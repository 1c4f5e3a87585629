"""The list of articles, published articles, and single revisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.limits import refused_work
from articles.http.parts import MOST_MARKS
from articles.models import Article, LiveChange, Original, Rendering, Revision
from articles.moderation.reviewed import review_of
from articles.revisions.authorship import bringers_of, versions_of_characters
from articles.templatetags.prose import drawn
from articles.text.checks import Severity
from articles.text.content import Field, FieldFinding, findings_in
from articles.text.content.defaults import defaults_of
from articles.text.page import length

from .answering import revalidated, unlisted
from .cards import linked_data, picture_of
from .citations import Checked, check_citation, citation_of, is_checked
from .finding import follows_moves, readable_revision
from .headlines import headline_of
from .inspector import inspect
from .keeping import kept
from .proofs import gives_proofs
from .rows import Row, listed_articles
from .twin import twin, wants_twin

LATEST_FIRST = (paging.Key("first_published_at", paging.instant), paging.Key("pk"))
FEW_CORRECTIONS = 5  # at the end of an article


@require_safe
@revalidated
@kept(lambda *, is_index=False: listed_articles())
def article_list(request: HttpRequest, *, is_index: bool = False) -> HttpResponse:
    """List the published articles, the one first published last first, so that a change moves none.

    The first page begins with a story at large, except as index.
    """
    page = paging.page(Article.objects.for_readers(), LATEST_FIRST, request)
    articles: list[Any] = list(page.rows)
    flagged = workflow.flagged({article.published_revision: article.flagged or 0 for article in articles})
    rows = [Row(article, flagged[article.published_revision_id]) for article in articles]
    has_lead = bool(rows) and not is_index and not page.before
    return render(
        request,
        "articles/list.html",
        {
            "page": page,
            "lead": rows[0] if has_lead else None,
            "rows": rows[has_lead:],
            "is_index": is_index,
            "picture": picture_of(""),
        },
    )


@require_safe
@follows_moves
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the live revision, or its twin to who prefers Markdown; `?escape=1` marks what the notice counts."""
    rendering = _live(slug)
    if wants_twin(request):
        response = _twin(request, rendering)
    else:
        is_escaped = request.GET.get("escape") == "1"
        response = revision_page(request, rendering, is_live=True, escaped=is_escaped)
    patch_vary_headers(response, ["Accept"])
    return response


@require_safe
@revalidated
@follows_moves
def article_twin(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the live revision as Markdown, with only what readers of its page see."""
    return _twin(request, _live(slug))


def _live(slug: str) -> Rendering:
    """Return the page of the live revision at a slug, without hidden parts. Raises `Http404` if none is public."""
    renderings = Rendering.objects.withholding_from(None).with_revision().filter(revision__article__slug=slug)
    live = renderings.filter(revision=F("revision__article__published_revision"))
    return get_object_or_404(live.order_by("-pk")[:1])


def _twin(request: HttpRequest, rendering: Rendering) -> HttpResponse:
    if refusal := refused_work(request, rendering.html):
        return refusal
    url = settings.SITE_URL + rendering.revision.article.get_absolute_url()
    reviewed = review_of(rendering.revision)
    text = twin(rendering.revision, rendering.html, url=url, reviewed=reviewed)
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


@require_safe
@unlisted
@follows_moves
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one revision; `?escape=1` marks its flagged characters, `?sha256=` and `?quote=` check a citation."""
    rendering = readable_revision(request, slug, number).renderings.latest()
    cited = None
    if is_checked(request):
        if refusal := refused_work(request, rendering.html):
            return refusal
        cited = check_citation(request, rendering)
    return revision_page(
        request,
        rendering,
        is_live=False,
        escaped=request.GET.get("escape") == "1",
        cited=cited,
    )


@require_safe
@unlisted
@follows_moves
def source(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return the source exactly as it is stored, as plain text; with `?original`, the bytes that an import had."""
    revision = readable_revision(request, slug, number)
    if "original" in request.GET:
        return _original(request, revision)
    return HttpResponse(revision.source, content_type="text/plain; charset=utf-8")


def _original(request: HttpRequest, revision: Revision) -> HttpResponse:
    """Return the original of an imported revision as a file, to who sees drafts. Raises `Http404` if it has none.

    Readers never get it: it may hold comments, and names that the text has not. Nor does who may not see a part.
    """
    if not permissions.can_see_drafts(request.user) or revision.withheld:
        raise Http404
    original = get_object_or_404(Original, revision=revision.pk)
    name = f"{revision.number}.{original.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(original.bytes, content_type="application/octet-stream", headers=headers)


def revision_page(
    request: HttpRequest,
    rendering: Rendering,
    *,
    is_live: bool,
    escaped: bool,
    cited: Checked | None = None,
) -> HttpResponse:
    """Return the page of an article or of one of its revisions.

    If `escaped`, with the inspector at the part that `?part=` numbers.
    """
    if escaped and (refusal := refused_work(request, rendering.html)):
        return refusal
    revision = rendering.revision
    context: dict[str, Any] = {
        "article": revision.article,
        "revision": revision,
        "escaped": escaped,
        "may_edit": permissions.can_edit(request.user),
        "has_original": _has_original(request, revision),
        "minutes": length(rendering.html).minutes,
        "citation": citation_of(revision),
        "reviewed": review_of(revision),
        "gives_proofs": gives_proofs(),
        "cited": cited,
        **_text(request, rendering, escaped=escaped),
        **_card(rendering),
    }
    if is_live:
        context |= _around(request, revision, context)
    return render(request, f"articles/{'article' if is_live else 'revision'}.html", context)


def _has_original(request: HttpRequest, revision: Revision) -> bool:
    """Return whether the person may get the original of a revision. One query, in the newsroom alone."""
    may_get = permissions.can_see_drafts(request.user) and not revision.withheld
    return may_get and Original.objects.filter(revision=revision.pk).exists()


def _around(request: HttpRequest, live: Revision, context: dict[str, Any]) -> dict[str, Any]:
    """Return what stands around the text of an article, and what it says of itself as linked data."""
    headline = headline_of(live, seen_by=request.user)
    shown = {name: context[name] for name in ("reviewed", "description", "picture")}
    return {
        "headline": headline,
        "linked_data": linked_data(live, names=headline.names, **shown),
        "corrections": LiveChange.objects.in_brief(live.article)[:FEW_CORRECTIONS],  # read where it is drawn
    }


def _card(rendering: Rendering) -> dict[str, Any]:
    """Return what a page says of itself to programs that link to it."""
    revision = rendering.revision
    defaults = defaults_of(rendering.html, excerpt=revision.excerpt)
    return {
        "address": f"{settings.SITE_URL}{revision.article.get_absolute_url()}",
        "description": revision.description or defaults.description,
        "picture": picture_of(revision.cover or defaults.cover),
    }


def _text(request: HttpRequest, rendering: Rendering, *, escaped: bool) -> dict[str, Any]:
    """Return the text as it is drawn, what the notice counts in it, and the inspector if `escaped`."""
    revision = rendering.revision
    flagged = workflow.flagged({revision: rendering.flagged})[revision.pk]
    versions = versions_of_characters(revision, seen_by=request.user) if flagged else None
    bringers = []
    if flagged:
        bringers = _bringers(request, revision, is_whole=flagged == rendering.flagged, versions=versions)
    marked: dict[str, Any] = {"html": rendering.html}
    if escaped:
        known = {version.number: version for version, _count in bringers}
        marked = inspect(request, rendering, size=MOST_MARKS, versions=versions, known=known)
    return {
        **marked,
        "drawn": drawn(marked["html"]),
        "flagged": flagged,
        "bringers": bringers,
        "is_inspected": bool(marked.get("entries") or marked.get("elsewhere")),
    }


def _bringers(
    request: HttpRequest, revision: Revision, *, is_whole: bool, versions: Sequence[int] | None
) -> list[tuple[Revision, int]]:
    """Return the versions that brought in what the notice counts in the source, with how much, the latest first.

    Takes two queries, and one more unless the notice counts the whole of the findings, without an allowed one.
    """
    content = revision.content
    shown: Sequence[FieldFinding] = [
        item
        for item in (FieldFinding(Field.SOURCE, finding) for finding in findings_in(content, Field.SOURCE))
        if item.finding.severity is not Severity.NOTICE
    ]
    if not is_whole:
        shown = workflow.split_findings(shown, content, article=revision.article_id).shown
    bringers = bringers_of(revision, shown, seen_by=request.user, versions=versions)
    brought = [version for version in bringers if version]
    counts = Counter(version.number for version in brought)
    by_number = {version.number: version for version in brought}
    return [(by_number[number], counts[number]) for number in sorted(counts, reverse=True)]
