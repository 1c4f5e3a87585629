"""Pages kept whole for visitors: one question tells what a page shows, and its answer is the key of the cache.

So nothing has to be invalidated, in however many processes: what changes the answer to the question changes the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping
from functools import cache as once
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template import Engine
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from articles.http.lately import Answer, lately
from articles.http.replicas import from_primary

from .answering import ROBOTS

View = Callable[..., HttpResponse]

LARGEST_PAGE = 128 * 1024  # bytes; larger pages are not kept, to save memory
SECONDS_KEPT = 24 * 60 * 60


class Confirmation(NamedTuple):
    """A question, under its name for `lately`, and the answer to it that a page shows."""

    name: Hashable
    ask: Callable[[], object]
    answer: Answer

    @classmethod
    def of(cls, name: Hashable, ask: Callable[[], object]) -> Confirmation:
        return cls(name, ask, lately(name, ask))


def kept(shows: Callable[..., object]) -> Callable[[View], View]:
    """Let `kept_pages` keep what a view answers to visitors at an address without a query.

    `shows` takes the arguments of the view after the request. It returns what the page shows, and None if nothing. It
    may not return a value again after another one: what changes between the question and the view stands in a page that
    is kept under the value from before. Decorators around it have to copy its attributes, as `functools.wraps` does.
    """

    def decorate(view: View) -> View:
        view.shows = shows  # type: ignore[attr-defined]
        return view

    return decorate


def kept_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer requests for pages of `kept` views, which are made once. Must stand where `published_pages` does."""

    def middleware(request: HttpRequest) -> HttpResponse:
        confirmed = _confirmed(request)
        if confirmed is None:
            return get_response(request)
        name = page_name(confirmed.answer, request.path)
        if response := get_conditional_response(request, etag=etag_of(name)):
            return with_headers(response, name, confirmed)
        if page := cache.get(name):
            content, robots = page
            return with_headers(HttpResponse(content, headers=robots), name, confirmed)
        with from_primary():  # a replica may be behind the name
            response = get_response(request)
        if response.status_code == 200:
            if len(response.content) <= LARGEST_PAGE:
                robots = {key: value for key, value in response.items() if key == ROBOTS}
                cache.set(name, (response.content, robots), SECONDS_KEPT)
            with_headers(response, name)
        return response

    return middleware


def _confirmed(request: HttpRequest) -> Confirmation | None:
    """Return what the page shows that a request asks for; None if it is not kept. At most one query."""
    if (
        request.method not in ("GET", "HEAD")
        or request.META.get("QUERY_STRING")
        or not is_visitor(request.COOKIES)
    ):
        return None
    try:
        view, _, place = resolve(request.path_info)
    except Resolver404:
        return None
    shows = getattr(view, "shows", None)
    if shows is None:
        return None
    request.get_host()  # raises for hosts that are not in ALLOWED_HOSTS
    confirmed = Confirmation.of(request.path_info, lambda: shows(**place))
    return None if confirmed.answer.shown is None else confirmed


def is_visitor(cookies: Mapping[str, str]) -> bool:
    """Return whether a request with these cookies is by nobody in particular, so that its page is the same for all."""
    return not (settings.DEBUG or settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies)


def page_name(answer: Answer, address: str) -> str:
    """Return the key in the cache of a page that shows this at an address, in the language of the request."""
    made_of = (*answer, address, release(), get_language())
    return f"page:{hashlib.sha256(repr(made_of).encode()).hexdigest()}"


def etag_of(name: str) -> str:
    return f'"{name.removeprefix("page:")[:32]}"'


def with_headers(response: HttpResponse, name: str, confirmed: Confirmation | None = None) -> HttpResponse:
    """Return the answer with a page or with 304, and with the headers of the page that has this key.

    With its confirmation, the answer may be recorded (see `recording`).
    """
    response["ETag"] = etag_of(name)
    response["Cache-Control"] = "no-cache"  # may be stored, but must be revalidated each time
    patch_vary_headers(response, ["Cookie"])  # LocaleMiddleware adds Accept-Language
    if response.status_code == 200:
        response["Content-Length"] = str(len(response.content))
    response.confirmed = confirmed  # type: ignore[attr-defined]
    return response


@once
def release() -> str:
    """Return a digest of code, its data, templates, words and settings, so a new release uses no old page."""
    made_by = (
        settings.SITE_NAME,
        settings.SITE_OWNER,
        settings.SITE_DESCRIPTION,
        settings.SITE_URL,
        settings.SITE_IMAGE,
        settings.SITE_LICENCE,
        settings.SITE_ACCENT,
        settings.SITE_LOGO,
        settings.NAME_REVIEWERS,
        settings.TIME_ZONE,
        settings.STATIC_URL,
        settings.LANGUAGES,
        getattr(staticfiles_storage, "hashed_files", None),  # their names stand in the page
    )
    digest = hashlib.sha256(repr(made_by).encode())
    code = Path(__file__).parents[1]
    words = [
        *code.rglob("*.mo"),
        *(file for folder in settings.LOCALE_PATHS for file in Path(folder).rglob("*.mo")),
    ]
    templates = [file for folder in Engine.get_default().dirs for file in Path(folder).rglob("*.html")]
    for file in sorted([*code.rglob("*.py"), *code.rglob("*.txt"), *words, *templates]):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
