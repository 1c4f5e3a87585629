"""Notes among moderators about a review: on its page, and on a page of their own that keeps refused words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import permissions, workflow
from articles.http.parts import part
from articles.models import Review, ReviewNote

from .common import for_moderators, url_of
from .filters import QueueFilter
from .forms import NoteForm

MOST_NOTES = 20  # in a part


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def review_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the notes; POST adds one, and with `ask` asks for a second opinion. Answers 400 with refused words."""
    found = get_object_or_404(
        Review.objects.visible_to(request.user).select_related("revision__article"), pk=pk
    )
    by = permissions.signed_in(request)
    filters = QueueFilter(request.GET)
    form = NoteForm(request.POST or None)
    if form.is_bound and form.is_valid():
        asks = "ask" in request.POST
        act = workflow.ask_opinion if asks else workflow.note_review
        try:
            act(found, by=by, text=form.cleaned_data["text"])
        except ValidationError as error:
            form.add_error("text", error.messages)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("You asked for a second opinion.") if asks else _("Your note is kept.")
            )
            return redirect(f"{url_of(found, filters)}#notes")
    context = {"review": found, "filters": filters, "note": form, **notes_context(request, found)}
    return render(request, "moderation/notes.html", context, status=400 if form.errors else 200)


def notes_context(request: HttpRequest, review: Review) -> dict[str, Any]:
    """Return what `_notes.html` draws: a part of the notes that the person may read, the newest first."""
    notes = ReviewNote.objects.visible_to(request.user).filter(review=review)
    drawn = part(request, notes.count(), size=MOST_NOTES, name="notes")
    return {
        "notes": notes[drawn.first - 1 : drawn.last],
        "notes_part": drawn,
        "may_note": permissions.can_note_review(request.user, review),
    }
