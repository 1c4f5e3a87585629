"""Figures in words."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def percent(share: float) -> int:
    """A share from 0 to 1 in whole percent."""
    return round(share * 100)


@register.filter
def hours(value: float | None) -> str:
    """A time in hours, in the unit that suits it; a dash where there is none."""
    if value is None:
        return "\N{EN DASH}"
    if value < 1:
        return _("%(n)s min") % {"n": number_format(value * 60, 0)}
    if value < 48:
        return _("%(n)s h") % {"n": number_format(value, 1)}
    return _("%(n)s days") % {"n": number_format(value / 24, 1)}
