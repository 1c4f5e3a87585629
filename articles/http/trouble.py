"""Error pages for a damaged text, for a database that does not answer and for a full disk.

Both pages take no query. Whoever sent a text gets it back, in a form that sends it again.
"""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as plain_server_error

from articles.models import DamagedText, UnknownFormat

logger = logging.getLogger(__name__)

SECONDS_TO_RETRY = 10
LONG = 200  # characters; longer values of a form are shown, shorter ones are only sent again
_SHOWN = {"\n", "\N{REPLACEMENT CHARACTER}"}  # values with these are shown, too


class TroubleMiddleware:
    """Middleware that answers the errors of views with these pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _answer(request, error)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer errors outside views, such as those of the session, with these pages; with Django's page for others."""
    error = sys.exc_info()[1]
    answer = _answer(request, error) if isinstance(error, Exception) else None
    return answer or plain_server_error(request)


def _answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Return the page for an error, and log the error; None for errors of other kinds."""
    if isinstance(error, DamagedText):
        logger.error("A stored text is damaged: %s", error, extra={"request": request})
        revision = error.revision
        context = {
            "revision": revision,
            "is_unknown": isinstance(error, UnknownFormat),
            "sent": sent_fields(request),
            "address": request.get_full_path(),
        }
        return HttpResponse(render_to_string("damaged.html", context), status=500)
    if isinstance(error, OperationalError | InterfaceError) or _is_read_only(error) or _is_full(error):
        logger.error("The database or the disk fails: %s", error, extra={"request": request})
        content = render_to_string(
            "503.html", {"sent": sent_fields(request), "address": request.get_full_path()}
        )
        return HttpResponse(content, status=503, headers={"Retry-After": str(SECONDS_TO_RETRY)})
    return None


def _is_read_only(error: Exception) -> bool:
    """Return whether the database refused a write as read-only, which PostgreSQL reports as an internal error."""
    return isinstance(error, InternalError) and getattr(error.__cause__, "sqlstate", "") == "25006"


def _is_full(error: Exception) -> bool:
    """Return whether a file could not be written for lack of space or quota."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def sent_fields(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """Return name, value and whether to show it, for each field sent; nothing if a field is a password.

    Shown are long values, and those in which something was replaced.
    """
    if request.method != "POST" or any("password" in name for name in request.POST):
        return []
    return [
        (name, value, len(value) > LONG or not _SHOWN.isdisjoint(value))
        for name, values in request.POST.lists()
        for value in values
    ]
