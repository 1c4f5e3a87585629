"""Pages of oversight: the log, its exports, and the report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.parameters import parse_number
from articles.http.spreadsheets import csv_lines
from articles.models import Event
from articles.moderation.figures import Figures

from . import plots
from .addresses import article_named
from .common import for_moderators
from .forms import LogForm

PER_PAGE = 100
PERIODS = (7, 30, 90)  # days
LATEST_FIRST = (paging.Key("at", paging.instant), paging.Key("pk"))  # as `EventQuerySet.for_log`


@require_safe
@for_moderators
def log(request: HttpRequest) -> HttpResponse:
    """Show the log, newest first, a page at a time."""
    if event := _last_of_page_before(request):
        query = request.GET.copy()
        del query["before"]
        query["after"] = paging.place_as_text(LATEST_FIRST, event)
        return redirect(f"{request.path}?{query.urlencode()}")
    form, events = _matching_events(request)
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    page = paging.page(events, LATEST_FIRST, request, per_page=PER_PAGE)
    days = {name: query[name] for name in ("first", "last") if query.get(name)}
    context = {
        "form": form,
        "page": page,
        "events": page.rows,
        "query": query.urlencode(),
        "days": urlencode(days),
    }
    return render(request, "moderation/log.html", context, status=200 if form.is_valid() else 400)


@require_safe
@for_moderators
def log_csv(request: HttpRequest) -> HttpResponseBase:
    """Export all events that the search finds, for a spreadsheet."""
    return _export(request, "text/csv; charset=utf-8", "log.csv", _csv_lines)


@require_safe
@for_moderators
def log_jsonl(request: HttpRequest) -> HttpResponseBase:
    """Export all events that the search finds, one JSON object a line."""
    return _export(request, "application/x-ndjson", "log.jsonl", _json_lines)


@require_safe
@for_moderators
def reviews_csv(request: HttpRequest) -> HttpResponseBase:
    """Export which versions went live from `?first=` to `?last=`, who reviewed them, when, and on which hash."""
    form = LogForm({name: request.GET[name] for name in ("first", "last") if name in request.GET})
    if not form.is_valid():
        return render(request, "moderation/log.html", {"form": form}, status=400)
    since, until = _midnight(form.cleaned_data["first"]), _midnight(form.cleaned_data["last"], days=1)
    rows = workflow.report_reviews(since=since, until=until, seen_by=permissions.signed_in(request))
    return _download(csv_lines(workflow.REPORTED, rows), "text/csv; charset=utf-8", "reviews.csv")


@require_safe
@for_moderators
def report(request: HttpRequest) -> HttpResponse:
    """Show how the queue went over the last `?days=`, and how often each check was right."""
    asked = parse_number(request.GET.get("days"))
    days = asked if asked in PERIODS else PERIODS[1]
    found = workflow.gather_figures(days=days, seen_by=permissions.signed_in(request))
    dates = [day.date for day in found.days]
    drawn = [
        plots.lines(
            "backlog",
            _("Waiting at the end of each day"),
            _trend(found, days),
            dates,
            [plots.Series(_("waiting"), [day.left for day in found.days])],
        ),
        plots.opposed(
            "flow",
            _("Submitted, flagged and decided each day"),
            _("%(submitted)d came in, %(flagged)d of them flagged, and %(decided)d were decided.")
            % {
                "submitted": sum(day.submitted for day in found.days),
                "flagged": sum(day.flagged for day in found.days),
                "decided": sum(day.decided for day in found.days),
            },
            dates,
            above=[
                plots.Series(_("submitted"), [day.submitted for day in found.days]),
                plots.Series(_("of these flagged"), [day.flagged for day in found.days]),
            ],
            below=plots.Series(_("decided (below the line)"), [day.decided for day in found.days]),
        ),
        plots.lines(
            "time",
            _("Hours to a decision"),
            _(
                "Half of a day's decisions took no longer than the median, nine in ten no longer than the other line."
            ),
            dates,
            [
                plots.Series(_("median"), [day.median for day in found.days]),
                plots.Series(_("nine in ten"), [day.slowest_tenth for day in found.days]),
            ],
        ),
    ]
    context = {
        "figures": found,
        "plots": drawn,
        "days": days,
        "trend": _trend(found, days),
        "periods": PERIODS,
        "breakdowns": [
            (_("By language"), _("Language"), found.languages),
            (_("By author"), _("Author"), found.authors),
            (_("By domain linked to"), _("Domain"), found.domains),
        ],
    }
    return render(request, "moderation/report.html", context)


def _trend(found: Figures, days: int) -> str:
    """Return how many wait and how many waited before the period, as a sentence."""
    then = ngettext("%(days)d day ago %(then)d did.", "%(days)d days ago %(then)d did.", days)
    now = ngettext("%(now)d waits,", "%(now)d wait,", found.waiting)
    return f"{now} {then}" % {"now": found.waiting, "days": days, "then": found.waited}


def _last_of_page_before(request: HttpRequest) -> Any:
    """Return the event that `?before=` names by its key alone, as the links of earlier releases did; else None."""
    pk = parse_number(request.GET.get("before"))
    return Event.objects.filter(pk=pk).first() if pk is not None else None


def _matching_events(request: HttpRequest) -> tuple[LogForm, Any]:
    """Return the search form, and the events that it finds; no events if the form has an error."""
    form = LogForm(request.GET)
    events = Event.objects.for_log(request.user)
    if not form.is_valid():
        return form, events.none()
    data = form.cleaned_data
    return form, events.matching(
        person=data["person"],
        action=data["action"],
        article=article_named(data["article"]) if data["article"] else "",
        since=_midnight(data["first"]),
        until=_midnight(data["last"], days=1),
        text=data["text"],
    )


def _midnight(day: Any, *, days: int = 0) -> datetime | None:
    """Return the start of a day in the site's time zone, `days` later; None without a day."""
    return timezone.make_aware(datetime.combine(day, time.min) + timedelta(days=days)) if day else None


FIELDS = "id at who action article version detail reason public_reason door address".split()


def _record(event: Any) -> dict[str, object]:
    """Return an event as exports have it, with times in UTC."""
    return {
        "id": event.pk,
        "at": event.at.isoformat(),
        "who": event.who,
        "action": event.action,
        "article": event.article.slug if event.article else None,
        "version": event.revision.number if event.revision else None,
        "detail": event.detail,
        "reason": event.reason,
        "public_reason": event.public_reason,
        "door": event.door,
        "address": event.address,
    }


def _csv_lines(events: Iterable[Any]) -> Iterator[str]:
    return csv_lines(FIELDS, (_record(event).values() for event in events))


def _json_lines(events: Iterable[Any]) -> Iterator[str]:
    for event in events:
        yield json.dumps(_record(event), ensure_ascii=False) + "\n"


def _export(request: HttpRequest, content_type: str, name: str, lines: Any) -> HttpResponseBase:
    """Return all events that the search finds; the form with its faults and status 400 if it has any."""
    form, events = _matching_events(request)
    if {"before", "after"} & request.GET.keys():
        form.add_error(None, _("An export has all pages: leave out “before” and “after”."))
    if not form.is_valid():
        return render(request, "moderation/log.html", {"form": form}, status=400)
    return _download(lines(events.iterator(chunk_size=1000)), content_type, name)


def _download(lines: Iterable[str], content_type: str, name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(lines, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
