"""Rate limits: how many requests a minute one account, or one IP address, may make to costly views."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

WINDOW = 60  # seconds
WRITES_PER_MINUTE = 240


def limited(name: str, *, per_minute: int, only: tuple[str, ...] = ()) -> Callable[[View[P]], View[P]]:
    """Answer 429 with `Retry-After` after `per_minute` requests by one account, or one IP address if anonymous.

    Views with the same `name` share a count. `only` names the methods that count, all if empty. Counts are kept in
    the cache for the current minute; without a shared cache each process counts for itself.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            counts = not only or request.method in only
            refusal = refused(request, name, per_minute=per_minute) if counts else None
            return refusal or view(request, *args, **kwargs)

        return guarded

    return decorate


def refused(request: HttpRequest, name: str, *, per_minute: int) -> HttpResponse | None:
    """Count a request; return the response 429 if there were too many in this minute, else None."""
    if settings.LIMITS and _count(name, request) > per_minute:
        return _too_many(request, WINDOW - int(time.time()) % WINDOW)
    return None


def writes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Limit all POST requests of one account or IP address together, to more than anybody sends by hand."""
    return limited("write", per_minute=WRITES_PER_MINUTE, only=("POST",))(get_response)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer 429 to an account name after too many wrong passwords from one IP address."""
    return _too_many(request, int(settings.AXES_COOLOFF_TIME.total_seconds()))


def address_of(request: HttpRequest) -> str:
    """Return the IP address of the client: the one that the outermost of `TRUSTED_PROXIES` proxies saw."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return hops[-settings.TRUSTED_PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer 429, with the seconds after which the client may try again."""
    response = render(request, "429.html", {"seconds": seconds, "minutes": seconds // 60}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _count(name: str, request: HttpRequest) -> int:
    """Count a request and return how many there were in this minute."""
    who = f"u{request.user.pk}" if request.user.is_authenticated else f"a{address_of(request)}"
    key = f"limit:{name}:{int(time.time()) // WINDOW}:{who}"
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # the cache dropped the key since `add`
        return 1
