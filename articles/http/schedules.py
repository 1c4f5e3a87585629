"""Schedules are kept without a worker: a request that comes after a boundary carries it out before it is answered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles import workflow

from .lately import forget

logger = logging.getLogger(__name__)

# A boundary is at least a minute ahead when it is set, so none is missed by looking for new ones that often. The rest
# of the minute is for clocks that differ, and for transactions that take their time.
LOOKS_EVERY = workflow.LEAST_AHEAD / 2
PAUSE = timedelta(seconds=2)  # after a failure, before the next look

_looked: tuple[datetime, datetime | None] | None = (
    None  # when this process looked last, and the next boundary
)


def keep_schedules(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Carry out the boundaries that were reached. One query if this process has not looked for half a minute.

    Must stand before what reads articles, so before the cache of pages.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        keep_boundaries()
        return get_response(request)

    return middleware


def next_boundary() -> datetime | None:
    """Return the next boundary that this process knows of; it may have passed if the database does not answer."""
    return _looked[1] if _looked else None


def remember(boundary: datetime | None) -> None:
    """Note that this process looked now, and when the next boundary is."""
    global _looked
    _looked = timezone.now(), boundary


def is_due() -> bool:
    """Return whether this process has to look for boundaries: one was reached, or it looked too long ago."""
    now = timezone.now()
    return not (
        _looked and _looked[0] <= now < _looked[0] + LOOKS_EVERY and not (_looked[1] and _looked[1] <= now)
    )


def keep_boundaries() -> None:
    """Settle, unless this process knows that nothing is due. If the database cannot, readers see what they saw."""
    global _looked
    if not is_due():
        return
    now = timezone.now()
    boundary = next_boundary()
    if boundary and boundary <= now:
        forget()  # another process may have settled it
    try:
        remember(workflow.settle())
    except (OperationalError, InterfaceError, InternalError) as error:
        logger.warning("Schedules are not kept: %s", error)
        # Noted as if it had looked long ago, so that it looks again after the pause; the failure may have taken long.
        _looked = timezone.now() - LOOKS_EVERY + PAUSE, boundary
