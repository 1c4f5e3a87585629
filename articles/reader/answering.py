"""Answers to readers: what browsers may keep, and what search engines may list."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware

View = Callable[..., HttpResponse]

ROBOTS = "X-Robots-Tag"


def revalidated(view: View) -> View:
    """Give answers to visitors an `ETag` of their content, and answer 304 to who has it. Costs what the view costs."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES:
            return response
        response.headers.setdefault("Cache-Control", "no-cache")
        kept = ConditionalGetMiddleware(lambda request: response)(request)
        assert isinstance(kept, HttpResponse)
        return kept

    return wrapper


def unlisted(view: View) -> View:
    """Ask search engines not to list a page, since its kind breeds addresses without end; its links count."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response[ROBOTS] = "noindex"
        return response

    return wrapper
