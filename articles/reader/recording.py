"""Whole answers to visitors, recorded in this process, so that a page in demand passes little of the middleware.

An answer is given again while its question has the same answer, so nothing has to be invalidated here either.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from itertools import takewhile
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.wsgi import WSGIHandler
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, parse_cookie
from django.utils.module_loading import import_string

from articles.http.lately import fresh, lately
from articles.http.schedules import is_due, keep_boundaries
from articles.text.remembering import LARGE, Remembered

from .keeping import Confirmation, is_visitor

# What an answer may depend on, besides the cookie of the language and what the page shows
_VARYING = (
    *("PATH_INFO", "QUERY_STRING", "wsgi.url_scheme", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO"),
    *("HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_IF_NONE_MATCH"),
)
_CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")  # rare, so not recorded
BYTES_BESIDE = 4_000  # of a record, besides its page and what it depends on

GetResponse = Callable[[HttpRequest], HttpResponse]


class Record(NamedTuple):
    """An answer as the middleware left it."""

    confirmed: Confirmation
    status: int
    headers: dict[str, tuple[str, str]]
    content: bytes

    def response(self) -> HttpResponse:
        response = HttpResponse(self.content, status=self.status)
        # Not one by one: Django would check each anew, which takes longer than all the rest.
        response.headers._store = dict(self.headers)
        return response


records: Remembered[Hashable, Record] = Remembered(max_bytes=LARGE)


def recorded_pages(get_response: GetResponse) -> GetResponse:
    """Give recorded answers to visitors, and record those that a `Confirmation` came with.

    Must stand after what counts and logs requests, and before all that sets headers.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        variant = _variant(request.META)
        if variant is None:
            return get_response(request)
        record = records.get(variant)
        if record and _is_current(record):
            return record.response()
        response = get_response(request)
        confirmed: Confirmation | None = getattr(response, "confirmed", None)
        if confirmed and not response.cookies:
            headers = dict(response.headers._store)
            record = Record(confirmed, response.status_code, headers, response.content)
            weight = len(record.content) + BYTES_BESIDE + sum(len(value) for value in variant if value)
            records.keep(variant, record, weight=weight)
        return response

    return middleware


class RecordingHandler(WSGIHandler):
    """Django's handler, which gives a recorded answer that needs no question without Django's signals.

    These make databases and caches ready and close them, which takes longer than all the rest. Such a request passes
    the middleware before `recorded_pages`, which counts and logs it.
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002
        super().load_middleware(is_async)
        own = f"{__name__}.{recorded_pages.__name__}"
        self._give: GetResponse = lambda request: request.record.response()  # type: ignore[attr-defined]
        for path in reversed(list(takewhile(lambda path: path != own, settings.MIDDLEWARE))):
            with suppress(MiddlewareNotUsed):
                self._give = import_string(path)(self._give)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        record = _fresh_record(environ)
        if record is None:
            return super().__call__(environ, start_response)
        request = self.request_class(environ)
        request.record = record  # type: ignore[attr-defined]
        response = self._give(request)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [response.content]


def _fresh_record(environ: dict[str, Any]) -> Record | None:
    variant = _variant(environ)
    record = records.get(variant) if variant else None
    if record is None or is_due() or fresh(record.confirmed.name) != record.confirmed.answer:
        return None
    return record


def _variant(environ: dict[str, Any]) -> tuple[str | None, ...] | None:
    """Return all of a request that its answer may depend on; None if it is not a visitor's, or an odd one."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or any(name in environ for name in _CONDITIONS):
        return None
    cookies = parse_cookie(environ["HTTP_COOKIE"]) if "HTTP_COOKIE" in environ else {}
    if not is_visitor(cookies):
        return None
    return cookies.get(settings.LANGUAGE_COOKIE_NAME), *map(environ.get, _VARYING)


def _is_current(record: Record) -> bool:
    """Return whether a record shows what its page would show now. At most one question."""
    keep_boundaries()
    try:
        return lately(record.confirmed.name, record.confirmed.ask) == record.confirmed.answer
    except (OperationalError, InterfaceError):
        return False  # the page's own middleware answers
