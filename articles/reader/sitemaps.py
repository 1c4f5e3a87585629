"""The sitemap: all public articles, with when they last changed and their pictures, in parts of a thousand.

Django's own sitemaps take the host of a request; these addresses are those of `SITE_URL`, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.people.mailing import absolute
from articles.text.page.images import PREFIX

from .answering import revalidated

ADDRESSES_A_PART = 1_000
_XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the sitemap."""

    address: str
    changed_at: datetime | None = None
    picture: str = ""


@require_safe
@revalidated
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return the sitemap, or for more than a thousand articles an index of its parts. Four queries at most."""
    articles = _articles()
    if articles.num_pages == 1:
        return _urlset(request, articles, 1)
    parts = [absolute(reverse("sitemap-part", kwargs={"number": number})) for number in articles.page_range]
    return render(request, "sitemap_index.xml", {"parts": parts}, content_type=_XML)


@require_safe
@revalidated
def part(request: HttpRequest, number: int) -> HttpResponse:
    """Return a part of the sitemap, from 1; 404 beyond the last. Four queries."""
    return _urlset(request, _articles(), number)


def _articles() -> Paginator[Any]:
    """Return the keys of public articles in parts, the first published first: a new one changes the last part."""
    rows = Article.objects.public().order_by("first_published_at", "pk")
    return Paginator(rows.values_list("pk", flat=True), ADDRESSES_A_PART)


def _urlset(request: HttpRequest, articles: Paginator[Any], number: int) -> HttpResponse:
    try:
        places = list(_places(articles, number))
    except EmptyPage:
        raise Http404 from None
    return render(request, "sitemap.xml", {"places": places}, content_type=_XML)


def _places(articles: Paginator[Any], number: int) -> Iterator[Place]:
    """Yield the addresses of a part. Raises `EmptyPage` beyond the last one."""
    keys = list(articles.page(number).object_list)
    if number == 1:
        yield Place(absolute(reverse("article-list")))
    rows = Article.objects.public().select_related("published_revision__publication").filter(pk__in=keys)
    for article in rows.order_by("first_published_at", "pk"):
        live = article.published_revision
        assert live is not None
        cover = "" if "text" in live.withheld else live.cover or live.publication.cover
        picture = absolute(f"{PREFIX}{cover}") if cover else ""
        yield Place(absolute(article.get_absolute_url()), article.published_at, picture)
