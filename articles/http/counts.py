"""Counts of the minute that runs, shared by all processes: in Redis where it is set, else in the database.

Neither store evicts a count. Where Redis fails, the database counts; where that fails or another writer holds SQLite,
this process counts for itself.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from articles.models import Spending

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds
SECONDS_TO_WAIT = 0.25  # for Redis, and for another writer of SQLite
SECONDS_TO_PAUSE = 2  # after a failure of Redis, before the next attempt

_ADD = """
    INSERT INTO articles_spending (id, minute, units) VALUES (%s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET
        units = excluded.units
            + CASE articles_spending.minute WHEN excluded.minute THEN articles_spending.units ELSE 0 END,
        minute = excluded.minute
    RETURNING units
"""

_asks_redis_at = 0.0
_swept_in = 0  # the minute in which this process last deleted old rows
_own: dict[int, int] = {}
_own_minute = 0
_lock = threading.Lock()


def add(budget: str, who: str, units: int, *, minute: int) -> int:
    """Add units to what somebody spent of a budget in a minute, and return the sum. One statement."""
    global _asks_redis_at
    key = _key(budget, who)
    if settings.REDIS_URL and time.monotonic() >= _asks_redis_at:
        try:
            return _add_in_redis(key, units, minute)
        except RedisError as error:
            _asks_redis_at = time.monotonic() + SECONDS_TO_PAUSE
            logger.warning("Redis does not count: %s", error)
    try:
        return _add_in_database(key, units, minute)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("The database does not count: %s", error)
        return _add_in_process(key, units, minute)


def _key(budget: str, who: str) -> int:
    """Return a hash of 64 bits, signed as databases store it. Without the site's key it tells no IP address."""
    key = blake2b(f"{budget} {who}".encode(), digest_size=8, key=settings.SECRET_KEY.encode()[:64])
    return int.from_bytes(key.digest(), signed=True)


@cache
def _redis() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=SECONDS_TO_WAIT,
        socket_timeout=SECONDS_TO_WAIT,
        retry=Retry(NoBackoff(), 0),
    )


def _add_in_redis(key: int, units: int, minute: int) -> int:
    # Not below the prefix of the cache itself, which may be cleared at any time.
    name = f"{settings.CACHES['default']['KEY_PREFIX']}.spent:{minute}:{key}"
    with _redis().pipeline(transaction=True) as pipe:
        pipe.incrby(name, units)
        pipe.expire(name, 2 * WINDOW)
        return int(pipe.execute()[0])


def _add_in_database(key: int, units: int, minute: int) -> int:
    global _swept_in
    with _hurrying(), connection.cursor() as cursor:
        cursor.execute(_ADD, (key, minute, units))
        ((sum_,),) = cursor.fetchall()
        if _swept_in < minute:
            _swept_in = minute
            Spending.objects.filter(minute__lt=minute - 1).delete()
    return int(sum_)


@contextlib.contextmanager
def _hurrying() -> Iterator[None]:
    """Wait only shortly for another writer of SQLite, and for no disk: a count may be lost with the power."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    run = connection.connection.execute
    (patience,) = run("PRAGMA busy_timeout").fetchone()
    run(f"PRAGMA busy_timeout = {int(1000 * SECONDS_TO_WAIT)}")
    run("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        run(f"PRAGMA busy_timeout = {patience}")
        run("PRAGMA synchronous = FULL")


def _add_in_process(key: int, units: int, minute: int) -> int:
    global _own_minute
    with _lock:
        if _own_minute != minute:
            _own_minute = minute
            _own.clear()
        _own[key] = _own.get(key, 0) + units
        return _own[key]
