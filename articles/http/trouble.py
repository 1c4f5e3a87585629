"""What people see where the site cannot do its work: a damaged text, or a database that does not answer.

Both answers need nothing of the database beyond what is loaded. Whoever was writing gets the text back, in a form
that sends it again.
"""

from __future__ import annotations

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
LONG = 200  # characters of a field that is shown to be read, and not only sent along


class TroubleMiddleware:
    """Answers where a view met such trouble."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _answer(request, error)


def server_error(request: HttpRequest) -> HttpResponse:
    """The same where the trouble was met outside a view, by the session for one; else the plain page."""
    error = sys.exc_info()[1]
    answer = _answer(request, error) if isinstance(error, Exception) else None
    return answer or plain_server_error(request)


def _answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    if isinstance(error, DamagedText):
        logger.error("%s", error)
        revision = error.revision
        context = {"revision": revision, "is_unknown": isinstance(error, UnknownFormat)}
        return HttpResponse(render_to_string("damaged.html", context), status=500)
    if isinstance(error, OperationalError | InterfaceError) or _is_read_only(error):
        logger.error("The database does not do its work: %s", error)
        content = render_to_string("503.html", {"sent": _sent(request), "address": request.get_full_path()})
        return HttpResponse(content, status=503, headers={"Retry-After": str(SECONDS_TO_RETRY)})
    return None


def _is_read_only(error: Exception) -> bool:
    """PostgreSQL's word for it is an internal error."""
    return isinstance(error, InternalError) and getattr(error.__cause__, "sqlstate", "") == "25006"


def _sent(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """Names and values of a form, and which are long; nothing of one with a password."""
    if request.method != "POST" or any("password" in name for name in request.POST):
        return []
    return [
        (name, value, len(value) > LONG or "\n" in value)
        for name, values in request.POST.lists()
        for value in values
    ]
