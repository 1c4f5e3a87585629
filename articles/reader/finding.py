"""Lookups by address: where an article has moved to, and the revisions that a person may read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import permissions
from articles.models import Article, Revision


def follows_moves(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Redirect to the article that had this slug before, if the view raises 404.

    The redirect is temporary, because another article may take the slug.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, slug: str, **place: int) -> HttpResponse:
        try:
            return view(request, slug, **place)
        except Http404:
            moved = Article.objects.formerly_at(slug).first()
            if moved is None or moved.slug == slug:
                raise
        assert request.resolver_match is not None
        url = reverse(request.resolver_match.url_name or "", kwargs={"slug": moved.slug, **place})
        query = request.META["QUERY_STRING"]
        return redirect(f"{url}?{query}" if query else url)

    return wrapper


def readable_revision(request: HttpRequest, slug: str, number: int) -> Revision:
    """Return one revision, with the errors of `readable_revisions`."""
    return readable_revisions(request, slug, number)[0]


def readable_revisions(request: HttpRequest, slug: str, *numbers: int) -> list[Revision]:
    """Return these revisions of one article, in one query.

    Raises `Http404` if the person may not list one of them, `PermissionDenied` if the text of one is hidden.
    """
    listed = Revision.objects.listed_for(request.user).with_text()
    revisions = {
        revision.number: revision for revision in listed.filter(article__slug=slug, number__in=numbers)
    }
    if not revisions.keys() >= set(numbers):
        raise Http404
    for number in numbers:
        if not permissions.can_view(request.user, revisions[number]):
            raise PermissionDenied(
                _("The text of version %(number)d was hidden. The article's history says by whom and when.")
                % {"number": number}
            )
    return [revisions[number] for number in numbers]
