"""Pages of allowances: the list, the form for a new one, and the findings that each covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.parameters import parse_number
from articles.models import Allowance, Article, Revision
from articles.text.content import Field, FieldFinding, findings_in

from .common import for_moderators
from .forms import AllowanceForm, ReasonForm

NEWEST_FIRST = (paging.Key("pk"),)
SCANNED_PER_PAGE = 20  # revisions whose texts one page of an allowance scans
MOST_SCANNED = 200_000  # code points of these texts, after which the page ends


@require_safe
@for_moderators
def allowance_list(request: HttpRequest) -> HttpResponse:
    """List the active allowances, or with `?ended=1` those that ended; `?q=` searches. Newest first."""
    words, ended = request.GET.get("q", "").replace("\0", ""), "ended" in request.GET
    found = Allowance.objects.ended() if ended else Allowance.objects.active()
    rows = found.matching(words).select_related("article").order_by("-pk")
    context = {
        "page": paging.page(rows, NEWEST_FIRST, request),
        "count": rows.count(),
        "words": words,
        "ended": ended,
    }
    return render(request, "moderation/allowances.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def allowance_add(request: HttpRequest) -> HttpResponse:
    """Create an allowance from what is typed, or from a finding (`?revision=&field=&start=&check=`)."""
    seen = _finding(request) if "revision" in request.GET else None
    last_day = (
        timezone.localdate() + timedelta(days=settings.ALLOWANCE_DAYS) if settings.ALLOWANCE_DAYS else None
    )
    offers = workflow.offers(*seen) if seen else None
    initial: dict[str, Any] = {"until": last_day, "scope": Allowance.Scope.SITE}
    if offers:
        initial |= {"kind": offers[0][0], "scope": Allowance.Scope.HERE}
    form = AllowanceForm(
        request.POST or None,
        initial=initial,
        offers=offers and [(kind, _offer(kind, value)) for kind, value in offers],
    )
    if form.is_bound and form.is_valid():
        try:
            allowance = _allow(request, form.cleaned_data, seen)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("The allowance is saved. The findings that it covers are listed below.")
            )
            return redirect(allowance)
    context = {
        "form": form,
        "seen": seen,
        "revision": seen[0] if seen else None,
        "item": seen[1] if seen else None,
        "content": seen[0].content if seen else None,
    }
    return render(request, "moderation/allowance_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def allowance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an allowance and the findings that it covers in live and pending revisions; POST revokes it."""
    found = get_object_or_404(Allowance.objects.select_related("article", "revision__article"), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            workflow.revoke(found, by=permissions.signed_in(request), reason=form.cleaned_data["reason"])
            messages.success(
                request, _("The allowance is revoked. The findings that it covered are shown again.")
            )
            return redirect("allowances")
        except (workflow.WorkflowError, ValidationError) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
    # Links of earlier releases named the last revision of the page before so; no link of this page has `before`.
    if not form.is_bound and (last := parse_number(request.GET.get("before"))) is not None:
        return redirect(f"{request.path}?after={last}")
    candidates = workflow.candidates_for(found, seen_by=permissions.signed_in(request))
    page = _scannable(paging.page(candidates, NEWEST_FIRST, request, per_page=SCANNED_PER_PAGE))
    covered = workflow.covered_findings(found, page.rows)
    context = {"allowance": found, "covered": covered, "page": page, "form": form}
    return render(request, "moderation/allowance.html", context)


def _scannable(page: paging.Page) -> paging.Page:
    """Return the page, or its beginning if its texts are long; it has one revision at least."""
    lengths = accumulate(len(revision.source) for revision in page.rows)
    most = max(1, sum(length <= MOST_SCANNED for length in lengths))
    if most >= len(page.rows):
        return page
    rows = page.rows[:most]
    return replace(page, rows=rows, after=paging.place_as_text(NEWEST_FIRST, rows[-1]))


def _allow(
    request: HttpRequest, data: dict[str, Any], seen: tuple[Revision, FieldFinding] | None
) -> Allowance:
    """Allow the finding if there is one, else what was typed. Raises what the operations raise."""
    by = permissions.signed_in(request)
    same = {name: data[name] for name in ("kind", "scope", "reason", "until")}
    if seen:
        return workflow.allow_finding(*seen, by=by, **same)
    article = Article.objects.filter(slug=data["article"]).first() if data["article"] else None
    return workflow.allow(data["value"], by=by, article=article, language=data["language"], **same)


def _offer(kind: str, value: str) -> str:
    """Return the label of a choice; characters with their code points, since they may be invisible."""
    codes = " ".join(f"U+{ord(char):04X}" for char in value[:8]) if kind == Allowance.Kind.CHARACTER else ""
    return f"{Allowance.Kind(kind).label}: {value} {codes}".rstrip()


def _finding(request: HttpRequest) -> tuple[Revision, FieldFinding]:
    """Return the revision and the finding that the address names; 404 if there is none."""
    field, start, check = request.GET.get("field"), request.GET.get("start"), request.GET.get("check")
    if field not in list(Field):
        raise Http404
    visible = Revision.objects.visible_to(request.user).with_text()
    revision, field = get_object_or_404(visible, pk=parse_number(request.GET.get("revision"))), Field(field)
    for finding in findings_in(revision.content, field):
        if finding.start == parse_number(start) and finding.check == check:
            return revision, FieldFinding(field, finding)
    raise Http404
