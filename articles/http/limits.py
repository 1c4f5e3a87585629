"""How often one person, or one address on the network, may ask for what is costly."""

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
    """Answer 429 with `Retry-After` where one person asks a view more often than that.

    `name` is what is counted: views that share it share the count. `only` names the methods that count, all if
    empty. Counts stand in the cache for the current minute; without a shared cache each process counts alone.
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
    """Count one request; the answer to it where there were too many, else None."""
    if settings.LIMITS and _count(name, request) > per_minute:
        return _come_back(request, WINDOW - int(time.time()) % WINDOW)
    return None


def writes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whatever a person posts, all together. More than anybody does by hand."""
    return limited("write", per_minute=WRITES_PER_MINUTE, only=("POST",))(get_response)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The answer to an account's name after too many wrong passwords from one address."""
    return _come_back(request, int(settings.AXES_COOLOFF_TIME.total_seconds()))


def address_of(request: HttpRequest) -> str:
    """The network address that asks. Behind `TRUSTED_PROXIES` proxies, what the outermost of them was told."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return hops[-settings.TRUSTED_PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))


def _come_back(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "429.html", {"seconds": seconds, "minutes": seconds // 60}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _count(name: str, request: HttpRequest) -> int:
    who = f"u{request.user.pk}" if request.user.is_authenticated else f"a{address_of(request)}"
    key = f"limit:{name}:{int(time.time()) // WINDOW}:{who}"
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # dropped by the cache in between
        return 1
