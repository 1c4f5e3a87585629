"""What the pages of moderation share: access, the order of the queue, and where a decision leads."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import permissions
from articles.http import paging
from articles.models import Review
from articles.moderation.reviews import ReviewQuerySet

from .filters import QueueFilter

P = ParamSpec("P")

MOST_COUNTED = 1_000


def for_moderators(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Redirect visitors to the login page, and answer 403 to accounts that may not moderate."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not permissions.can_moderate(request.user):
            raise PermissionDenied(_("Only moderators may see this."))
        return view(request, *args, **kwargs)

    return guarded


def url_of(review: Review, filters: QueueFilter) -> str:
    """Return the address of a review's page, with the filter of the queue."""
    return review.get_absolute_url() + filters.query


def url_after(review: Review, filters: QueueFilter, request: HttpRequest) -> str:
    """Return where to go after a decision: the next review in the filter's order, else its first, else the queue."""
    others = filters.apply(Review.objects.open_to(permissions.signed_in(request)), request.user)
    others = others.exclude(pk=review.pk)
    place = paging.place_of(filters.keys, review)
    following = (
        paging.rows_beyond(others, filters.keys, place).first()
        or paging.rows_beyond(others, filters.keys, None).first()
    )
    return url_of(following, filters) if following else reverse("queue") + filters.query


def counted(reviews: ReviewQuerySet) -> str:
    """Return the number of reviews as text; with a plus sign if it is over `MOST_COUNTED`."""
    number = reviews.counted(MOST_COUNTED)
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
