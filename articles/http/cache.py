"""The shared cache on Redis. The site works without Redis for a while, only slower."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer
from redis.retry import Retry

logger = logging.getLogger(__name__)

T = TypeVar("T")

SECONDS_TO_WAIT = 0.5  # for a connection and for an answer
SECONDS_TO_PAUSE = 2  # after a failure, before the next attempt
MAX_STALE_KEYS = 10_000


class SpareableRedisCache(RedisCache):
    """A Redis cache whose reads miss and whose writes are dropped while Redis does not answer.

    Each process notes the keys that it could not write or delete, at most `MAX_STALE_KEYS`, because Redis may hold
    outdated values of them. It deletes these keys as soon as Redis answers again.
    """

    _asks_again_at: ClassVar[float] = 0.0
    _stale_keys: ClassVar[set[str]] = set()

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": SECONDS_TO_WAIT,
            "socket_timeout": SECONDS_TO_WAIT,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})

    def _try(self, act: Callable[[], T], *, otherwise: T, writes: Iterable[str] = ()) -> T:
        """Return what `act` returns; `otherwise` if Redis does not answer. `writes` are the keys that `act` changes."""
        cls = SpareableRedisCache
        if time.monotonic() >= cls._asks_again_at:
            try:
                if cls._stale_keys:
                    self._cache.delete_many(list(cls._stale_keys))
                    cls._stale_keys.clear()
                return act()
            except (NoConnection, NoAnswer) as error:
                cls._asks_again_at = time.monotonic() + SECONDS_TO_PAUSE
                logger.warning("Redis does not answer: %s", error)
        if len(cls._stale_keys) < MAX_STALE_KEYS:
            cls._stale_keys.update(self.make_key(key) for key in writes)
        return otherwise

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return self._try(
            lambda: super(SpareableRedisCache, self).add(key, value, timeout, version), otherwise=True
        )

    def get(self, key: str, default: Any = None, version: Any = None) -> Any:
        return self._try(
            lambda: super(SpareableRedisCache, self).get(key, default, version), otherwise=default
        )

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._try(
            lambda: super(SpareableRedisCache, self).set(key, value, timeout, version),
            otherwise=None,
            writes=[key],
        )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return self._try(
            lambda: super(SpareableRedisCache, self).touch(key, timeout, version), otherwise=False
        )

    def delete(self, key: str, version: Any = None) -> bool:
        return self._try(
            lambda: super(SpareableRedisCache, self).delete(key, version), otherwise=False, writes=[key]
        )

    def get_many(self, keys: Iterable[str], version: Any = None) -> dict[str, Any]:
        return self._try(lambda: super(SpareableRedisCache, self).get_many(keys, version), otherwise={})

    def has_key(self, key: str, version: Any = None) -> bool:
        return self._try(lambda: super(SpareableRedisCache, self).has_key(key, version), otherwise=False)

    def incr(self, key: str, delta: int = 1, version: Any = None) -> int:
        """Return the new value; `delta` if Redis does not answer, so a count starts again."""
        return self._try(lambda: super(SpareableRedisCache, self).incr(key, delta, version), otherwise=delta)

    def set_many(
        self, data: dict[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> list[str]:
        return self._try(
            lambda: super(SpareableRedisCache, self).set_many(data, timeout, version),
            otherwise=[],
            writes=data,
        )

    def delete_many(self, keys: Iterable[str], version: Any = None) -> None:
        keys = list(keys)
        self._try(
            lambda: super(SpareableRedisCache, self).delete_many(keys, version), otherwise=None, writes=keys
        )

    def clear(self) -> None:
        """Delete all keys with the prefix of this cache; other programs may use the same Redis."""

        def drop() -> None:
            client = self._cache.get_client(None, write=True)
            for key in client.scan_iter(match=f"{self.key_prefix}:*", count=1_000):
                client.delete(key)

        self._try(drop, otherwise=None)
