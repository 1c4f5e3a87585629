"""Rate limits: what one account, or one IP address, may ask of costly views in a minute.

A budget is a number of units a minute. Most views cost one unit. Comparisons, attributions, marked pages and Markdown
share one budget of work, and cost more the longer their texts are. Signed-in people have more of that than an IP
address, which many may share.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import counts
from .heavy import await_place, refused_place
from .trouble import sent_fields

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

WRITES_PER_MINUTE = 240
WORK_PER_MINUTE = 240  # units
ANONYMOUS_WORK_PER_MINUTE = 60
CODE_POINTS_A_UNIT = 16_384
HEAVY_FROM = 4  # units; cheaper work takes milliseconds and no turns


def limited(name: str, *, per_minute: int, only: tuple[str, ...] = ()) -> Callable[[View[P]], View[P]]:
    """Answer 429 with `Retry-After` after `per_minute` requests by one account, or one IP address if anonymous.

    Views with the same `name` share a budget. `only` names the methods that count, all if empty.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            counts = not only or request.method in only
            refusal = refused(request, name, per_minute=per_minute) if counts else None
            return refusal or view(request, *args, **kwargs)

        return guarded

    return decorate


def refused(request: HttpRequest, name: str, *, per_minute: int, cost: int = 1) -> HttpResponse | None:
    """Count a request; return the response 429 if its budget for this minute is spent, else None.

    A cost above the whole budget counts as the whole budget.
    """
    if settings.LIMITS and _spent(request, name, min(cost, per_minute)) > per_minute:
        return _too_many(request, counts.WINDOW - int(time.time()) % counts.WINDOW)
    return None


def refused_work(request: HttpRequest, *texts: str) -> HttpResponse | None:
    """Count work on some texts, and take a place for it if it is heavy.

    Returns the response 429 if the budget of work is spent, 503 if no place gets free in time, else None.
    """
    per_minute = WORK_PER_MINUTE if request.user.is_authenticated else ANONYMOUS_WORK_PER_MINUTE
    cost = cost_of(*texts)
    refusal = refused(request, "work", per_minute=per_minute, cost=cost)
    return refusal or refused_turn(request, *texts)


def refused_turn(request: HttpRequest, *texts: str) -> HttpResponse | None:
    """Take a place for work on some texts if it is heavy; return the response 503 if none gets free in time."""
    return refused_place(request) if cost_of(*texts) >= HEAVY_FROM else None


def await_turn(request: HttpRequest, *texts: str) -> None:
    """Wait a few seconds for a place if work on some texts is heavy, then go on in any case."""
    if cost_of(*texts) >= HEAVY_FROM:
        await_place(request)


def cost_of(*texts: str) -> int:
    """Return the units that work on some texts costs: one, and one more for each `CODE_POINTS_A_UNIT`."""
    return 1 + sum(map(len, texts)) // CODE_POINTS_A_UNIT


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
    """Answer 429, with the seconds after which the client may try again, and give back what was sent."""
    context = {
        "seconds": seconds,
        "minutes": seconds // 60,
        "sent": sent_fields(request),
        "address": request.get_full_path(),
    }
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response.refusal = "limit"  # type: ignore[attr-defined]  # for the metrics
    return response


def _spent(request: HttpRequest, name: str, cost: int) -> int:
    """Count a request, and return what was spent of a budget in this minute."""
    user = request.user
    who = f"account {user.pk}" if user.is_authenticated else network_of(address_of(request))
    return counts.add(name, who, cost, minute=int(time.time()) // counts.WINDOW)


def network_of(address: str) -> str:
    """Return an IPv4 address itself, and the /64 of an IPv6 address, which one customer has; "" for anything else."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_address(int(ip) >> 64 << 64))
    return str(ip)
