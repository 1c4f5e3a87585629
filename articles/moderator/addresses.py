"""Pasted addresses: which article somebody means who pastes what the browser shows."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import Resolver404, ResolverMatch, resolve

from articles.http.parameters import parse_number
from articles.models import Article, Review


def article_named(text: str) -> str:
    """Return the slug of the article that a text names: an address of the site, with or without a host, or a slug.

    Any page of an article will do, public, of moderation or in the admin, decoded. A text that names no page is the
    slug itself. Takes a query if the address has a key in place of a slug.
    """
    found = _page_of(text) if "/" in text else None
    if found is None:
        return text.strip("/") or text
    names = found.kwargs
    if "slug" in names:
        return str(names["slug"])
    articles = Article.objects.all()
    match found.url_name:
        case "articles_article_change" | "articles_article_history" | "articles_article_delete":
            articles = articles.filter(pk=parse_number(names["object_id"]) or 0)
        case "review":
            articles = articles.filter(
                pk__in=Review.objects.filter(pk=names["pk"]).values("revision__article")
            )
        case _other:
            return text
    return articles.values_list("slug", flat=True).first() or text


def _page_of(text: str) -> ResolverMatch | None:
    """Return the page of the site that an address names; its host may stand without a scheme."""
    try:
        path = urlsplit(text).path
    except ValueError:
        return None
    for candidate in (path.lstrip("/"), path.lstrip("/").partition("/")[2]):
        try:
            return resolve(f"/{candidate}")
        except Resolver404:
            continue
    return None
