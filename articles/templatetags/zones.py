"""Moments as a clock in a time zone shows them, with the zone and its offset."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.people.zones import is_zone, offset_of

register = template.Library()


@register.filter
def in_zone(moment: datetime, zone: str) -> str:
    """Return a moment with date, time, zone and offset; in UTC if the zone is not known any more."""
    place = zone if is_zone(zone) else "UTC"
    facts = {
        "when": date_format(moment.astimezone(ZoneInfo(place)), "DATETIME_FORMAT"),
        "zone": place.replace("_", " "),
        "offset": offset_of(moment, place),
    }
    if place == "UTC":
        return _("%(when)s (%(zone)s)") % facts
    return _("%(when)s (%(zone)s, %(offset)s)") % facts
