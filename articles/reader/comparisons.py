"""Comparisons of two revisions of an article: as a page, as JSON and as a unified diff."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.http.limits import limited
from articles.text.content import as_json, compare_contents
from articles.text.content.comparison import VALUES
from articles.text.diff import compare as compare_texts
from articles.text.diff.unified import unified_diff
from articles.text.page import with_ids_apart

from .finding import follows_moves, readable_revisions

COMPARE_VIEWS = ("inline", "side", "rendered")


@require_safe
@follows_moves
@limited("compare", per_minute=60)
def compare(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """Show a comparison. `?view=` chooses the layout and is kept in a cookie; `?context=all` shows every line."""
    before, after = readable_revisions(request, slug, old, new)
    chosen = request.GET.get("view")
    view = chosen or request.COOKIES.get("compare_view")
    if view not in COMPARE_VIEWS:
        view = COMPARE_VIEWS[0]
    opened = request.GET.get("context") == "all"
    response = render(
        request,
        "articles/compare.html",
        {
            "article": after.article,
            "old": before,
            "new": after,
            "comparison": compare_contents(before.content, after.content, opened=opened),
            "view": view,
            "pages": [
                with_ids_apart(revision.renderings.latest().html, f"v{revision.number}")
                for revision in ([before, after] if view == "rendered" else [])
            ],
        },
    )
    if chosen == view:
        response.set_cookie("compare_view", view, max_age=31_536_000, samesite="Lax", httponly=True)
    return response


@require_safe
@follows_moves
@limited("compare", per_minute=60)
def compare_json(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """Return the changes of the source as `palimpsest textdiff` does, and both values of each short field."""
    before, after = (revision.content for revision in readable_revisions(request, slug, old, new))
    fields = {
        field: [getattr(before, field), getattr(after, field)]
        for field in ("title", "slug", "tags", "excerpt", "description", *VALUES)
    }
    return JsonResponse(
        {"old": old, "new": new, "fields": fields, **as_json(compare_texts(before.source, after.source))}
    )


@require_safe
@follows_moves
@limited("compare", per_minute=60)
def compare_diff(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """Return a unified diff of the sources, for `git apply` and `patch`."""
    before, after = readable_revisions(request, slug, old, new)
    text = unified_diff(before.source, after.source, old_name=f"{slug}.md", new_name=f"{slug}.md")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
