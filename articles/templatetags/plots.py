"""Filters that format the figures of a report."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def percent(share: float) -> int:
    """Return a share from 0 to 1 in whole percent."""
    return round(share * 100)


@register.filter
def hours(value: float | None) -> str:
    """Return a time, given in hours, in minutes, hours or days; a dash for None."""
    if value is None:
        return "\N{EN DASH}"
    if value < 1:
        return _("%(n)s min") % {"n": number_format(value * 60, 0)}
    if value < 48:
        return _("%(n)s h") % {"n": number_format(value, 1)}
    return _("%(n)s days") % {"n": number_format(value / 24, 1)}
