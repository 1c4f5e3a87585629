"""Pages of the queue: the list, worst first, and its live state for a script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles import permissions
from articles.http import paging
from articles.http.parameters import parse_number
from articles.models import Review

from .common import MOST_COUNTED, WORST_FIRST, counted, for_moderators
from .forms import DECISIONS, BulkForm, QueueFilter

PER_PAGE = 20
DECIDED = 10


@require_safe
@for_moderators
def review_list(request: HttpRequest) -> HttpResponse:
    """List the pending reviews that match the filter, and the last decisions."""
    causes = Review.objects.pending().causes(MOST_COUNTED)
    filters = QueueFilter(request.GET, counts=causes)
    asked = filters.apply(Review.objects.visible_to(request.user).pending(), request.user)
    waiting = f"{MOST_COUNTED}+" if causes is None else str(sum(causes.values()))
    context = {
        "page": paging.page(asked.for_queue(), WORST_FIRST, request, per_page=PER_PAGE, separator="-"),
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
    """Answer JSON with an ETag: the live state of each review in `?ids=`, and how many are pending."""
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
    """Return who decided or claims a review, as a phrase; an empty string if nobody does."""
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
