"""Actions on reviews beside a single decision: claims, undo, talk and carrying over."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import permissions, workflow
from articles.http.parameters import error_text
from articles.http.talk import keep_unsent, talk
from articles.models import Review

from .common import for_moderators, url_after, url_of
from .filters import QueueFilter
from .stale import stale


@require_POST
@for_moderators
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim a review or renew the claim; with `release` in the form, give it up; with `take-over`, take a stale one.

    Answers a script with 204 without a body, or 409 if the claim fails; redirects others.
    """
    found = get_object_or_404(Review, pk=pk)
    by = permissions.signed_in(request)
    status = 204
    try:
        if "release" in request.POST:
            workflow.release(found, by=by)
        elif "take-over" in request.POST:
            workflow.take_over(found, by=by)
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
    seen = workflow.Seen.read(request.POST.get("seen", ""))
    if seen is None:
        messages.error(
            request, _("The form did not say what its page showed. Look at the version, then decide.")
        )
        return redirect(url_of(found, filters))
    try:
        workflow.carry_over(found, by=permissions.signed_in(request), seen=seen)
    except (workflow.NotAsSeen, workflow.AlreadyDecided) as error:
        return stale(request, found, error, decision={"seen": seen})
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, error_text(error))
        return redirect(url_of(found, filters))
    messages.success(
        request,
        _("The earlier decision holds for “%(title)s”, version %(number)d, too.")
        % {"title": found.revision.title, "number": found.revision.number},
    )
    return redirect(url_after(found, filters, request))
