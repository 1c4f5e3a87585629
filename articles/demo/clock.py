"""A clock that can be set back, so that the demo's histories begin long ago although operations write them today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

SetBack = Callable[[timedelta], None]


@contextmanager
def movable_clock() -> Iterator[SetBack]:
    """Yield a function that sets back what `timezone.now` tells; the clock is right again at the end.

    The clock goes on ticking. It is that of the whole process, so nothing else may run beside it.
    """
    now, behind = timezone.now, timedelta()

    def set_back(by: timedelta) -> None:
        nonlocal behind
        behind = by

    with patch.object(timezone, "now", lambda: now() - behind):
        yield set_back
