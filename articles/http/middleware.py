"""Middleware around every request: request id and log line, security headers, and the origin of logged events."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

import regex
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from articles import workflow
from articles.models import Event

from .limits import address_of
from .request_ids import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]

_GIVEN_ID = regex.compile(r"[A-Za-z0-9._-]{8,64}")  # ids accepted from a proxy; all others are replaced

# Deny browser features that no page uses, so injected content cannot request them.
_FEATURES = "accelerometer camera display-capture geolocation gyroscope microphone midi payment usb".split()
# Allow only files of this site and nothing inline. All pages share this policy; images have their own
# (`reader/media.py`).
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
DOORS = {"/admin/": Event.Door.ADMIN, "/api/": Event.Door.API}

logger = logging.getLogger("articles.request")


def log_requests(get_response: GetResponse) -> GetResponse:
    """Give each request an id, and log one line when it is answered. Must be the first middleware, to log all.

    The line has method, path, status, duration and account. It has no query string and no form data, so it never
    contains text of an article or a search term.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given_id = request.META.get("HTTP_X_REQUEST_ID", "")
        # Not reset afterwards: Django still logs this response later, and the next request sets its own id.
        request_id.set(given_id if _GIVEN_ID.fullmatch(given_id) else secrets.token_hex(8))
        start = time.perf_counter()
        response = get_response(request)
        response["X-Request-ID"] = request_id.get()
        if logger.isEnabledFor(logging.INFO):
            logger.info(
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


def set_security_headers(get_response: GetResponse) -> GetResponse:
    """Set the headers of `HEADERS` that a response lacks; forbid storing the responses to signed-in people.

    Others may be stored, and are asked for again each time.

    Must stand before the middleware that answers by itself, so that those responses get the headers, too.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        is_signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        # Every page may change from one moment to the next, a redirect and an error as well.
        response.headers.setdefault("Cache-Control", "private, no-store" if is_signed_in else "no-cache")
        return response

    return middleware


def record_origin(get_response: GetResponse) -> GetResponse:
    """Record with each event that a request logs whether it came through a page, the admin or the API.

    The IP address is recorded only if `LOG_ADDRESSES` is set.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        door = next((d for prefix, d in DOORS.items() if request.path.startswith(prefix)), Event.Door.PAGE)
        address = address_of(request) if settings.LOG_ADDRESSES else None
        with workflow.coming_from(door, address=address):
            return get_response(request)

    return middleware
