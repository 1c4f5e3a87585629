"""The moderators' queue: worst first, filtered, a page at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles import permissions
from articles.http.parameters import parse_number
from articles.models import Review
from articles.moderation.reviews import ReviewQuerySet

from .common import MOST_COUNTED, counted, for_moderators
from .forms import DECISIONS, BulkForm, QueueFilter

PER_PAGE = 20
DECIDED = 10
_PLACE = re.compile(r"([0-9]{1,9})-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the queue, and the places from which the pages after and before them go on, or None."""

    rows: list[Any]
    after: str | None
    before: str | None


@require_safe
@for_moderators
def review_list(request: HttpRequest) -> HttpResponse:
    causes = Review.objects.pending().causes(MOST_COUNTED)
    filters = QueueFilter(request.GET, counts=causes)
    asked = filters.apply(Review.objects.visible_to(request.user).pending(), request.user)
    waiting = f"{MOST_COUNTED}+" if causes is None else str(sum(causes.values()))
    context = {
        "page": _page(
            asked.for_queue(), after=request.GET.get("after", ""), before=request.GET.get("before", "")
        ),
        "filters": filters,
        "waiting": waiting,
        "matching": counted(asked) if filters.chosen else waiting,
        "decided": [
            (review, permissions.can_undo(request.user, review))
            for review in Review.objects.visible_to(request.user).recently_decided()[:DECIDED]
        ],
        "bulk": BulkForm(),
        "decisions": DECISIONS,
    }
    return render(request, "moderation/queue.html", context)


@require_safe
@for_moderators
@conditional_page
def live(request: HttpRequest) -> HttpResponse:
    """Who is on which of the reviews named in `ids`, in words, and how many wait; with an ETag."""
    numbers = map(parse_number, request.GET.get("ids", "").split(",")[:PER_PAGE])
    ids = [pk for pk in numbers if pk is not None]
    reviews = Review.objects.filter(pk__in=ids).select_related("claimed_by")
    return JsonResponse(
        {
            "waiting": counted(Review.objects.pending()),
            "reviews": {str(review.pk): live_state(review, request) for review in reviews},
        }
    )


def live_state(review: Review, request: HttpRequest) -> str:
    """What the others should know of a review at this moment, "" for nothing."""
    if review.state != Review.State.PENDING:
        return _("%(state)s by %(name)s") % {
            "state": review.get_state_display(),
            "name": review.decided_by_name,
        }
    if review.claimant is None:
        return ""
    if review.claimant == request.user:
        return _("You are on it")
    return _("%(name)s is on it") % {"name": review.claimant}


def _page(found: ReviewQuerySet, *, after: str, before: str) -> Page:
    if place := _PLACE.fullmatch(before):
        rows = list(found.ahead(int(place[1]), int(place[2])).reverse()[: PER_PAGE + 1])
        more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE][::-1]
        return Page(rows, after=_place(rows[-1]) if rows else None, before=_place(rows[0]) if more else None)
    place = _PLACE.fullmatch(after)
    if place:
        found = found.behind(int(place[1]), int(place[2]))
    rows = list(found[: PER_PAGE + 1])
    more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    return Page(
        rows, after=_place(rows[-1]) if more else None, before=_place(rows[0]) if place and rows else None
    )


def _place(review: Review) -> str:
    return f"{review.risk}-{review.pk}"
