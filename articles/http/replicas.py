"""Replicas: visitors read from copies of the database that hold all that was committed half a second before.

A replica is current as of a moment if it has replayed as much of the log as the primary had written at that moment. A
process asks both a few times a second and compares, so nothing depends on the clocks of other machines. While the
primary does not answer, no replica proves to be current, because it cannot tell what it misses. Then visitors are
answered as everybody else is: from the primary, or with what is left without it.

A replica may answer what a kept page shows (`ask`). The page itself is then made from the primary, so that it is never
older than the answer under which it is kept. Other pages are read from one replica alone.
"""

from __future__ import annotations

import logging
import math
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from .lately import changed_at

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.25
SECONDS_BEHIND = 0.5  # at most; a page that shows it is not older than a second, with what else takes time
SECONDS_TO_ANSWER = 0.1  # a replica that is slower is of no use
SECONDS_TO_PAUSE = 2  # after a failure, before the next look

_WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
_REPLAYED = "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') WHERE pg_is_in_recovery()"

_reads_from: ContextVar[str] = ContextVar("reads_from", default=DEFAULT_DB_ALIAS)
_may_read_replicas: ContextVar[bool] = ContextVar("may_read_replicas", default=True)
_looking = threading.Lock()
_looks_at = 0.0
_is_primary_there = True  # when this process looked last
_written: deque[tuple[float, int]] = deque(
    maxlen=8
)  # moments, and how much the primary had written then at least
_current_at: dict[str, float] = {}  # by alias: what was committed before this moment is there
_left_until: dict[str, float] = {}  # by alias, after a failure


class Router:
    """Reads outside transactions go to the database of the request; writes, locks and migrations to the primary."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS if _is_in_transaction() else _reads_from.get()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool:
        return True  # they are copies of the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


def read_from_replicas(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let safe requests of visitors read from a replica. If it fails, the primary answers within the same request.

    Must stand after `kept_pages`, whose pages are made from the primary, and before sessions.
    """
    if not _aliases():
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        alias = _current_replica() if _may_use_replica(request) else None
        if alias is None:
            return get_response(request)
        token = _reads_from.set(alias)
        try:
            response = get_response(request)
        finally:
            _reads_from.reset(token)
        if response.status_code >= 500 and connections[alias].errors_occurred:
            _leave(alias, "failed while it was read")
            return get_response(request)
        return response

    return middleware


def ask(question: str, *values: str | int) -> list[tuple[Any, ...]]:
    """Return the rows that answer a visitor's question in SQL: from a replica or, if that fails, from the primary.

    Raises `OperationalError`, at once if this process has just seen that the primary does not answer.
    """
    if _aliases() and _may_read_replicas.get() and not _is_in_transaction():
        alias = _current_replica()
        if alias is not None:
            try:
                return _rows(alias, question, *values)
            except (DatabaseError, InterfaceError) as error:
                _leave(alias, error)
        if not _is_primary_there:
            raise OperationalError("the primary did not answer a moment ago")
    return _rows(DEFAULT_DB_ALIAS, question, *values)


@contextmanager
def from_primary() -> Iterator[None]:
    """Read from the primary alone, as what is to be kept has to be."""
    token = _may_read_replicas.set(False)
    try:
        yield
    finally:
        _may_read_replicas.reset(token)


def _rows(alias: str, question: str, *values: str | int) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(question, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _is_in_transaction() -> bool:
    return connections[DEFAULT_DB_ALIAS].in_atomic_block


def _may_use_replica(request: HttpRequest) -> bool:
    """Return whether a request only reads, is by nobody who may have written, and makes nothing that is kept."""
    is_visitor = settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES
    return is_visitor and request.method in ("GET", "HEAD") and _may_read_replicas.get()


def _aliases() -> list[str]:
    return [alias for alias in connections if alias != DEFAULT_DB_ALIAS]


def _current_replica() -> str | None:
    """Return a replica that is current, one by chance; None if none proves to be. Looks anew if it is time.

    It has at least what this process wrote itself.
    """
    global _looks_at, _is_primary_there
    if time.monotonic() >= _looks_at and _looking.acquire(blocking=False):
        try:
            _is_primary_there = _look()
            _looks_at = time.monotonic() + (SECONDS_BETWEEN_LOOKS if _is_primary_there else SECONDS_TO_PAUSE)
        finally:
            _looking.release()
    oldest = max(time.monotonic() - SECONDS_BEHIND, changed_at())
    current = [alias for alias in _aliases() if _current_at.get(alias, -math.inf) >= oldest]
    return secrets.choice(current) if current else None


def _look() -> bool:
    """Note as of when each replica is current. Return whether the primary answers, without which none can tell."""
    now = time.monotonic()
    try:
        ((written,),) = _rows(DEFAULT_DB_ALIAS, _WRITTEN)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("The primary does not answer, so replicas are not read: %s", error)
        return False
    _written.append((now, written))
    for alias in _aliases():
        start = time.monotonic()
        if start < _left_until.get(alias, -math.inf):
            continue
        try:
            replayed = _rows(alias, _REPLAYED)
        except (DatabaseError, InterfaceError) as error:
            _leave(alias, error)
            continue
        if time.monotonic() - start > SECONDS_TO_ANSWER:
            _leave(alias, "is slow")
        elif not replayed:
            _leave(alias, "is no replica: it follows no primary")
        else:
            _current_at[alias] = max(
                (moment for moment, position in _written if position <= replayed[0][0]), default=-math.inf
            )
    return True


def _leave(alias: str, reason: object) -> None:
    """Read from other databases for a while."""
    logger.warning("%s is left for %d seconds: %s", alias, SECONDS_TO_PAUSE, reason)
    _left_until[alias] = time.monotonic() + SECONDS_TO_PAUSE
    _current_at.pop(alias, None)
