"""Time zones: the moments that a clock on the wall means, also on the days when clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

MINUTE = timedelta(minutes=1)
# Zones without a place, and former names of places.
_FORMER = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")


class UnclearTime(ValueError):
    """A time that a clock does not show, or shows twice; `choices` has two moments, the earlier one first."""

    def __init__(self, choices: tuple[datetime, datetime]) -> None:
        super().__init__()
        self.choices = choices


class MissingTime(UnclearTime):
    """Clocks are put forward over this time; the choices are the last minute before that and the first after it."""


class DoubleTime(UnclearTime):
    """Clocks are put back over this time; the choices are its first and its second occurrence."""


@cache
def zone_names() -> tuple[str, ...]:
    """Return the names of the places whose time is known, sorted, and UTC; each begins with a continent or an ocean."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(_FORMER))
    return ("UTC", *sorted(places))


def is_zone(name: str) -> bool:
    """Return whether a name is that of a time zone that people may choose."""
    return name in zone_names()


def moment_of(local: datetime, zone: str) -> datetime:
    """Return the moment in UTC at which a clock in a zone shows this time, in whole minutes.

    Raises `MissingTime` and `DoubleTime` where a clock does not show it once. `local` has no zone.
    """
    place = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    if first < second:
        raise DoubleTime((first, second))
    change = _change_between(second, first, place)
    raise MissingTime((change - MINUTE, change))


def offset_of(moment: datetime, zone: str) -> str:
    """Return how far a zone's clocks are from UTC at a moment, such as UTC+05:45.

    >>> offset_of(datetime(2026, 12, 1, tzinfo=UTC), "Asia/Kathmandu")
    'UTC+05:45'
    """
    offset = moment.astimezone(ZoneInfo(zone)).strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}" if offset.strip("+-0") else "UTC"


def _change_between(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """Return the minute at which the offset of a zone changes between two moments."""
    offset = before.astimezone(place).utcoffset()
    low, high = 0, (after - before) // MINUTE
    while high - low > 1:
        middle = (low + high) // 2
        if (before + middle * MINUTE).astimezone(place).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return before + high * MINUTE
