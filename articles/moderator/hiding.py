"""Pages of hidings, for administrators: the list, and hiding parts of a revision."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.parameters import error_text
from articles.models import Hiding, Review, Revision

from .forms import HidingForm, PassageForm

IN_FORCE_FIRST = (paging.Key("in_force_until", paging.instant), paging.Key("pk"))


@require_safe
@login_required
def hiding_list(request: HttpRequest) -> HttpResponse:
    """List what is hidden now, then what was hidden before."""
    _require_administrator(request)
    rows = Hiding.objects.for_list()
    context = {"page": paging.page(rows, IN_FORCE_FIRST, request), "count": rows.count()}
    return render(request, "moderation/hidings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide parts of a revision and of others of its article; `?passage=` lists those that contain it."""
    _require_administrator(request)
    by = permissions.signed_in(request)
    revisions = Revision.objects.visible_to(by).select_related("article__published_revision")
    revision = get_object_or_404(revisions, pk=pk)
    search = PassageForm(request.GET)
    passage = search.cleaned_data["passage"] if search.is_valid() else ""
    found = workflow.revisions_with(passage, article=revision.article, seen_by=by) if passage else [revision]
    form = HidingForm(request.POST or None)
    if form.is_bound and form.is_valid():
        keys = form.cleaned_data["revision"] or [revision.pk]
        chosen = list(
            revisions.filter(article=revision.article, pk__in=keys[: workflow.MOST_HIDDEN_AT_ONCE + 1])
        )
        try:
            hidden = workflow.hide_many(
                chosen, by=by, parts=form.cleaned_data["parts"], reason=form.cleaned_data["reason"]
            )
        except (workflow.WorkflowError, ValidationError) as error:
            form.add_error(None, error_text(error))
        else:
            messages.success(request, _told(len(hidden), passage=passage))
            return redirect("history", revision.article.slug)
    waiting = Review.objects.waiting_in(revision.article_id).values_list("revision", flat=True)
    context = {
        "form": form,
        "search": search,
        "passage": passage,
        "revision": revision,
        "article": revision.article,
        "found": found,
        "chosen": form.cleaned_data.get("revision", []) if form.is_bound else [each.pk for each in found],
        "live": revision.article.published_revision_id,
        "waiting": set(waiting),
        "is_live": revision.article.published_revision_id in {each.pk for each in found},
    }
    return render(request, "moderation/hide.html", context, status=400 if form.errors else 200)


def _told(number: int, *, passage: str) -> str:
    """Return what was hidden, as a sentence, and without a passage what is still to be checked."""
    told = ngettext(
        "The parts of %(n)d version are hidden.", "The parts of %(n)d versions are hidden.", number
    )
    if not passage:
        told += " " + _("Check whether other versions contain them, too.")
    return told % {"n": number}


@require_POST
@login_required
def unhide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show hidden parts again."""
    _require_administrator(request)
    hiding = get_object_or_404(Hiding.objects.select_related("revision"), pk=pk)
    try:
        workflow.unhide(hiding, by=permissions.signed_in(request), reason=request.POST.get("reason", ""))
        messages.success(request, _("The parts are shown again."))
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
    return redirect("hidings")


def _require_administrator(request: HttpRequest) -> None:
    if not permissions.can_hide(request.user):
        raise PermissionDenied(_("Only administrators may hide, and see what is hidden."))
