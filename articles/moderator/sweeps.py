"""Pages of sweeps: what taking back a period would do, its confirmation, and what it did."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.parameters import error_text
from articles.http.parts import part
from articles.models import Revision, Sweep, SweepStep

from .common import for_moderators
from .people_forms import PeriodForm

MOST_SHOWN = 50
IN_ORDER = (paging.Key("pk", is_descending=False),)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what taking back a period of an account would do; POST does it, if that is still the same."""
    account = get_object_or_404(get_user_model(), pk=pk)
    by = permissions.signed_in(request)
    if not permissions.can_sweep(by, account):
        raise PermissionDenied(_("You may not take back what this person did."))
    form = PeriodForm(request.GET)
    context: dict[str, Any] = {"account": account, "form": form, "reason": request.POST.get("reason", "")}
    if not form.is_valid():
        return render(request, "moderation/sweep_plan.html", context, status=400)
    status = 200
    try:
        if request.method == "POST":
            seen, reason = request.POST.get("seen", ""), request.POST.get("reason", "")
            made = workflow.sweep(account, by=by, reason=reason, seen=seen, **form.period)
            return redirect(made)
    except (ValidationError, workflow.WorkflowError) as error:
        context["error"] = error_text(error)
        status = 400 if isinstance(error, ValidationError) else 409
    try:
        steps = workflow.plan_sweep(account, by=by, **form.period)
    except workflow.WorkflowError as error:
        context["error"] = error_text(error)
        return render(request, "moderation/sweep_plan.html", context, status=400)
    drawn = part(request, len(steps), size=MOST_SHOWN, name="steps")
    rows = drawn.of(steps)
    seen_by_person = Revision.objects.listed_for(by).select_related("article")
    revisions = seen_by_person.in_bulk({key for step in rows for key in (step.revision, step.before) if key})
    context |= {
        "rows": [(step, revisions.get(step.revision), revisions.get(step.before or 0)) for step in rows],
        "part": drawn,
        "seen": workflow.digest_of(steps),
        "feasible": sum(not step.obstacle for step in steps),
        "left": sum(bool(step.obstacle) for step in steps),
        "counts": [
            (kind.label, sum(step.kind == kind and not step.obstacle for step in steps))
            for kind in Sweep.Kind
            if kind in form.period["kinds"]
        ],
    }
    return render(request, "moderation/sweep_plan.html", context, status=status)


@require_safe
@for_moderators
def sweep(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a sweep has come, and what each step did or why not."""
    found = get_object_or_404(Sweep.objects.select_related("event"), pk=pk)
    page = paging.page(found.steps.all(), IN_ORDER, request, per_page=MOST_SHOWN)
    keys = {key for step in page.rows for key in (step.revision_id, step.made_id) if key}
    revisions = Revision.objects.listed_for(request.user).select_related("article").in_bulk(keys)
    counts = found.counts
    context = {
        "sweep": found,
        "page": page,
        "rows": [(step, revisions.get(step.revision_id), revisions.get(step.made_id)) for step in page.rows],
        "counts": [(state.label, counts[state]) for state in SweepStep.State if counts.get(state)],
        "total": sum(counts.values()),
        "ready": sum(number for state, number in counts.items() if state != SweepStep.State.PLANNED),
        "may_cancel": found.is_running and found.account_id != request.user.pk,
        "may_undo": permissions.can_undo_sweep(request.user, found) and counts.get(SweepStep.State.DONE),
    }
    return render(request, "moderation/sweep.html", context)


@require_POST
@for_moderators
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a sweep, or with `undo` take back what it did."""
    found = get_object_or_404(Sweep, pk=pk)
    by = permissions.signed_in(request)
    try:
        if "undo" in request.POST:
            workflow.undo_sweep(found, by=by)
            messages.success(request, _("It is being taken back."))
        else:
            workflow.cancel_sweep(found, by=by)
            messages.success(request, _("It is stopped. What was done stays."))
    except workflow.WorkflowError as error:
        messages.error(request, str(error))
    return redirect(found)
