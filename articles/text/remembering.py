"""Remembering: caches that are bounded by the memory they take, not by the number of their entries.

What a text leads to may take a hundred bytes or fifty megabytes, so a number of entries bounds nothing. Weights are
estimates in bytes, made by whoever knows the values.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from threading import Lock
from typing import Any, ClassVar, Generic, ParamSpec, TypeVar
from weakref import WeakSet

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
P = ParamSpec("P")

LARGE = 4_000_000  # bytes; values beyond that are forgotten when the work is done
AT_REST = 5_000_000  # bytes that a cache keeps when the work is done


class Remembered(Generic[K, V]):
    """Values by key, at most `max_bytes` in all; the least recently used go first. Safe for threads.

    >>> numbers = Remembered(max_bytes=10)
    >>> numbers.keep("a", 1, weight=6)
    >>> numbers.keep("b", 2, weight=6)
    >>> numbers.get("a"), numbers.get("b")
    (None, 2)
    """

    _all: ClassVar[WeakSet[Remembered[Any, Any]]] = WeakSet()

    def __init__(self, *, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()
        self._all.add(self)

    def get(self, key: K) -> V | None:
        """Return the value of a key; None if it is not kept."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def latest(self) -> list[V]:
        """Return all values, the most recently used first."""
        with self._lock:
            return [value for value, _ in reversed(self._values.values())]

    def keep(self, key: K, value: V, *, weight: int) -> None:
        """Keep a value in place of the key's last, and drop others until all weigh at most `max_bytes`.

        A heavier value is not kept.
        """
        with self._lock:
            if key in self._values:
                self.bytes -= self._values.pop(key)[1]
            if weight > self.max_bytes:
                return
            self._values[key] = value, weight
            self.bytes += weight
            self._shrink(self.max_bytes)

    def settle(self) -> int:
        """Drop the values beyond `LARGE`, then the least recently used beyond `AT_REST`; return the bytes dropped."""
        before = self.bytes
        if before <= LARGE:
            return 0
        with self._lock:
            for key in [key for key, (_, weight) in self._values.items() if weight > LARGE]:
                self.bytes -= self._values.pop(key)[1]
            self._shrink(AT_REST)
        return before - self.bytes

    def cache_clear(self) -> None:
        """Drop all values. The name is that of `functools.lru_cache`."""
        with self._lock:
            self._values.clear()
            self.bytes = 0

    def _shrink(self, max_bytes: int) -> None:
        while self.bytes > max_bytes:
            self.bytes -= self._values.popitem(last=False)[1][1]


class RememberedFunction(Generic[P, V]):
    """A pure function whose results are kept by its positional arguments."""

    def __init__(self, make: Callable[P, V], *, weigh: Callable[[V], int], max_bytes: int) -> None:
        self._make, self._weigh = make, weigh
        self.results: Remembered[Any, V] = Remembered(max_bytes=max_bytes)
        self.cache_clear = self.results.cache_clear
        update_wrapper(self, make)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> V:
        # Two threads may both compute it: the results are equal.
        assert not kwargs
        result = self.results.get(args)
        if result is None:
            result = self._make(*args, **kwargs)
            weight = self._weigh(result) + sum(2 * len(arg) for arg in args if isinstance(arg, str))
            self.results.keep(args, result, weight=weight)
        return result


def remembered(
    *, weigh: Callable[[V], int], max_bytes: int
) -> Callable[[Callable[P, V]], RememberedFunction[P, V]]:
    """Keep the results of a pure function, called with positional arguments, that is never None.

    `weigh` estimates the bytes of a result; texts among the arguments are added to that.
    """
    return lambda make: RememberedFunction(make, weigh=weigh, max_bytes=max_bytes)


def settle() -> int:
    """Let all caches settle, since whoever comes next hardly asks for the same; return the bytes dropped, roughly."""
    return sum(cache.settle() for cache in list(Remembered._all))
