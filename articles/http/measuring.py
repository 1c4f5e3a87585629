"""Measuring: how long a request took, and how many queries. For the log of slow requests, and for the metrics."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse

from .routes import method_of, route_of

logger = logging.getLogger(__name__)


class Queries:
    """A wrapper of `connection.execute_wrapper` that counts the queries, and the seconds until the database answered.

    To begin, to end and to take back a transaction are queries, too.
    """

    __slots__ = ("number", "seconds")

    def __init__(self) -> None:
        self.number, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.number += 1
            self.seconds += time.perf_counter() - start


Observer = Callable[[HttpRequest, HttpResponse, float, Queries], None]  # with the seconds of the request


def measure_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Log slow requests, and count all for `/metrics`, as the settings say. Must stand before all that answers.

    A response that is streamed counts until it begins.
    """
    observers: list[Observer] = []
    if settings.SLOW_REQUEST_MS:
        observers.append(_warn_of_slow)
    if settings.METRICS_TOKEN:
        from .metrics import count  # here, since the import opens files

        observers.append(count)
    if not observers:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        queries = Queries()
        wrappers = connection.execute_wrappers
        wrappers.append(queries)
        start = time.perf_counter()
        try:
            response = get_response(request)
        finally:
            wrappers.remove(queries)
        seconds = time.perf_counter() - start
        for observe in observers:
            try:
                observe(request, response, seconds, queries)
            except Exception:
                logger.exception("A request was answered, but could not be counted")
        return response

    return middleware


def _warn_of_slow(request: HttpRequest, response: HttpResponse, seconds: float, queries: Queries) -> None:
    """Log a request that took `SLOW_REQUEST_MS` or more: by its route, since its address may tell of a text."""
    milliseconds = 1000 * seconds
    if milliseconds < settings.SLOW_REQUEST_MS:
        return
    method, route, status = method_of(request), route_of(request), response.status_code
    logger.warning(
        "slow: %s %s %d took %d ms, with %d queries in %d ms",
        method,
        route,
        status,
        milliseconds,
        queries.number,
        1000 * queries.seconds,
        extra={
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(milliseconds, 1),
            "queries": queries.number,
            "database_milliseconds": round(1000 * queries.seconds, 1),
        },
    )
