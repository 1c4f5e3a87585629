"""Pages of hidings, for administrators: the list, and hiding parts of a revision."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.models import Hiding, Revision

from .forms import HidingForm

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
    """Hide parts of a revision; the form says what else happens."""
    _require_administrator(request)
    revisions = Revision.objects.visible_to(request.user).select_related("article")
    revision = get_object_or_404(revisions, pk=pk)
    form = HidingForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            workflow.hide(revision, by=permissions.signed_in(request), **form.cleaned_data)
            messages.success(
                request, _("The parts are hidden. Check whether other versions contain them, too.")
            )
            return redirect("history", revision.article.slug)
        except (workflow.WorkflowError, ValidationError) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
    context = {
        "form": form,
        "revision": revision,
        "article": revision.article,
        "is_live": revision.article.published_revision_id == revision.pk,
    }
    return render(request, "moderation/hide.html", context)


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
