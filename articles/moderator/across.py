"""Comparisons across articles: two versions, of one article or of two, side by side or as a marked page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.http.limits import refused_work
from articles.http.parameters import parse_number
from articles.http.parts import query_with
from articles.models import Revision
from articles.text.content import compare_contents

from .common import for_moderators


@require_safe
@for_moderators
def compare_across(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """Show a part of the comparison of two versions, given by their primary keys; `?part=` chooses the part."""
    versions = Revision.objects.with_text().visible_to(request.user).select_related("article")
    before, after = (get_object_or_404(versions, pk=pk) for pk in (old, new))
    if refusal := refused_work(request, before.source, after.source):
        return refusal
    comparison = compare_contents(
        before.content, after.content, part=parse_number(request.GET.get("part")) or 1
    )
    part = comparison.part

    def query(number: int) -> str:
        return query_with(request, "part", str(number)) if 1 <= number <= part.total else ""

    context = {
        "versions": (before, after),
        "old": before,
        "new": after,
        "comparison": comparison,
        "previous": query(part.number - 1),
        "next": query(part.number + 1),
    }
    return render(request, "moderation/across.html", context)
