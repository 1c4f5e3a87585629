"""Decisions on several reviews: what would come of one, what came of it, and taking all of it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles import permissions, workflow
from articles.http.parameters import error_text
from articles.models import Batch, BatchItem, Review

from .common import for_moderators
from .filters import QueueFilter
from .forms import BatchForm, BulkForm

MOST_DRAWN = 200  # lines of what is selected or of what came of it
SECONDS_AT_ONCE = 2.0  # of the work that is done before the page that tells of it


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one decision on several reviews would do, in numbers."""

    total: int
    goes_live: int
    new: int
    serious: int
    odd: int
    claimed: int
    barred: int  # that the person may not decide


@require_POST
@for_moderators
def bulk(request: HttpRequest) -> HttpResponse:
    """Show what a decision on what is selected would do, before anything is decided."""
    filters = QueueFilter(request.GET)
    form = BulkForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(reverse("queue") + filters.query)
    rows = filters.apply(Review.objects.visible_to(request.user), request.user).for_queue()
    seen = form.seen
    if not form.cleaned_data["all"]:
        rows = Review.objects.visible_to(request.user).for_queue().filter(pk__in=form.cleaned_data["review"])
    reviews = list(rows.order_by(*filters.ordering)[: workflow.MOST_AT_ONCE + 1])
    if not reviews:
        return render(request, "moderation/bulk.html", {"filters": filters, "outlook": None})
    chosen = reviews[: workflow.MOST_AT_ONCE]
    if form.cleaned_data["all"]:  # what the next page shows of them
        seen = {**workflow.see_all(chosen), **seen}
    batch = BatchForm(
        initial={
            "decision": form.cleaned_data["decision"],
            "reviews": ",".join(str(review.pk) for review in chosen),
            "seen": " ".join(str(seen[review.pk]) for review in chosen if review.pk in seen),
        }
    )
    return _confirm(request, batch, chosen, filters, is_cut=len(reviews) > len(chosen))


@require_POST
@for_moderators
def decide_many(request: HttpRequest) -> HttpResponse:
    """Decide on the reviews that the page before listed; what takes longer goes on in the background."""
    filters = QueueFilter(request.GET)
    form = BatchForm(request.POST)
    by = permissions.signed_in(request)
    keys = form.cleaned_data["reviews"] if form.is_valid() else []
    visible = Review.objects.visible_to(by).for_rows().filter(pk__in=keys[: workflow.MOST_AT_ONCE + 1])
    found = {review.pk: review for review in visible}
    reviews = [found[key] for key in keys if key in found]
    if form.is_valid():
        try:
            batch = workflow.decide_many(
                reviews,
                by=by,
                decision=form.cleaned_data["decision"],
                reason=form.cleaned_data["reason"],
                seen={key: str(seen) for key, seen in form.cleaned_data["seen"].items()},
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            workflow.carry_out(batch, seconds=SECONDS_AT_ONCE)
            return redirect(batch.get_absolute_url() + filters.query)
    return _confirm(request, form, reviews, filters, status=400)


@require_safe
@for_moderators
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what came of a decision on several reviews, as far as it is carried out; what was refused first."""
    found = get_object_or_404(Batch.objects.visible_to(request.user), pk=pk)
    states = Counter(found.items.values_list("state", flat=True))
    visible = found.items.filter(review__in=Review.objects.visible_to(request.user))
    items = visible.select_related("review__revision__article").order_by("pk")
    drawn = [*items.exclude(text="")[:MOST_DRAWN], *items.filter(text="")[:MOST_DRAWN]]
    context = {
        "batch": found,
        "items": drawn[:MOST_DRAWN],
        "total": states.total(),
        "left": (left := found.left.count()),
        "done": states.total() - left,
        "states": [(BatchItem.State(state).label, number) for state, number in sorted(states.items())],
        "may_take_back": found.taken_back_at is None and permissions.can_take_back(request.user, found),
        "filters": QueueFilter(request.GET),
    }
    response = render(request, "moderation/batch.html", context)
    if context["left"]:
        response.headers["Refresh"] = "3"  # seconds; the page has no form but the one that takes back
    return response


@require_POST
@for_moderators
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back all decisions of one on several reviews."""
    found = get_object_or_404(Batch.objects.visible_to(request.user), pk=pk)
    try:
        workflow.take_back_many(found, by=permissions.signed_in(request))
        workflow.carry_out(found, seconds=SECONDS_AT_ONCE)
    except workflow.WorkflowError as error:
        messages.error(request, error_text(error))
    return redirect(found.get_absolute_url() + QueueFilter(request.GET).query)


def _confirm(
    request: HttpRequest,
    form: BatchForm,
    reviews: Sequence[Review],
    filters: QueueFilter,
    *,
    is_cut: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Render the page that says what the decision would do and asks for it."""
    decision = form["decision"].value()
    context = {
        "form": form,
        "decision": decision,
        "label": dict(Batch.Decision.choices).get(decision, ""),
        "outlook": _outlook(reviews, request),
        "drawn": reviews[:MOST_DRAWN],
        "more": max(0, len(reviews) - MOST_DRAWN),
        "filters": filters,
        "most": workflow.MOST_AT_ONCE if is_cut else 0,
    }
    return render(request, "moderation/bulk.html", context, status=status)


def _outlook(reviews: Sequence[Review], request: HttpRequest) -> Outlook:
    """Count what the decision would do, from the rows as they were read. Takes up to three queries."""
    lives = [(review, review.revision.article.published_revision) for review in reviews]
    reviewable = Review.objects.filter(pk__in=[review.pk for review in reviews]).reviewable_by(request.user)
    return Outlook(
        total=len(reviews),
        goes_live=sum(live is None or live.number < review.revision.number for review, live in lives),
        new=sum(live is None for _review, live in lives),
        serious=sum(review.gravity == "alert" for review in reviews),
        odd=sum(review.gravity == "warning" for review in reviews),
        claimed=sum(review.claimant not in (None, request.user) for review in reviews),
        barred=len(reviews) - reviewable.count(),
    )
