"""Published pages for readers who are not signed in: one query, then the page from the cache.

The query reads the live revision and the last change of everything else that a page shows. Its result is part of the
cache key, so a page is never older than the last publication, hiding or allowance of any process. Schedules are
carried out before. While the database does not answer, pages that it confirmed within the last minute are served,
until the next version goes live or offline by a schedule.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from articles.http.replicas import ask, from_primary
from articles.models import Rendering

from .keeping import (
    LARGEST_PAGE,
    SECONDS_KEPT,
    Confirmation,
    etag_of,
    is_visitor,
    page_name,
    with_headers,
)
from .pages import revision_page
from .twin import wants_twin

ADDRESS = re.compile(r"/articles/([^/\0]+)/")  # as `urls.py` has it; a test compares
QUERIES = ("", "escape=1")

_LIVE_PAGE = """
    SELECT r.sha256,
        (SELECT MAX(id) FROM articles_rendering WHERE revision_id = r.id),
        (SELECT COUNT(*) FROM articles_allowance), (SELECT COUNT(confirmed_at) FROM articles_allowance),
        (SELECT COUNT(revoked_at) FROM articles_allowance),
        (SELECT COUNT(*) FROM articles_hiding), (SELECT COUNT(unhidden_at) FROM articles_hiding),
        (SELECT id FROM articles_livechange WHERE article_id = a.id ORDER BY at DESC, id DESC LIMIT 1),
        (SELECT published_revision_id FROM articles_article
            WHERE published_revision_id IS NOT NULL AND (first_published_at, id) < (a.first_published_at, a.id)
            ORDER BY first_published_at DESC, id DESC LIMIT 1),
        (SELECT published_revision_id FROM articles_article
            WHERE published_revision_id IS NOT NULL AND (first_published_at, id) > (a.first_published_at, a.id)
            ORDER BY first_published_at, id LIMIT 1)
    FROM articles_article a JOIN articles_revision r ON r.id = a.published_revision_id
    WHERE a.slug = %s
"""


class LivePage(NamedTuple):
    """What a published page depends on; equal values give equal pages.

    Counts, not the newest of a kind, since transactions may end in another order than they began.
    """

    checksum: str  # of the revision
    rendering: int  # the newest of the revision
    allowed: int  # allowances in all, those confirmed, and those revoked
    confirmed: int
    revoked: int
    hidden: int  # hidings in all, and those undone
    unhidden: int
    went_live: int | None  # the newest live change of the article, which says who reviewed it
    before: int | None  # the live revisions of the articles first published before and after
    after: int | None


def published_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer requests for published pages in the language that `LocaleMiddleware` found.

    Must stand after it and after what sets headers, and before sessions and accounts.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return _published(request) or get_response(request)

    return middleware


def _published(request: HttpRequest) -> HttpResponse | None:
    match = ADDRESS.fullmatch(request.path_info)
    query = request.META.get("QUERY_STRING", "")
    if match is None or query not in QUERIES or request.method not in ("GET", "HEAD"):
        return None
    if not is_visitor(request.COOKIES) or wants_twin(request):
        return None
    request.get_host()  # raises for hosts that are not in ALLOWED_HOSTS
    slug = match[1]
    confirmed = Confirmation.of(request.path_info, lambda: _live_page(slug))
    live = confirmed.answer.shown
    if live is None:
        return None
    name = page_name(confirmed.answer, query)
    if response := get_conditional_response(request, etag=etag_of(name)):
        return _answer(response, name, confirmed)
    page = cache.get(name)
    if page is None:
        answer = _make(request, live.rendering, escaped=bool(query))
        if answer.status_code != 200 or _is_past(live, slug):  # 429: too many marked pages
            return answer
        page = answer.content
        if len(page) > LARGEST_PAGE:
            return _answer(HttpResponse(page), name)
        cache.set(name, page, SECONDS_KEPT)
    return _answer(HttpResponse(page), name, confirmed)


def _live_page(slug: str) -> LivePage | None:
    """Return what the page at a slug depends on, in one query; None if none is published.

    In SQL, because every visit runs it and the ORM takes several times as long to build the query as the
    database takes to answer.
    """
    row = next(iter(ask(_LIVE_PAGE, slug)), None)
    return LivePage(bytes(row[0]).hex(), *row[1:]) if row else None


def _make(request: HttpRequest, rendering: int, *, escaped: bool) -> HttpResponse:
    row = Rendering.objects.withholding_from(None).with_revision().get(pk=rendering)
    request.user = AnonymousUser()
    return revision_page(request, row, is_live=True, escaped=escaped)


def _is_past(live: LivePage, slug: str) -> bool:
    """Return whether the page at a slug depends on something else by now, so that it must not be kept under `live`.

    That may come back: when an article beside it is unpublished, published and unpublished again.
    """
    with from_primary():
        return _live_page(slug) != live


def _answer(response: HttpResponse, name: str, confirmed: Confirmation | None = None) -> HttpResponse:
    response["Vary"] = "Accept"
    return with_headers(response, name, confirmed)
