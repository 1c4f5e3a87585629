"""What every request passes: an id that its log lines carry, one line when it is done, headers of a careful site."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

import regex
from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

request_id: ContextVar[str] = ContextVar("request_id", default="-")

_GIVEN_ID = regex.compile(r"[A-Za-z0-9._-]{8,64}")  # one that a proxy made; anything else is replaced

# Nothing that the pages never ask of a browser may be asked by what gets into one.
_FEATURES = "accelerometer camera display-capture geolocation gyroscope microphone midi payment usb".split()
# Nothing from elsewhere, nothing inline. One policy for every page: only pictures have their own (`views/media.py`).
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{directive} {source}" for directive, source in _POLICY.items()),
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}

log = logging.getLogger("articles.request")


class RequestId(logging.Filter):
    """Puts the id of the running request on every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def careful(get_response: GetResponse) -> GetResponse:
    """First in the list, so that it covers what the others answer.

    The line in the log tells method, path, status, time and account; neither query nor form, so no text of an
    article and no search term gets into it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        # set for good: what Django logs of this answer outside comes after, and the next request sets its own
        request_id.set(given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8))
        start = time.perf_counter()
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:  # what a person signed in sees is kept nowhere
            response.headers.setdefault("Cache-Control", "private, no-store")
        response["X-Request-ID"] = request_id.get()
        log.info(
            "%s %r %d",
            request.method,
            request.path,
            response.status_code,
            extra={
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "milliseconds": round(1000 * (time.perf_counter() - start), 1),
                "account": getattr(getattr(request, "_cached_user", None), "pk", None),
            },
        )
        return response

    return middleware
