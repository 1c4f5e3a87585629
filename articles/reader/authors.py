"""Who wrote what in a revision: as a page, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.http.limits import refused_work
from articles.http.parameters import parse_number
from articles.models import Revision
from articles.revisions.authorship import versions_by_number, versions_of_characters
from articles.templatetags.prose import drawn
from articles.text.content.bylines import Part, split_page

from .answering import unlisted
from .finding import follows_moves, readable_revision

RECENT = timedelta(days=30)
LAST_YEAR = timedelta(days=365)


class Row(NamedTuple):
    """One row of the list: a stretch, the version that brought it in, and its class."""

    number: int
    start: str
    version: Revision
    age: str


@require_safe
@unlisted
@follows_moves
def authors(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the running text with who brought in each stretch, and the same as a list; `?part=` chooses a part."""
    revision = readable_revision(request, slug, number)
    if refusal := refused_work(request, revision.source):
        return refusal
    versions = versions_of_characters(revision, seen_by=request.user)
    context: dict[str, object] = {"article": revision.article, "revision": revision}
    if versions is not None:
        parts = split_page(revision.renderings.latest().html, revision.source, versions)
        chosen = parse_number(request.GET.get("part", "1")) or 0
        if not 1 <= chosen <= max(1, len(parts)):
            raise Http404
        part = parts[chosen - 1] if parts else Part()
        needed = {stretch.version for stretch in part.stretches}
        found = versions_by_number(revision, needed, seen_by=request.user)
        age_of = _ages(revision)
        context |= {
            "drawn": drawn(part.html(lambda version: (_words(found[version]), age_of(found[version])))),
            "rows": [
                Row(stretch.number, stretch.start, found[stretch.version], age_of(found[stretch.version]))
                for stretch in part.stretches
            ],
            "part": chosen,
            "parts": len(parts),
        }
    return render(request, "articles/authors.html", context)


@require_safe
@unlisted
@follows_moves
def authors_json(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return the stretches of the source, in code points, with the version, author and time of each."""
    revision = readable_revision(request, slug, number)
    if refusal := refused_work(request, revision.source):
        return refusal
    return JsonResponse(
        {"slug": slug, "version": number, "stretches": list(_stretches(request, revision) or []) or None}
    )


def _stretches(request: HttpRequest, revision: Revision) -> Iterator[dict[str, object]]:
    """Yield the stretches of a source; none if it is not known who wrote them."""
    versions = versions_of_characters(revision, seen_by=request.user)
    found = versions_by_number(revision, set(versions or ()), seen_by=request.user)
    start = 0
    for number, run in groupby(versions or ()):
        end = start + sum(1 for _ in run)
        version = found[number]
        yield {
            "start": start,
            "end": end,
            "version": number,
            "author": version.author_name,
            "created_at": version.created_at.isoformat(),
        }
        start = end


def _words(version: Revision) -> str:
    """Return what a stretch says of the version that brought it in."""
    return _("%(name)s, version %(number)d, %(date)s") % {
        "name": version.author_name,
        "number": version.number,
        "date": date_format(localtime(version.created_at), "DATE_FORMAT"),
    }


def _ages(revision: Revision) -> Callable[[Revision], str]:
    """Return a function that gives the class of a version by its age when the revision was written."""

    def age_of(version: Revision) -> str:
        age = revision.created_at - version.created_at
        if version.number == revision.number:
            return "newest"
        return "recent" if age < RECENT else "last-year" if age < LAST_YEAR else "old"

    return age_of
