"""Pages of rules: the list, one rule with its form and its replay, and the saves that met it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.parameters import error_text, parse_number
from articles.models import Replay, ReplayHit, Rule, RuleHit

from .rule_forms import RuleForm, RuleRows, TrialForm, try_rule

P = ParamSpec("P")

NEWEST_FIRST = (paging.Key("pk"),)
IN_ORDER = (paging.Key("pk", is_descending=False),)  # a replay finds the newest version first


def for_newsroom(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Redirect visitors to the login page, and answer 403 to accounts that may not see rules."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not permissions.can_see_rules(request.user):
            raise PermissionDenied(_("Only moderators may see this."))
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_newsroom
def rule_list(request: HttpRequest) -> HttpResponse:
    """List the rules, those in force first, with what they met lately and what people decided on that."""
    counts = RuleHit.objects.recent_counts()
    context = {
        "rules": [(rule, counts.get(rule.pk)) for rule in Rule.objects.for_list()],
        "may_manage": permissions.can_manage_rules(request.user),
    }
    return render(request, "moderation/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_newsroom
def rule_add(request: HttpRequest) -> HttpResponse:
    """Write a new rule."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_newsroom
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a rule, its replay and, with `?outcome=`, some of what it would have met; POST writes its next version."""
    return _edit(request, get_object_or_404(Rule.objects.for_list(), pk=pk))


@require_POST
@for_newsroom
def rule_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the replay of a rule's latest version, cancel it or let it go on, as the button says."""
    found = get_object_or_404(Rule, pk=pk)
    by = permissions.signed_in(request)
    replay = Replay.objects.newest_of(found.latest_id)
    try:
        if replay and "cancel" in request.POST:
            workflow.cancel_replay(replay, by=by)
        elif replay and "resume" in request.POST:
            workflow.resume_replay(replay, by=by)
        else:
            workflow.start_replay(found, by=by)
    except workflow.WorkflowError as error:
        messages.error(request, str(error))
    return redirect(f"{found.get_absolute_url()}#replay")


@require_POST
@for_newsroom
def rule_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a rule off, or its latest version on, as the button says."""
    found = get_object_or_404(Rule, pk=pk)
    by, reason = permissions.signed_in(request), request.POST.get("reason", "")
    try:
        if "off" in request.POST:
            workflow.switch_off(found, by=by, reason=reason)
            messages.success(request, _("The rule is off. No save is held to it any more."))
        else:
            workflow.switch_on(found, by=by, seen=parse_number(request.POST.get("seen")), reason=reason)
            messages.success(request, _("The rule is on. Every save is held to it from now on."))
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, error_text(error))
    return redirect(found)


@require_safe
@for_newsroom
def rule_hits(request: HttpRequest, pk: int) -> HttpResponse:
    """List the saves that met a rule, newest first."""
    found = get_object_or_404(Rule.objects.for_list(), pk=pk)
    hits = RuleHit.objects.filter(version__rule=found).for_list(request.user)
    context = {"rule": found, "page": paging.page(hits, NEWEST_FIRST, request)}
    return render(request, "moderation/rule_hits.html", context)


def _edit(request: HttpRequest, found: Rule | None) -> HttpResponse:
    may_manage = permissions.can_manage_rules(request.user)
    if not may_manage and (found is None or request.method == "POST"):
        raise PermissionDenied(_("Only administrators may write rules."))
    latest = found.latest if found else None
    text = workflow.RuleText.of(latest) if latest else None
    if request.method != "POST":
        form, rows = (
            RuleForm.showing(text, latest.number if latest else None),
            RuleRows(text.rows if text else ()),
        )
        return _page(request, found, form=form, rows=rows, trial=TrialForm())
    form, rows, trial = RuleForm(request.POST), RuleRows.posted(request.POST), TrialForm(request.POST)
    outcome = None
    if "add" in request.POST:
        rows.add()
    elif form.is_valid() and trial.is_valid():
        try:
            if "try" in request.POST:
                outcome = try_rule(form.text(rows.rows), trial.cleaned_data["sample"])
            else:
                return _write(request, found, form, rows)
        except workflow.RuleFaults as faults:
            form.add_faults(faults)
            rows.faults = faults.by_row
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
    return _page(request, found, form=form, rows=rows, trial=trial, outcome=outcome)


def _write(request: HttpRequest, found: Rule | None, form: RuleForm, rows: RuleRows) -> HttpResponse:
    by = permissions.signed_in(request)
    written = workflow.write_rule(found, by=by, text=form.text(rows.rows), seen=form.cleaned_data["seen"])
    messages.success(request, _("The rule is saved. Replay it to see what it would have met."))
    return redirect(written)


def _page(
    request: HttpRequest,
    found: Rule | None,
    *,
    form: RuleForm,
    rows: RuleRows,
    trial: TrialForm,
    outcome: Any = None,
) -> HttpResponse:
    replay = Replay.objects.newest_of(found.latest_id) if found else None
    context: dict[str, Any] = {
        "rule": found,
        "form": form,
        "rows": rows,
        "trial": trial,
        "outcome": outcome,
        "replay": replay,
        "may_manage": permissions.can_manage_rules(request.user),
    }
    if found:
        context["versions"] = found.versions.order_by("-number")[: paging.PER_PAGE]
    if replay:
        context |= _replayed(request, replay)
    response = render(request, "moderation/rule.html", context)
    if replay and replay.is_running and not form.is_bound:
        response.headers["Refresh"] = "4"  # seconds; the page shows the rule as text meanwhile
    return response


def _replayed(request: HttpRequest, replay: Replay) -> Mapping[str, Any]:
    """Return the hits of a replay to show: those of the outcome asked for, first the false alarms."""
    asked = request.GET.get("outcome", ReplayHit.Outcome.APPROVED if replay.approved else "")
    outcome = asked if asked in ReplayHit.Outcome.values else ""
    hits = replay.hits.filter(outcome=outcome) if outcome else replay.hits.all()
    outcomes: Sequence[tuple[str, str, int]] = [
        (ReplayHit.Outcome.APPROVED, _("False alarms"), replay.approved),
        (ReplayHit.Outcome.TURNED_DOWN, _("Right"), replay.turned_down),
        (ReplayHit.Outcome.UNDECIDED, _("Never decided"), replay.undecided),
        ("", _("All"), replay.met),
    ]
    page = paging.page(hits.for_list(request.user), IN_ORDER, request)
    return {"page": page, "outcomes": outcomes, "chosen": outcome}
