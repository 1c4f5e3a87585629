"""Pages of the queue: the list, and its live state for a script."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.parameters import parse_number
from articles.models import Allowance, Review, RuleHit
from articles.moderation.reviews import Tally
from articles.templatetags.moderation import claim_in_words

from .common import MOST_COUNTED, counted, for_moderators
from .filters import QueueFilter, query_of
from .forms import DECISIONS

PER_PAGE = 20
DECIDED = 10


@require_safe
@for_moderators
def review_list(request: HttpRequest) -> HttpResponse:
    """List the pending reviews that match the filter, in its order, and the last decisions."""
    workflow.settle_allowances()
    pending = Review.objects.pending()
    tally = pending.tally(MOST_COUNTED, user=request.user)
    filters = QueueFilter(request.GET, tally=tally)
    asked = filters.apply(Review.objects.visible_to(request.user).pending(), request.user)
    page = paging.page(asked.for_queue(), filters.keys, request, per_page=PER_PAGE)
    waiting = f"{MOST_COUNTED}+" if tally is None else str(tally.total)
    rules_met = RuleHit.objects.labels(review.revision_id for review in page.rows)
    for review in page.rows:
        review.rules_met = rules_met.get(review.revision_id)
    decided = [
        (review, permissions.can_undo(request.user, review))
        for review in Review.objects.visible_to(request.user).recently_decided()[:DECIDED]
    ]
    context = {
        "page": page,
        "seen": workflow.see_all(page.rows).values(),
        "filters": filters,
        "chips": _chips(filters, tally),
        "orders": [
            (label, filters.query_with(order=name), name == filters.chosen.get("order", ""))
            for name, label in filters.fields["order"].choices  # type: ignore[attr-defined]
        ],
        "waiting": waiting,
        "oldest": pending.oldest(),
        "matching": counted(asked) if filters.narrows else waiting,
        "decided": decided,
        "own": next((review for review, may_undo in decided if may_undo), None),
        "proposed": Allowance.objects.proposed().count(),
        "decisions": DECISIONS,
    }
    return render(request, "moderation/queue.html", context)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is asked for often: its name, address, how many match if that was counted, and whether it is on."""

    label: str
    query: str
    is_on: bool
    number: int | None = None


def _chips(filters: QueueFilter, tally: Tally | None) -> list[Chip]:
    """Return the filters that stand above the list; each alone, in the order that is asked for."""
    order = filters.chosen.get("order", "")
    offered: tuple[tuple[str, dict[str, str], int | None], ...] = (
        (_("All"), {}, tally.total if tally else None),
        (_("Yours"), {"claim": "mine"}, tally.mine if tally else None),
        (_("Serious"), {"level": "alert"}, tally.serious if tally else None),
        (_("Odd"), {"level": "warning"}, tally.odd if tally else None),
        (_("New articles"), {"kind": "new"}, None),
        (_("Over a day"), {"age": "day"}, tally.over_a_day if tally else None),
    )
    chosen = {name: value for name, value in filters.chosen.items() if name != "order"}
    return [
        Chip(label, query_of({**narrowing, "order": order}), chosen == narrowing, number)
        for label, narrowing, number in offered
    ]


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
    return claim_in_words(review, request.user)
