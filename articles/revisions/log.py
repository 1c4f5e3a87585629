"""Adding events to the log, and the door through which an operation came.

The IP address is recorded only if `LOG_ADDRESSES` is on: events are write-once, so it could not be removed later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from .events import Event
from .revisions import Revision

if TYPE_CHECKING:
    from django.contrib.auth.models import User


NOBODY = "(system)"  # no account can have this name: parentheses are not allowed


@dataclass(frozen=True, slots=True)
class Origin:
    """The door through which an operation came, and the IP address if it is recorded."""

    door: Event.Door
    address: str | None = None


_COMMAND = Origin(Event.Door.COMMAND)  # outside any request: a command or a shell
_origin = ContextVar("origin", default=_COMMAND)


def origin() -> Origin:
    """Return the origin that `coming_from` set, or the command line."""
    return _origin.get()


_operation: ContextVar[Event | None] = ContextVar("operation", default=None)


@contextmanager
def as_part_of(event: Event) -> Iterator[None]:
    """Log the events of the block as steps of an operation that has an event of its own."""
    token = _operation.set(event)
    try:
        yield
    finally:
        _operation.reset(token)


@contextmanager
def coming_from(door: Event.Door, *, address: str | None = None) -> Iterator[None]:
    """Log the events of the block as coming through this door."""
    token = _origin.set(Origin(door, address))
    try:
        yield
    finally:
        _origin.reset(token)


def log_event(
    action: Event.Action,
    revision: Revision | None,
    *,
    by: User | None,
    reason: str = "",
    public_reason: str = "",
    detail: str = "",
    article: int | None = None,
    name: str = NOBODY,
    at: datetime | None = None,
) -> Event:
    """Add an event to the log and return it: who did what, when and through which door.

    `by` is None for the system, or for a deleted account with a `name`. `at` is now unless given. `article` is the
    key of the article of an event that belongs to no revision. Readers see `public_reason`. `detail` is cut after
    500 code points. Runs inside the transaction of the operation.
    """
    current = origin()
    event = Event(
        at=at or timezone.now(),
        actor=by,
        actor_name=by.get_username() if by else name,
        action=action,
        article_id=revision.article_id if revision else article,
        revision=revision,
        detail=detail[:500],
        reason=reason,
        public_reason=public_reason,
        door=current.door,
        address=current.address,
        part_of=_operation.get(),
    )
    event.save()
    return event
