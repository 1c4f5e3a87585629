"""The decision on one review: its form is answered by the next review, by the same page, or by what changed since."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles import permissions, workflow
from articles.models import Review
from articles.text.content import Content

from .common import for_moderators, url_after, url_of
from .filters import QueueFilter
from .forms import DecisionForm, FixForm
from .item import show
from .reasons import keep_reason
from .stale import stale


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a review; POST decides on it.

    Answers 409 with what changed if the decision would take effect on something else than the page showed.
    """
    if request.method == "POST":
        return _answer(request, pk, DecisionForm(request.POST))
    found = get_object_or_404(Review.objects.for_decision().visible_to(request.user), pk=pk)
    return show(request, found, form=DecisionForm())


@require_POST
@for_moderators
def fix(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a version and publish the correction that was sent with it: the same as the decision "fix"."""
    posted = request.POST.copy()
    posted["decision"] = "fix"
    return _answer(request, pk, DecisionForm(posted))


def _answer(request: HttpRequest, pk: int, form: DecisionForm) -> HttpResponse:
    """Decide as the form says, or show what is in the way: nothing that was typed is lost."""
    seen = workflow.Seen.read(request.POST.get("seen", ""))
    found = get_object_or_404(Review.objects.for_decision().withholding_from(request.user), pk=pk)
    is_hidden = "text" in found.revision.withheld
    if is_hidden and (seen is None or seen.review != found.pk):
        raise Http404  # who had the page open is told; nobody else learns of it
    workflow.require_reviewer(found, permissions.signed_in(request))
    if "look" in request.POST:
        keep_reason(request, found.revision.article, request.POST.get("reason", ""))
        return redirect(url_of(found, QueueFilter(request.GET)))
    fixes = form.data.get("decision") == "fix"
    correction = FixForm(request.POST) if fixes or "source" in request.POST else None
    is_valid = form.is_valid() and (not fixes or (correction is not None and correction.is_valid()))
    is_dropped = not fixes and correction is not None and correction.differs_from(found.revision.content)
    if is_valid and is_dropped and not is_hidden and not form.cleaned_data["leave_out"]:
        form.add_error("leave_out", _left_out())
        is_valid = False
    if not is_valid:
        if is_hidden:
            raise Http404
        status = 400 if form.errors.keys() & {"seen", "leave_out"} else 200
        return show(request, found, form=form, fix=correction, status=status)
    status = 409
    try:
        return _decide(request, found, form, correction.content if fixes and correction else None)
    except (workflow.NotAsSeen, workflow.AlreadyDecided) as error:
        return stale(request, found, error, decision=form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        status = 200
    except workflow.WorkflowError as error:
        form.add_error(None, str(error))
    again = get_object_or_404(Review.objects.for_decision().visible_to(request.user), pk=pk)
    return show(request, again, form=form, fix=correction, status=status)


def _left_out() -> str:
    return _(
        "You changed the text, and this decision would leave that out. Choose Fix to publish your correction, or say "
        "that you leave it out."
    )


def _decide(
    request: HttpRequest, found: Review, form: DecisionForm, correction: Content | None
) -> HttpResponse:
    """Decide, and redirect to the next review, or to the same one if the form says so."""
    text = decide(
        found,
        by=permissions.signed_in(request),
        decision=form.cleaned_data["decision"],
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["seen"],
        sure=form.cleaned_data["sure"],
        correction=correction,
    )
    keep_reason(request, found.revision.article, "")
    messages.success(request, text)
    filters = QueueFilter(request.GET)
    if form.cleaned_data["stay"]:
        return redirect(url_of(found, filters))
    return redirect(url_after(found, filters, request))


def decide(
    found: Review,
    *,
    by: Any,
    decision: str,
    reason: str,
    seen: workflow.Seen,
    sure: bool = False,
    correction: Content | None = None,
) -> str:
    """Carry out a decision and return a sentence about the result. Raises what the operations raise.

    `correction` is the text of the decision "fix".
    """
    values = {"title": found.revision.title, "number": found.revision.number}
    is_live = found.revision.article.published_revision_id == found.revision_id
    if decision == "fix" and correction:
        fixed = workflow.fix_and_approve(
            found, by=by, content=correction, reason=reason, seen=seen, sure=sure
        )
        values |= {"title": fixed.title, "author": found.revision.author_name, "new": fixed.number}
        text = _(
            "“%(title)s”: version %(number)d by %(author)s is approved, and published with your fix as %(new)d."
        )
    elif decision == "approve":
        published = workflow.approve(found, by=by, reason=reason, seen=seen, sure=sure)
        text = (
            _("“%(title)s”, version %(number)d, is approved and stays live.")
            if is_live
            else _("“%(title)s”, version %(number)d, is approved and published.")
            if published
            else _("“%(title)s”, version %(number)d, is approved. A newer version is live and stays.")
        )
    elif decision == "request changes":
        workflow.request_changes(found, by=by, reason=reason, seen=seen)
        text = _("The author of “%(title)s”, version %(number)d, is asked for changes.")
    else:
        workflow.reject(found, by=by, reason=reason, seen=seen)
        text = _("“%(title)s”, version %(number)d, is rejected.")
    if is_live and decision in ("request changes", "reject"):
        text += " " + _("Readers still see it.")
    return text % values
