"""Who has something open now, noted in the cache alone: nobody is locked out by it, nothing depends on it.

Without a cache that all processes share, each knows only whom it answered itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SILENCE = timedelta(seconds=45)  # after which somebody counts as gone: three times the pause of the page


@dataclass(frozen=True, slots=True)
class Presence:
    """An account, since when it has the thing open, and when it was last heard of."""

    name: str
    since: datetime
    seen: datetime


def note_presence(what: str, user: User) -> list[Presence]:
    """Note that a person has something open, and return who else has, the earliest first.

    Of two notes at the same moment one may be lost; the next one makes up for it.
    """
    now = timezone.now()
    key = f"present:{what}"
    present: dict[int, Presence] = cache.get(key, {})
    present = {pk: one for pk, one in present.items() if now - one.seen <= SILENCE}
    since = present[user.pk].since if user.pk in present else now
    present[user.pk] = Presence(user.get_username(), since, now)
    cache.set(key, present, SILENCE.total_seconds())
    return sorted((one for pk, one in present.items() if pk != user.pk), key=lambda one: one.since)
