"""Pages of authors: the list, and what is known of one, with what moderators impose and note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.parameters import error_text, parse_number
from articles.models import AuthorNote, Standing, Sweep
from articles.moderation.records import (
    live_by,
    name_of_deleted,
    people_who_write,
    waiting_by,
    with_counts,
)

from .common import for_moderators
from .filters import WORST_FIRST
from .people_forms import NoteForm, PeopleFilter, PeriodForm, StandingForm

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NEWEST_LIVE_FIRST = (paging.Key("published_revision_id"),)
PER_PAGE = 30
SHOWN = 10  # of the texts that wait, and of those that are live
MOST_ROWS = 30  # of notes, standings and sweeps
IMPOSE = {"held": workflow.hold, "muted": workflow.mute, "suspended": workflow.suspend}


def _name(text: str) -> str:
    """Parse the name of an account in an address. Raises `ValueError` for what no database takes."""
    if "\0" in text:
        raise ValueError(text)
    return text


BY_NAME = (paging.Key("username", _name, is_descending=False),)


@require_safe
@for_moderators
def people_list(request: HttpRequest) -> HttpResponse:
    """List the people who write, by name."""
    form = PeopleFilter(request.GET)
    form.is_valid()
    words, standing = form.cleaned_data.get("q", ""), form.cleaned_data.get("standing", "")
    people = people_who_write(words=words, standing=standing)
    page = paging.page(people, BY_NAME, request, per_page=PER_PAGE)
    with_counts(page.rows)
    context = {"form": form, "page": page, "is_filtered": bool(words or standing)}
    return render(request, "moderation/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is known of an account; POST imposes something, ends it, or adds a note."""
    account = get_user_model().objects.filter(pk=pk).first()
    if account is None:
        return _deleted(request, pk)
    standing_form = StandingForm(may_suspend=permissions.can_suspend(request.user, account))
    note_form = NoteForm()
    status = 200
    if request.method == "POST":
        status = 400
        try:
            if "impose" in request.POST:
                may_suspend = permissions.can_suspend(request.user, account)
                standing_form = StandingForm(request.POST, may_suspend=may_suspend)
                done = _impose(request, account, standing_form)
            elif "end" in request.POST:
                done = _end(request, account)
            else:
                note_form = NoteForm(request.POST)
                done = _note(request, account, note_form)
            if done:
                return redirect("person", account.pk)
        except (ValidationError, workflow.WorkflowError) as error:
            messages.error(request, error_text(error))
            status = 409 if isinstance(error, workflow.WorkflowError) else 400
    context = _context(request, account) | {"standing_form": standing_form, "note_form": note_form}
    return render(request, "moderation/person.html", context, status=status)


def _context(request: HttpRequest, account: User) -> dict[str, Any]:
    by = permissions.signed_in(request)
    record = workflow.gather_record(account, seen_by=by)
    shown = request.GET.get("show")
    today = timezone.localdate()
    waiting, live = waiting_by(account, seen_by=by), live_by(account, seen_by=by)
    context: dict[str, Any] = {
        "account": account,
        "name": account.get_username(),
        "record": record,
        "is_trusted": permissions.is_trusted(record.trust),
        "may_publish": permissions.can_publish(account) and not permissions.is_held(account),
        "may_hold": permissions.can_hold(by, account),
        "may_suspend": permissions.can_suspend(by, account),
        "may_sweep": permissions.can_sweep(by, account),
        "is_own": account.pk == by.pk,
        "period_form": PeriodForm(initial={"first": today, "last": today, "what": Sweep.Kind.values}),
        **_rows_about(request, account.pk),
    }
    if shown == "waiting":
        page = paging.page(waiting, WORST_FIRST, request, per_page=PER_PAGE, separator="-")
        return context | {"shown": shown, "page": page, "waiting": page.rows, "live": ()}
    if shown == "live":
        page = paging.page(live, NEWEST_LIVE_FIRST, request, per_page=PER_PAGE)
        return context | {"shown": shown, "page": page, "waiting": (), "live": page.rows}
    return context | {"waiting": waiting[:SHOWN], "live": live[:SHOWN]}


def _rows_about(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what moderators imposed on, took back of and noted about an account, even one that is gone."""
    standings = list(Standing.objects.filter(account=pk)[:MOST_ROWS])
    return {
        "in_force": [standing for standing in standings if standing.is_in_force],
        "over": [standing for standing in standings if not standing.is_in_force],
        "sweeps": Sweep.objects.filter(account=pk)[:MOST_ROWS],
        "notes": AuthorNote.objects.visible_to(request.user).filter(account=pk)[:MOST_ROWS],
    }


def _deleted(request: HttpRequest, pk: int) -> HttpResponse:
    name = name_of_deleted(pk)
    if not name:
        raise Http404
    if request.method == "POST":
        raise PermissionDenied(_("This account was deleted."))
    context = {"name": name, "account": None, **_rows_about(request, pk)}
    return render(request, "moderation/person.html", context)


def _impose(request: HttpRequest, account: User, form: StandingForm) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    by = permissions.signed_in(request)
    try:
        IMPOSE[data["kind"]](account, by=by, reason=data["reason"], until=data["until"])
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    messages.success(request, _("Done. The person reads the reason where it stops them."))
    return True


def _end(request: HttpRequest, account: User) -> bool:
    rows = Standing.objects.filter(account=account)
    standing = get_object_or_404(rows, pk=parse_number(request.POST.get("end")))
    reason = request.POST.get("end_reason", "")
    workflow.end_standing(standing, by=permissions.signed_in(request), reason=reason)
    messages.success(request, _("It is ended."))
    return True


def _note(request: HttpRequest, account: User, form: NoteForm) -> bool:
    if not form.is_valid():
        return False
    workflow.note_author(account, by=permissions.signed_in(request), text=form.cleaned_data["text"])
    messages.success(request, _("The note is added."))
    return True
