"""Through which door an operation came, for the log. The address is recorded only where `LOG_ADDRESSES` says so:
entries of the log are never altered, so it could not be forgotten later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from articles.revisions.events import Event


@dataclass(frozen=True, slots=True)
class Origin:
    door: Event.Door
    address: str | None = None


_COMMAND = Origin(Event.Door.COMMAND)  # outside of any request: a command, or a shell
_origin = ContextVar("origin", default=_COMMAND)


def origin() -> Origin:
    return _origin.get()


@contextmanager
def coming_from(door: Event.Door, *, address: str | None = None) -> Iterator[None]:
    """What the block does is logged as coming through this door."""
    token = _origin.set(Origin(door, address))
    try:
        yield
    finally:
        _origin.reset(token)
