"""Routes: the name of the view that a request is for. An address may hold a title or a name; a route never does."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

OTHER = "other"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
# Addresses that middleware answers
_PROBES = {"/healthz": "healthz", "/readyz": "readyz", "/metrics": "metrics"}


def route_of(request: HttpRequest) -> str:
    """Return the name of the view, such as `article`; `static` for a static file, `other` where there is no view."""
    match = request.resolver_match
    return match.view_name if match else _route_at(request.path_info)


def method_of(request: HttpRequest) -> str:
    """Return the method of a request, `other` if the standard has none of that name."""
    method = request.method or ""
    return method if method in METHODS else OTHER


@lru_cache(maxsize=1024)
def _route_at(path: str) -> str:
    """Return the route of a request that middleware answered, before its view was looked up."""
    if path.startswith(settings.STATIC_URL):
        return "static"
    if path in _PROBES:
        return _PROBES[path]
    try:
        return resolve(path).view_name
    except Resolver404:
        return OTHER
