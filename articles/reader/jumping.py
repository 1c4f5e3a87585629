"""Jumping within a history: which version a typed number or date leads to."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _

from articles.http.parameters import parse_number

_DATE = re.compile(r"(\d{4})-(\d\d?)(?:-(\d\d?))?")


def find_number(revisions: QuerySet[Any], text: str) -> int:
    """Return the number of the newest revision up to a number, or up to the end of a month or a day.

    Dates are those of the site's time zone. Of numbers below all, return the lowest. Raises `ValidationError` with a
    message for the person if the text is neither, or if no revision is that new or that old. At most two queries.
    """
    newest_first = revisions.order_by("-number")
    if number := parse_number(text):
        if not revisions.filter(number__gte=number).exists():
            raise ValidationError(
                _("There is no version %(n)s here. A month is written 2025-06.") % {"n": number}
            )
        found = newest_first.filter(number__lte=number).first() or newest_first.last()
    else:
        found = newest_first.filter(created_at__lt=_end(text)).first()
        if found is None and (oldest := newest_first.last()):
            when = date_format(localtime(oldest.created_at))
            raise ValidationError(
                _("Nothing is that old; the first version here is of %(date)s.") % {"date": when}
            )
    if found is None:
        raise ValidationError(_("There is no version here."))
    return int(found.number)


def _end(text: str) -> datetime:
    """Return when a month or a day is over. Raises `ValidationError` if the text names none."""
    if match := _DATE.fullmatch(text):
        year, month, day = (int(part or 0) for part in match.groups())
        year = min(max(year, 2), 9998)  # so that no time zone leaves the years that a date can have
        try:
            start = datetime(year, month, day or 1)
        except ValueError:
            pass
        else:
            days = 1 if day else monthrange(year, month)[1]
            return make_aware(start + timedelta(days=days))
    raise ValidationError(
        _("Write a version's number, such as 14, or a date, such as 2025-06 or 2025-06-03.")
    )
