"""The page of a review: the changes, what they introduce, the evidence, and the form of the decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles import permissions, workflow
from articles.http import paging
from articles.http.talk import talk_context
from articles.models import Review, RuleHit

from .common import MOST_COUNTED, counted, url_of
from .evidence import what_it_does
from .filters import QueueFilter
from .forms import DecisionForm, FixForm
from .notes import notes_context
from .queue import live_state
from .reasons import kept_reason
from .sides import links_of, sides_of

SHEETS = [f"articles/{name}.css" for name in ("compare", "queue", "thread", "decide", "review")]


def show(
    request: HttpRequest,
    found: Review,
    *,
    form: DecisionForm,
    fix: FixForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a review. `fix` is a correction that has errors."""
    filters = QueueFilter(request.GET)
    revision = found.revision
    last = Review.objects.decisions_before(revision).visible_to(request.user).first()
    sides = sides_of(request, found, last)
    is_older = sides.live is not None and sides.live.number > revision.number
    newer_public = sides.is_open and workflow.newer_public(revision)
    goes_live = sides.is_open and sides.live != revision and not is_older and not newer_public
    returns = workflow.gather_returns(revision.content, revision.article) if goes_live else []
    context = {
        "sheets": SHEETS,
        "review": found,
        "rule_hits": RuleHit.objects.on([revision]),
        "revision": revision,
        "article": revision.article,
        "live": sides.live,
        "before": sides.before,
        "since": sides.since,
        "view": sides.view,
        **links_of(request, sides),
        "last_decision": sides.decided,
        "stale": is_older,
        "newer_public": newer_public,
        "returns": returns,
        "newer": Review.objects.newer_than(revision).first(),
        **what_it_does(request, revision, sides, returns),
        **_decision(request, found, form, fix),
        "carried": workflow.decision_to_carry(found, earlier=last) if sides.is_open else None,
        "live_state": live_state(found, request),
        "is_live": sides.live == revision,
        "may_unpublish": permissions.can_publish(request.user),
        "may_decide": permissions.can_review(request.user, found),
        "may_schedule": permissions.can_schedule(request.user),
        "may_undo": not sides.is_open and permissions.can_undo(request.user, found),
        "filters": filters,
        **talk_context(request, revision.article, revision),
        **notes_context(request, found),
        **_neighbours(request, found, filters),
    }
    return render(request, "moderation/review.html", context, status=status)


def _decision(request: HttpRequest, found: Review, form: DecisionForm, fix: FixForm | None) -> dict[str, Any]:
    """Return what the decision needs: its form, and what it is bound to.

    A form that is shown again stays bound to the page that it was first sent from.
    """
    revision, is_open = found.revision, found.state == Review.State.PENDING
    sent = workflow.Seen.read(form["seen"].value() or "") if form.is_bound else None
    seen = sent if sent and sent.review == found.pk else workflow.see(found)
    form.initial.setdefault("reason", kept_reason(request, revision.article))
    return {
        "form": form,
        "seen": seen,
        "fix": fix or FixForm(initial=FixForm.initial_from(revision.content, base=revision.number)),
        "fixing": fix is not None,
        "may_fix": is_open and revision.article.latest_revision_id == revision.pk,
        "may_hide": permissions.can_hide(request.user),
    }


def _neighbours(request: HttpRequest, found: Review, filters: QueueFilter) -> dict[str, Any]:
    """Return the place of a review in the filtered queue, and the addresses of those beside it; None at an end."""
    pending = filters.apply(Review.objects.pending(), request.user)
    place = paging.place_of(filters.keys, found)
    following = paging.rows_beyond(pending, filters.keys, place).first()
    before = paging.rows_beyond(pending, filters.keys, place, backwards=True)
    previous = before.first()
    is_waiting = found.state == Review.State.PENDING
    return {
        "position": before.order_by()[:MOST_COUNTED].count() + 1 if is_waiting else None,
        "waiting": counted(pending) if is_waiting else None,
        "next_url": url_of(following, filters) if following else None,
        "previous_url": url_of(previous, filters) if previous else None,
    }
