"""The page that schedules a version: date and time as the person's clock shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles import permissions, workflow
from articles.http.parameters import parse_number
from articles.models import Revision, Schedule
from articles.people.zones import DoubleTime, UnclearTime, is_zone, moment_of, offset_of, zone_names
from articles.templatetags.zones import in_zone

from .operations import find_article

ZONE_COOKIE = "zone"
SECONDS_KEPT = 365 * 24 * 60 * 60
_FIELDS = {"starts_at": "start_date", "ends_at": "end_date"}  # of an error of the operation


class ScheduleForm(forms.Form):
    """From when to when, on a clock of a zone. A time that such a clock shows twice, or not at all, is asked about.

    `unclear` has the moments to choose from and their labels, by "start" and "end".
    """

    start_date = forms.DateField(label=gettext_lazy("goes live on"), required=False)
    start_time = forms.TimeField(label=gettext_lazy("at"), required=False)
    end_date = forms.DateField(label=gettext_lazy("goes offline on"), required=False)
    end_time = forms.TimeField(label=gettext_lazy("at"), required=False)
    zone = forms.ChoiceField(label=gettext_lazy("on a clock in"))
    start_choice = forms.CharField(required=False)
    end_choice = forms.CharField(required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=workflow.MAX_REASON,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I have seen it, and it is to go live all the same"), required=False
    )
    seen = forms.CharField(required=False)

    def __init__(self, *args: Any, is_live: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_live = is_live
        self.unclear: dict[str, list[tuple[str, str]]] = {}
        self.moments: dict[str, datetime | None] = {"start": None, "end": None}
        self.fields["zone"].choices = [(name, name.replace("_", " ")) for name in zone_names()]  # type: ignore[attr-defined]
        for name, kind in (("date", "date"), ("time", "time")):
            for which in ("start", "end"):
                self.fields[f"{which}_{name}"].widget = _Input(kind)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        for which in ("end",) if self.is_live else ("start", "end"):
            date, time = data.get(f"{which}_date"), data.get(f"{which}_time")
            if date and time and data.get("zone"):
                local = datetime.combine(date, time).replace(second=0, microsecond=0)
                self.moments[which] = self._moment(which, local, data["zone"])
            elif date and not self.errors.get(f"{which}_time"):
                self.add_error(f"{which}_date", _("Say at which time."))
            elif time and not self.errors.get(f"{which}_date"):
                self.add_error(f"{which}_date", _("Say on which day."))
        return data

    def _moment(self, which: str, local: datetime, zone: str) -> datetime | None:
        """Return the moment that a clock means; without one, ask for one of two."""
        try:
            return moment_of(local, zone)
        except OverflowError:
            self.add_error(f"{which}_date", _("Choose a day in the years from 2 to 9998."))
            return None
        except UnclearTime as unclear:
            chosen = self.cleaned_data.get(f"{which}_choice")
            for moment in unclear.choices:
                if moment.isoformat() == chosen:
                    return moment
            self.unclear[which] = [(moment.isoformat(), _label(moment, zone)) for moment in unclear.choices]
            facts = {"time": time_format(local.time()), "day": date_format(local), "zone": zone}
            if isinstance(unclear, DoubleTime):
                words = _("Clocks in %(zone)s show %(time)s twice on %(day)s. Choose which.")
            else:
                words = _("Clocks in %(zone)s are put forward over %(time)s on %(day)s. Choose one of these.")
            self.add_error(f"{which}_date", words % facts)
            return None


class _Input(forms.TextInput):
    """A field in which browsers offer a calendar or a clock; its value is written as they send it."""

    def __init__(self, input_type: str) -> None:
        super().__init__()
        self.input_type = input_type

    def format_value(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else value.isoformat()


def _label(moment: datetime, zone: str) -> str:
    shown = time_format(moment.astimezone(ZoneInfo(zone)).time())
    return _("%(time)s (%(offset)s)") % {"time": shown, "offset": offset_of(moment, zone)}


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask from when to when readers see a version, the newest unless `version` names another, and schedule it."""
    article = find_article(request, str(pk))
    if not permissions.can_schedule(request.user):
        raise PermissionDenied
    number = parse_number(request.POST.get("version") or request.GET.get("version"))
    revisions = Revision.objects.visible_to(request.user).with_text().filter(article=article)
    chosen = revisions.filter(number=number) if number else revisions.order_by("-number")[:1]
    revision = get_object_or_404(chosen)
    if article.latest_revision is None:
        raise Http404
    standing = Schedule.objects.newest_of(article.pk)
    is_live = article.published_revision_id == revision.pk
    decided = workflow.decides_on(revision, by=permissions.signed_in(request))
    returns = workflow.gather_returns(revision.content, article) if decided else []
    form = ScheduleForm(request.POST or None, initial=_initial(request), is_live=is_live)
    seen = workflow.Seen.read(request.POST.get("seen", ""))
    if form.is_bound and decided and seen is None:
        form.add_error(None, _("It waits for a moderator: to schedule it approves it."))
    elif form.is_bound and form.is_valid():
        try:
            made = workflow.schedule(
                revision,
                by=permissions.signed_in(request),
                starts_at=form.moments["start"],
                ends_at=form.moments["end"],
                zone=form.cleaned_data["zone"],
                reason=form.cleaned_data["reason"],
                seen=seen,
                sure=form.cleaned_data["sure"],
            )
        except ValidationError as error:
            for field, said in error.message_dict.items():
                name = "end_date" if is_live and field == "starts_at" else _FIELDS.get(field)
                form.add_error(name, said)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _said(made))
            response = redirect("admin:articles_article_change", pk)
            response.set_cookie(ZONE_COOKIE, made.zone, max_age=SECONDS_KEPT, samesite="Lax")
            return response
    context = {
        **admin.site.each_context(request),
        "title": _("Schedule"),
        "article": article,
        "revision": revision,
        "is_newest": revision.pk == article.latest_revision_id,
        "is_live": is_live,
        "decides": decided,
        "seen": workflow.see(decided) if decided else "",
        "returns": returns,
        "replaced": standing if standing and standing.is_open else None,
        "form": form,
        "is_guess": ZONE_COOKIE not in request.COOKIES and not form.is_bound,
    }
    status = 400 if form.errors else 200
    return render(request, "admin/articles/article/schedule.html", context, status=status)


def _initial(request: HttpRequest) -> dict[str, str]:
    """Return the zone to begin with: the one that the person chose last in this browser, else the site's."""
    for zone in (request.COOKIES.get(ZONE_COOKIE, ""), settings.TIME_ZONE):
        if is_zone(zone):
            return {"zone": zone}
    return {"zone": "UTC"}


def _said(made: Schedule) -> str:
    """Return what was scheduled, with the zone and its offset."""
    moments = (
        (made.starts_at, _("Version %(number)d goes live on %(when)s.")),
        (made.ends_at, _("Version %(number)d goes offline on %(when)s.")),
    )
    return " ".join(
        words % {"number": made.revision.number, "when": in_zone(moment, made.zone)}
        for moment, words in moments
        if moment
    )
