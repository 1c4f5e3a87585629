"""Comparisons of two revisions of an article: as a page, as JSON and as a unified diff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles import workflow
from articles.http import parts
from articles.http.limits import refused_work
from articles.http.parameters import parse_number
from articles.models import Revision
from articles.revisions.timelines import timeline
from articles.text.content import as_json, compare_contents
from articles.text.content.comparison import VALUES, ContentComparison
from articles.text.diff import Comparison
from articles.text.diff import compare as compare_texts
from articles.text.diff.joining import join_changes
from articles.text.diff.unified import unified_diff
from articles.text.marked import MarkedPage, mark_page

from .answering import revalidated, unlisted
from .finding import follows_moves, readable_revisions
from .ribbon import draw_ribbon

VIEWS = ("page", "source", "side")
FORMER_VIEWS = {"rendered": "page", "inline": "source"}
MAX_JSON_CHANGES = 5_000  # about 400 kB
ANCHORS = {"page": "c", "source": "change-", "side": "change-"}  # of a change, before its number


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The readable revisions around the two that are compared: numbers, None where there is none.

    `between` counts those between the two, `first` and `last` are the lowest and the highest number.
    """

    before_old: int | None
    after_old: int | None
    before_new: int | None
    after_new: int | None
    between: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Way:
    """The changes that a page draws, `first` to `last` of `total`, and links to the others; "" where there are none.

    `at` is the number of the current change, 0 if the page draws none.
    """

    at: int
    first: int
    last: int
    total: int
    anchor: str
    previous: str
    next: str
    part_before: str
    part_after: str


@require_safe
@unlisted
@revalidated
@follows_moves
def compare(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """Show a part of a comparison.

    `?view=` chooses how, and is kept in a cookie; `?context=all` shows every line. `?part=` chooses the part, `?at=` a
    change.
    """
    before, after = readable_revisions(request, slug, old, new)
    if refusal := refused_work(request, before.source, after.source):
        return refusal
    view = _view(request)
    opened = request.GET.get("context") == "all"
    part, at = (parse_number(request.GET.get(name)) for name in ("part", "at"))
    comparison = compare_contents(
        before.content, after.content, opened=opened, part=part or 1, at=at, is_drawn=view != "page"
    )
    page = None
    if view == "page":
        old_html, new_html = (revision.renderings.latest().html for revision in (before, after))
        page = mark_page(old_html, new_html, part=part or 1, opened=opened)
    split = workflow.split_findings(comparison.introduced, after.content, article=after.article_id)
    found = parts.part(request, len(split.shown), size=parts.MOST_ROWS, name="found")
    revisions = Revision.objects.visible_to(request.user).filter(article=after.article)
    response = render(
        request,
        "articles/compare.html",
        {
            "article": after.article,
            "old": before,
            "new": after,
            "comparison": comparison,
            "page": page,
            "view": view,
            "opened": opened,
            "way": _way(request, comparison, page, view=view, at=at),
            "found": found,
            "findings": found.of(split.shown),
            "allowed": split.allowed,
            "neighbours": _neighbours(revisions, old, new),
            "ribbon": draw_ribbon(timeline(revisions), old=before, new=after),
        },
    )
    if request.GET.get("view"):
        response.set_cookie("compare_view", view, max_age=31_536_000, samesite="Lax", httponly=True)
    return response


def _view(request: HttpRequest) -> str:
    """Return the view that the address names, else that of the cookie, else the page."""
    for name in (request.GET.get("view", ""), request.COOKIES.get("compare_view", "")):
        if (view := FORMER_VIEWS.get(name, name)) in VIEWS:
            return view
    return VIEWS[0]


def _way(
    request: HttpRequest, comparison: ContentComparison, page: MarkedPage | None, *, view: str, at: int | None
) -> Way:
    """Return the way through the changes of the page or of the source."""
    if page:
        number, count = page.part, page.parts
        first, last, total = page.numbers.start, page.numbers.stop - 1, page.changes
    else:
        part = comparison.part
        number, count, first, last, total = part.number, part.total, part.first, part.last, part.changes
    at = min(max(at or first, first), last) if first <= last else 0

    def query(part: int, change: int = 0) -> str:
        parameters = request.GET.copy()
        for name, value in (("part", part if part > 1 else 0), ("at", change)):
            parameters.pop(name, None)
            if value:
                parameters[name] = str(value)
        return f"?{parameters.urlencode()}" + (f"#{ANCHORS[view]}{change}" if change else "")

    return Way(
        at,
        first,
        last,
        total,
        ANCHORS[view],
        query(number - (at == first), at - 1) if at > 1 else "",
        query(number + (at == last), at + 1) if at and at < total else "",
        query(number - 1) if number > 1 else "",
        query(number + 1) if number < count else "",
    )


def _neighbours(revisions: QuerySet[Any], old: int, new: int) -> Neighbours:
    """Return the neighbours of two revisions. One query."""
    low, high = sorted((old, new))
    return Neighbours(
        **revisions.order_by().aggregate(
            before_old=Max("number", filter=Q(number__lt=old)),
            after_old=Min("number", filter=Q(number__gt=old)),
            before_new=Max("number", filter=Q(number__lt=new)),
            after_new=Min("number", filter=Q(number__gt=new)),
            between=Count("pk", filter=Q(number__gt=low, number__lt=high)),
            first=Min("number"),
            last=Max("number"),
        )
    )


@require_safe
@unlisted
@revalidated
@follows_moves
def compare_json(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """Return the changes of the source as `palimpsest textdiff` does, and both values of each short field.

    More than `MAX_JSON_CHANGES` are joined, and `coarse` is true, as it is past the budget of the comparison.
    """
    before, after = (revision.content for revision in readable_revisions(request, slug, old, new))
    if refusal := refused_work(request, before.source, after.source):
        return refusal
    fields = {
        field: [getattr(before, field), getattr(after, field)]
        for field in ("title", "slug", "tags", "excerpt", "description", *VALUES)
    }
    found = compare_texts(before.source, after.source)
    changes = tuple(join_changes(found.changes, MAX_JSON_CHANGES))
    is_coarse = found.coarse or len(changes) < len(found.changes)
    return JsonResponse(
        {"old": old, "new": new, "fields": fields, "coarse": is_coarse}
        | as_json(Comparison(changes, coarse=is_coarse))
    )


@require_safe
@unlisted
@revalidated
@follows_moves
def compare_diff(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """Return a unified diff of the sources, for `git apply` and `patch`."""
    before, after = readable_revisions(request, slug, old, new)
    if refusal := refused_work(request, before.source, after.source):
        return refusal
    text = unified_diff(before.source, after.source, old_name=f"{slug}.md", new_name=f"{slug}.md")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
