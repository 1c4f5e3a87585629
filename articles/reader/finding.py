"""Lookups by address: where an article has moved to, and the revisions that a person may read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import permissions
from articles.models import Article, Revision


def follows_moves(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer where the view raises 404: 301 if the article has moved, 410 if it was taken offline.

    A slug with capitals that no article had leads where its small letters lead.

    The last article that readers found at the slug decides. One redirect leads to its address of today, so there are
    no chains; and no answer is stored without being asked for again, so an address that moves back makes no loop.
    What never was public stays 404. The newsroom, which sees all versions, is led to the address of today as well.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, slug: str, **place: int) -> HttpResponse:
        try:
            return view(request, slug, **place)
        except Http404:
            article = Article.objects.last_at(slug)
            if article is None and slug != slug.lower():
                article = Article.objects.last_at(slug.lower())
            if article is None:
                raise
            sees = article.is_public or permissions.can_see_drafts(request.user)
            name = request.resolver_match.url_name if request.resolver_match else None
            is_page = name in ("article", "article-twin")
            if not sees or (article.slug == slug and not article.is_public and is_page):
                return _gone(request, article, sees=sees)
            if article.slug == slug:
                raise
        url = reverse(name or "", kwargs={"slug": article.slug, **place})
        query = request.META["QUERY_STRING"]
        return redirect(f"{url}?{query}" if query else url, permanent=article.is_public)

    return wrapper


def _gone(request: HttpRequest, article: Article, *, sees: bool) -> HttpResponse:
    """Answer 410 with the days on which the article was published first and taken offline last. Three queries at most.

    Of the reasons only that for readers is shown; the other one was written for the newsroom.
    """
    event = article.last_unpublished
    context = {
        "article": article if sees else None,
        "since": article.first_published_at,
        "until": event.at if event else None,
        "reason": article.public_reason,
    }
    return render(request, "410.html", context, status=410)


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
