"""The page of a review: the changes, what they introduce, the evidence, and the decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from articles import permissions, workflow
from articles.http import paging
from articles.http.parts import MOST_ROWS, part
from articles.http.talk import talk_context
from articles.models import Rendering, Review, Revision
from articles.text.content import ContentComparison, compare_contents
from articles.text.content.highlights import find_highlights, is_quiet
from articles.text.content.kinds import kinds_of

from .bringers import find_bringers
from .common import WORST_FIRST, counted, for_moderators, url_after, url_of
from .forms import DecisionForm, FixForm, QueueFilter
from .queue import live_state
from .unseen import compare_unseen

MOST_HIGHLIGHTS = 40


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a review; POST decides on it. Answers 409 with the page if the state has changed in the meantime."""
    found = get_object_or_404(Review.objects.for_decision().visible_to(request.user), pk=pk)
    form = DecisionForm(request.POST or None)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            return _decide(request, found, form)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
            found, status = (
                get_object_or_404(Review.objects.for_decision().visible_to(request.user), pk=pk),
                409,
            )
    return show(request, found, form=form, status=status)


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
    last = Review.objects.decisions_before(found.revision).visible_to(request.user).first()
    earlier = _own_if_any(last, request, found)
    sides = _Sides(request, found, earlier)
    before, content = sides.before.content if sides.before else None, revision.content
    comparison = compare_contents(before, content)
    unseen, unseen_before = compare_unseen(content, before, request)
    rendering = revision.renderings.latest()
    removals = rendering.removals
    removals_part = part(request, len(removals), size=MOST_ROWS, name="removals")
    highlights = find_highlights(comparison)
    highlights_part = part(request, len(highlights), size=MOST_HIGHLIGHTS, name="wording")
    context = {
        "review": found,
        "revision": revision,
        "article": revision.article,
        "live": sides.live,
        "before": sides.before,
        "since": sides.since,
        "last_decision": earlier,
        "stale": sides.live is not None and sides.live.number > revision.number,
        "newer_public": sides.is_open and workflow.newer_public(revision),
        "newer": Review.objects.newer_than(found.revision).first(),
        "rendering": rendering,
        "comparison": replace(
            comparison, sections=tuple(part for part in comparison.sections if not is_quiet(part))
        ),
        "quiet": replace(comparison, sections=tuple(filter(is_quiet, comparison.sections))),
        "highlights": highlights_part.of(highlights),
        "highlights_part": highlights_part,
        **_findings(request, comparison, revision),
        "removals": removals_part.of(removals),
        "removals_part": removals_part,
        "unseen": unseen,
        "unseen_before": unseen_before,
        **_evidence(request, comparison, revision, rendering),
        "carried": workflow.decision_to_carry(found, earlier=last) if sides.is_open else None,
        "last_unpublished": revision.article.last_unpublished,
        "live_state": live_state(found, request),
        "may_decide": permissions.can_review(request.user, found),
        "may_schedule": permissions.can_schedule(request.user),
        "may_undo": not sides.is_open and permissions.can_undo(request.user, found),
        "form": form,
        "fix": fix or FixForm(initial=FixForm.initial_from(revision.content, base=revision.number)),
        "fixing": fix is not None,
        "may_fix": sides.is_open and revision.article.latest_revision_id == revision.pk,
        "filters": filters,
        **talk_context(request, revision.article, revision),
        **_neighbours(request, found, filters),
    }
    return render(request, "moderation/review.html", context, status=status)


def _findings(request: HttpRequest, comparison: ContentComparison, revision: Revision) -> dict[str, Any]:
    """Return the findings that a revision introduced: a part of their kinds, and who brought in each place.

    What an allowance covers stands apart. `bringers` are those of the findings that were there before.
    """
    split = workflow.split_findings(comparison.introduced, comparison.new, article=revision.article_id)
    kinds = kinds_of(split.shown)
    drawn = part(request, len(kinds), size=MOST_ROWS, name="kinds")
    allowed = part(request, len(split.allowed), size=MOST_ROWS, name="allowed")
    places = [item for kind in drawn.of(kinds) for item in kind.places]
    bringers = find_bringers(revision, comparison, places, seen_by=permissions.signed_in(request))
    brought_in = iter(bringers.introduced)
    return {
        "flagged": len(split.shown),
        "kinds": [(kind, [next(brought_in) for _place in kind.places]) for kind in drawn.of(kinds)],
        "kinds_part": drawn,
        "bringers": bringers.inherited,
        "allowed": split.allowed,
        "allowed_part": allowed,
        "allowed_rows": allowed.of(split.allowed),
    }


def _evidence(
    request: HttpRequest, comparison: ContentComparison, revision: Revision, rendering: Rendering
) -> dict[str, Any]:
    """Return what else is known about a revision, with a part of the hosts that it links to."""
    evidence = workflow.gather_evidence(
        revision, html=rendering.html, found=comparison.introduced, seen_by=permissions.signed_in(request)
    )
    drawn = part(request, len(evidence.hosts), size=MOST_ROWS, name="hosts")
    return {"evidence": evidence, "hosts": drawn.of(evidence.hosts), "hosts_part": drawn}


@dataclass(slots=True)
class _Sides:
    """What a revision is compared with: the live one, or with `?since=decision` the last one decided."""

    live: Revision | None
    before: Revision | None
    since: bool
    is_open: bool

    def __init__(self, request: HttpRequest, found: Review, earlier: Review | None) -> None:
        self.live = found.revision.article.published_revision
        self.is_open = found.state == Review.State.PENDING
        self.since = earlier is not None and request.GET.get("since") == "decision"
        self.before = self.live if self.is_open else found.compared_with
        if self.since and earlier:
            self.before = earlier.revision


def _own_if_any(last: Review | None, request: HttpRequest, found: Review) -> Review | None:
    """Return the person's own last decision on an earlier revision, else the last of anybody."""
    if last is None or last.decided_by_id == request.user.pk:
        return last
    earlier = Review.objects.decisions_before(found.revision).visible_to(request.user)
    return earlier.filter(decided_by=request.user.pk).first() or last


def _neighbours(request: HttpRequest, found: Review, filters: QueueFilter) -> dict[str, Any]:
    """Return the addresses of the reviews before and after this one in the filtered queue; None at an end."""
    pending = filters.apply(Review.objects.pending(), request.user)
    place = paging.place_of(WORST_FIRST, found)
    following = paging.rows_beyond(pending, WORST_FIRST, place).first()
    previous = paging.rows_beyond(pending, WORST_FIRST, place, backwards=True).first()
    return {
        "next_url": url_of(following, filters) if following else None,
        "previous_url": url_of(previous, filters) if previous else None,
    }


def _decide(request: HttpRequest, found: Review, form: DecisionForm) -> HttpResponse:
    """Decide, and redirect to the next review, or to the same one if the form says so."""
    by = permissions.signed_in(request)
    filters = QueueFilter(request.GET)
    text = decide(found, by=by, decision=form.cleaned_data["decision"], reason=form.cleaned_data["reason"])
    messages.success(request, text)
    left = counted(Review.objects.pending())
    number = int(left.rstrip("+"))
    messages.info(
        request,
        ngettext("%(left)s version is waiting.", "%(left)s versions are waiting.", number) % {"left": left},
    )
    if form.cleaned_data["stay"]:
        return redirect(url_of(found, filters))
    return redirect(url_after(found, filters, request))


def decide(found: Review, *, by: Any, decision: str, reason: str) -> str:
    """Carry out a decision and return a sentence about the result. Raises what the operations raise."""
    if decision == "approve":
        published = workflow.approve(found, by=by, reason=reason)
        text = (
            _("“%(title)s”, version %(number)d, is approved and published.")
            if published
            else _("“%(title)s”, version %(number)d, is approved. A newer version is live and stays.")
        )
    elif decision == "request changes":
        workflow.request_changes(found, by=by, reason=reason)
        text = _("The author of “%(title)s”, version %(number)d, is asked for changes.")
    else:
        workflow.reject(found, by=by, reason=reason)
        text = _("“%(title)s”, version %(number)d, is rejected.")
    return text % {"title": found.revision.title, "number": found.revision.number}
