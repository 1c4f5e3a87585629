"""Actions on reviews beside a single decision: bulk decisions, claims, undo, carrying over and fixes."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import permissions, workflow
from articles.http.parameters import error_text
from articles.http.talk import keep_unsent, talk
from articles.models import Review

from .common import for_moderators, url_after, url_of
from .forms import BulkForm, DecisionForm, FixForm, QueueFilter
from .item import decide, show
from .queue import PER_PAGE, live_state


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one of several decisions, in a sentence; `is_decided` if it was carried out."""

    review: Review
    is_decided: bool
    text: str


@require_POST
@for_moderators
def bulk(request: HttpRequest) -> HttpResponse:
    """Decide on several reviews, each in its own transaction, and list the results."""
    filters = QueueFilter(request.GET)
    form = BulkForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(reverse("queue") + filters.query)
    visible = form.cleaned_data["review"].visible_to(request.user)
    chosen = visible.select_related("revision__article", "claimed_by").worst_first()
    results = [_one_of_many(request, review, form) for review in chosen[:PER_PAGE]]
    return render(request, "moderation/bulk.html", {"results": results, "filters": filters})


def _one_of_many(request: HttpRequest, review: Review, form: BulkForm) -> Result:
    """Decide on one of several reviews, unless another moderator claims it; errors become its result."""
    if review.claimant not in (None, request.user):
        return Result(review, is_decided=False, text=live_state(review, request))
    try:
        text = decide(
            review,
            by=permissions.signed_in(request),
            decision=form.cleaned_data["decision"],
            reason=form.cleaned_data["reason"],
        )
    except PermissionDenied as error:
        return Result(review, is_decided=False, text=str(error))
    except (workflow.WorkflowError, ValidationError) as error:
        return Result(review, is_decided=False, text=error_text(error))
    return Result(review, is_decided=True, text=text)


@require_POST
@for_moderators
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim a review or renew the claim; with `release` in the form, give it up.

    Answers a script with 204 without a body, or 409 if the claim fails; redirects others.
    """
    found = get_object_or_404(Review, pk=pk)
    by = permissions.signed_in(request)
    status = 204
    try:
        if "release" in request.POST:
            workflow.release(found, by=by)
        else:
            workflow.claim(found, by=by)
    except workflow.WorkflowError as error:
        status = 409
        if "script" not in request.POST:
            messages.warning(request, str(error))
    if "script" in request.POST:
        return HttpResponse(status=status)
    filters = QueueFilter(request.GET)
    return redirect(reverse("queue") + filters.query if "release" in request.POST else url_of(found, filters))


@require_POST
@for_moderators
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back and show the review."""
    found = get_object_or_404(Review.objects.visible_to(request.user).select_related("revision"), pk=pk)
    try:
        workflow.undo(found, by=permissions.signed_in(request))
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, error_text(error))
        return redirect(reverse("queue") + QueueFilter(request.GET).query)
    messages.success(
        request,
        _("The decision on “%(title)s”, version %(number)d, is taken back; it waits again.")
        % {"title": found.revision.title, "number": found.revision.number},
    )
    return redirect(url_of(found, QueueFilter(request.GET)))


@require_POST
@for_moderators
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out what a form of the conversation asks for, and show the review again."""
    found = get_object_or_404(
        Review.objects.visible_to(request.user).select_related("revision__article"), pk=pk
    )
    try:
        messages.success(request, talk(request, found.revision.article))
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, error_text(error))
        keep_unsent(request, found.revision.article)
    return redirect(f"{url_of(found, QueueFilter(request.GET))}#talk")


@require_POST
@for_moderators
def carry_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide like the earlier review, and show the next one."""
    found = get_object_or_404(Review.objects.visible_to(request.user).for_decision(), pk=pk)
    filters = QueueFilter(request.GET)
    try:
        workflow.carry_over(found, by=permissions.signed_in(request))
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, error_text(error))
        return redirect(url_of(found, filters))
    messages.success(
        request,
        _("The earlier decision holds for “%(title)s”, version %(number)d, too.")
        % {"title": found.revision.title, "number": found.revision.number},
    )
    return redirect(url_after(found, filters, request))


@require_POST
@for_moderators
def fix(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a moderator's correction of a version, and approve that version with it."""
    found = get_object_or_404(Review.objects.visible_to(request.user).for_decision(), pk=pk)
    form = FixForm(request.POST)
    status = 200
    if form.is_valid():
        try:
            fixed = workflow.fix_and_approve(
                found,
                by=permissions.signed_in(request),
                content=form.content,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
            found, status = (
                get_object_or_404(Review.objects.visible_to(request.user).for_decision(), pk=pk),
                409,
            )
        else:
            messages.success(
                request,
                _(
                    "“%(title)s”: version %(old)d by %(author)s is approved, and published with your fix as %(new)d."
                )
                % {
                    "title": fixed.title,
                    "old": found.revision.number,
                    "author": found.revision.author_name,
                    "new": fixed.number,
                },
            )
            return redirect(url_after(found, QueueFilter(request.GET), request))
    return show(request, found, form=DecisionForm(), fix=form, status=status)
