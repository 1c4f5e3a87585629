"""The page for an address with nothing behind it: public articles that may be meant, and a search for its words."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import unquote

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from articles.http.limits import refused
from articles.models import Article
from articles.revisions.indexing import public_with
from articles.search.queries import parse_query
from articles.search.spellings import slips

from .search import corrected

MOST_NEAR = 5
LONGEST = 60  # code points of an address that are looked at
WITHOUT = ("/admin/", "/moderation/", "/account/", "/media/", "/static/")
_SIGNS = re.compile(r"[-_./\s+]+")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404. Visitors who read get the public articles whose addresses or words are near; nine queries at most.

    What is not public is never looked at, so the page does not tell whether anything is.
    """
    words = _words(request.path)
    is_reading = request.method in ("GET", "HEAD") and not request.path.startswith(WITHOUT)
    near: list[Article] = []
    if is_reading and words and not refused(request, "lost", per_minute=60):
        with suppress(DatabaseError, InterfaceError):  # the page is needed most when something is amiss
            near = near_articles(words)
    context = {"near": near, "words": _SIGNS.sub(" ", words).strip() if is_reading else ""}
    return render(request, "404.html", context, status=404)


def near_articles(slug: str) -> list[Article]:
    """Return public articles whose address differs by a slip, then some with its words, as written or corrected."""
    articles = Article.objects.public().select_related("published_revision")
    small = slug.lower()
    alike = {small, small.replace("_", "-"), _SIGNS.sub("-", small), *slips(small, letters="-_0123456789")}
    near = list(articles.filter(slug__in=alike).order_by("slug")[:MOST_NEAR])
    if len(near) < MOST_NEAR:
        seen = {article.pk for article in near}
        keys = [key for key in _with_words(small) if key not in seen]
        near += articles.filter(pk__in=keys).order_by("-first_published_at", "-pk")[: MOST_NEAR - len(near)]
    return near


def _with_words(slug: str) -> list[int]:
    """Return the keys of some articles with all words of a slug, or of its words as articles spell them."""
    phrases = parse_query(_SIGNS.sub(" ", slug), completes=False)
    match = public_with(phrases)
    if match is None:
        return []
    if keys := match.first(10 * MOST_NEAR):
        return keys
    others = corrected(phrases)
    better = public_with(others) if others != phrases else None
    return better.first(10 * MOST_NEAR) if better else []


def _words(path: str) -> str:
    """Return the part of an address that names what was looked for."""
    place = unquote(path).replace("\0", "")
    articles = reverse("article-index")
    if place.startswith(articles):
        return place.removeprefix(articles).partition("/")[0][:LONGEST]
    parts = [part for part in place.split("/") if part]
    return parts[-1].partition(".")[0][:LONGEST] if parts else ""
