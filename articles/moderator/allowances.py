"""Pages of allowances: the list, the form for a new one, and one with what it covers and what can be decided on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.parameters import parse_number
from articles.http.parts import query_with
from articles.models import Allowance, Article, Review, Revision
from articles.text.content import Field, FieldFinding, findings_in

from .common import MOST_COUNTED, for_moderators, url_of
from .filters import QueueFilter
from .forms import AllowanceForm, AloneForm, ReasonForm

NEWEST_FIRST = (paging.Key("pk"),)
SCANNED_PER_PAGE = 20  # revisions whose texts one page of an allowance scans
MOST_SCANNED = 200_000  # code points of these texts, after which the page ends


@require_safe
@for_moderators
def allowance_list(request: HttpRequest) -> HttpResponse:
    """List the active allowances, with `?proposed=1` those that wait, with `?ended=1` those that ended.

    `?q=` searches. Newest first.
    """
    workflow.settle_allowances()
    words = request.GET.get("q", "").replace("\0", "")
    shown = next((state for state in ("proposed", "ended") if state in request.GET), "active")
    found = {
        "active": Allowance.objects.active(),
        "proposed": Allowance.objects.proposed(),
        "ended": Allowance.objects.ended(),
    }[shown]
    rows = found.matching(words).select_related("article").order_by("-pk")
    context = {
        "page": paging.page(rows, NEWEST_FIRST, request),
        "count": rows.count(),
        "words": words,
        "shown": shown,
        "proposed": Allowance.objects.proposed().count(),
    }
    return render(request, "moderation/allowances.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def allowance_add(request: HttpRequest) -> HttpResponse:
    """Create an allowance from what is typed, or from a finding (`?revision=&field=&start=&check=`).

    Nothing is allowed before the page has shown what that silences: until what is posted equals what was shown, POST
    shows that first. `queue` is the filter of the queue to come back to.
    """
    seen = _finding(request) if "revision" in request.GET else None
    form = _form(request, workflow.offers(*seen) if seen else None)
    looked: dict[str, Any] = {}
    standing = None
    if form.is_valid():
        try:
            data = form.cleaned_data
            looked = _look(request, _row(data, seen)) | {"reach": form.reach}
            if "allow" in request.POST and request.POST.get("reach") == form.reach:
                return _saved(request, _allow(request, data, seen), seen[0] if seen else None)
        except workflow.AlreadyAllowed as error:
            form.add_error(None, error)
            standing = error.standing
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "form": form,
        "seen": seen,
        "revision": seen[0] if seen else None,
        "item": seen[1] if seen else None,
        "content": seen[0].content if seen else None,
        "standing": standing,
        "is_first_look": looked and "allow" in request.POST and request.POST.get("reach") != looked["reach"],
        **looked,
    }
    return render(request, "moderation/allowance_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def allowance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an allowance and the findings that it covers in live and pending revisions.

    POST revokes it; one that is proposed only is confirmed or declined, as the pressed button says.
    """
    rows = Allowance.objects.select_related("article", "revision__article__published_revision")
    found = get_object_or_404(rows, pk=pk)
    by = permissions.signed_in(request)
    is_waiting = found.is_proposed and found.lasts
    is_alone = is_waiting and permissions.can_confirm_alone(by, found)
    form = (AloneForm if is_alone else ReasonForm)(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            return _decided(request, found, form.cleaned_data)
        except (workflow.WorkflowError, ValidationError) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
    # Links of earlier releases named the last revision of the page before so; no link of this page has `before`.
    if not form.is_bound and (last := parse_number(request.GET.get("before"))) is not None:
        return redirect(f"{request.path}?after={last}")
    context = {
        "allowance": found,
        "form": form,
        "is_waiting": is_waiting,
        "is_alone": is_alone,
        "is_mine": by.pk == found.allowed_by_id,
        "may_confirm": is_waiting and permissions.can_confirm(by, found),
        **_look(request, found),
    }
    return render(request, "moderation/allowance.html", context)


def _form(request: HttpRequest, offers: list[tuple[str, str]] | None) -> AllowanceForm:
    """Return the form as posted; for a finding that nothing was said of yet, the narrowest choice as if it were."""
    days = settings.ALLOWANCE_DAYS
    until = timezone.localdate() + timedelta(days=days) if days else None
    initial: dict[str, Any] = {"until": until, "scope": Allowance.Scope.ARTICLE}
    labels = offers and [(kind, _offer(kind, value)) for kind, value in offers]
    if request.method == "POST" or not offers:
        return AllowanceForm(request.POST or None, initial=initial, offers=labels)
    return AllowanceForm(initial | {"kind": offers[0][0]}, offers=labels)


def _look(request: HttpRequest, row: Allowance) -> dict[str, Any]:
    """Return what an allowance covers and silences in a page of texts, and how many texts there are to look at."""
    candidates = workflow.candidates_for(row, seen_by=permissions.signed_in(request))
    page = _scannable(paging.page(candidates, NEWEST_FIRST, request, per_page=SCANNED_PER_PAGE))
    is_whole = not (page.before or page.after)
    number = len(page.rows) if is_whole else candidates.order_by()[: MOST_COUNTED + 1].count()
    return {
        "row": row,
        "page": page,
        "from_the_start": query_with(request, "after", None),
        "further": query_with(request, "after", page.after) if page.after else "",
        "preview": workflow.preview(row, page.rows, is_whole=is_whole),
        "looked_at": len(page.rows),
        "to_look_at": f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number),
    }


def _scannable(page: paging.Page) -> paging.Page:
    """Return the page, or its beginning if its texts are long; it has one revision at least."""
    lengths = accumulate(len(revision.source) for revision in page.rows)
    most = max(1, sum(length <= MOST_SCANNED for length in lengths))
    if most >= len(page.rows):
        return page
    rows = page.rows[:most]
    return replace(page, rows=rows, after=paging.place_as_text(NEWEST_FIRST, rows[-1]))


def _row(data: dict[str, Any], seen: tuple[Revision, FieldFinding] | None) -> Allowance:
    """Return the allowance that the form describes, not stored. Raises what the operations raise."""
    if seen:
        return workflow.allowance_of_finding(*seen, kind=data["kind"], scope=data["scope"])
    return workflow.allowance_of_words(
        data["value"],
        kind=data["kind"],
        scope=data["scope"],
        article=_article(data),
        language=data["language"],
    )


def _allow(
    request: HttpRequest, data: dict[str, Any], seen: tuple[Revision, FieldFinding] | None
) -> Allowance:
    """Allow the finding if there is one, else what was typed. Raises what the operations raise."""
    by = permissions.signed_in(request)
    same = {name: data[name] for name in ("kind", "scope", "reason", "until")}
    if seen:
        return workflow.allow_finding(*seen, by=by, **same)
    return workflow.allow(data["value"], by=by, article=_article(data), language=data["language"], **same)


def _article(data: dict[str, Any]) -> Article | None:
    return Article.objects.filter(slug=data["article"]).first() if data["article"] else None


def _saved(request: HttpRequest, allowance: Allowance, revision: Revision | None) -> HttpResponse:
    """Redirect to the review of the revision that it was seen in, if it waits, in its filter; else to the allowance."""
    waiting = Review.objects.visible_to(request.user).pending().filter(revision=revision).first()
    if allowance.is_proposed:
        text = _("The allowance is proposed. It has no effect until a second moderator confirms it.")
    elif waiting:
        text = _("The allowance is saved.")
    else:
        text = _("The allowance is saved. The findings that it covers are listed below.")
    messages.success(request, text)
    if waiting:
        return redirect(url_of(waiting, QueueFilter(QueryDict(request.GET.get("queue", "").lstrip("?")))))
    return redirect(allowance)


def _decided(request: HttpRequest, found: Allowance, data: dict[str, Any]) -> HttpResponse:
    """Carry out what the pressed button says, and redirect. Raises what the operations raise."""
    by, reason = permissions.signed_in(request), data["reason"]
    if "confirm" in request.POST:
        workflow.confirm_allowance(found, by=by, reason=reason, sure=data.get("sure", False))
        messages.success(request, _("The allowance is confirmed and in force."))
        return redirect(found)
    if "decline" in request.POST:
        workflow.decline_allowance(found, by=by, reason=reason)
        messages.success(request, _("The proposal is declined. It never had an effect."))
        return redirect("allowances")
    is_settled = workflow.revoke(found, by=by, reason=reason)
    messages.success(
        request,
        _(
            "The allowance is revoked. What went live under it is back in the queue, and stays live till decided."
        )
        if is_settled
        else _(
            "The allowance is revoked. What went live under it comes back to the queue in the background."
        ),
    )
    return redirect("allowances")


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
