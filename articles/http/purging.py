"""Purge keys: a header by which a CDN forgets all addresses that show an article, a tag, a language or an author."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from articles.text.content.tags import fold_tag

GetResponse = Callable[[HttpRequest], HttpResponse]

SEPARATORS = {"Surrogate-Key": " ", "Cache-Tag": ","}
FOLDS: dict[str, Callable[[str], str]] = {"tag": fold_tag, "language": str.lower, "author": str}
FEEDS = ("feed", "feed-json")
LISTS = (
    *("article-list", "article-index", "tag-list", "language-list", "author-list", "archive", "month"),
    *("search", "sitemap", "sitemap-part", "llms", "corrections", "corrections-feed", *FEEDS),
)


def purge_keys(get_response: GetResponse) -> GetResponse:
    """Name what a public page depends on in the header that `PURGE_KEYS` chooses. Must stand before what answers."""
    header = settings.PURGE_KEYS
    if not header:
        raise MiddlewareNotUsed
    if header not in SEPARATORS:
        raise ImproperlyConfigured(f"PURGE_KEYS is {header!r}. Choose one of: {', '.join(SEPARATORS)}.")

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES and (keys := keys_of(request)):
            response[header] = SEPARATORS[header].join(keys)
        return response

    return middleware


def keys_of(request: HttpRequest) -> list[str]:
    """Return the keys of a public address, in ASCII without spaces or commas; none for any other address.

    All have `site`. Lists of everything have `lists`, and of one tag, language or author its own key. All pages of an
    article have the key of its address, also while there is none, so that a kept 404 can be purged.
    """
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return []
    name, values = match.url_name or "", match.kwargs
    if "slug" in values:
        return ["site", _key("article", values["slug"])]
    if name in FOLDS:
        return ["site", _key(name, FOLDS[name](values["value"]))]
    if name in FEEDS:
        narrowed = [
            _key(kind, fold(request.GET[kind])) for kind, fold in FOLDS.items() if kind in request.GET
        ]
        return ["site", *(narrowed or ["lists"])]
    return ["site", "lists"] if name in LISTS else []


def _key(kind: str, value: str) -> str:
    return f"{kind}:{quote(value, safe='')[:200]}"
