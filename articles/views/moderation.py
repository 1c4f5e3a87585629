"""The moderators' queue and the page on which one revision is decided."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from articles import permissions, workflow
from articles.forms import DecisionForm
from articles.models import Review
from articles.text.comparison import compare_contents

PER_PAGE = 30


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    _require_moderator(request)
    page = Paginator(Review.objects.for_queue(), PER_PAGE).get_page(request.GET.get("page"))
    decided = Review.objects.recently_decided()[:10]
    return render(request, "moderation/queue.html", {"page": page, "decided": decided})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One submitted revision: what it changes in what readers see, what it brings in, and the decision."""
    _require_moderator(request)
    found = get_object_or_404(Review.objects.for_decision(), pk=pk)
    form = DecisionForm(request.POST or None)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            return _decide(request, found, form.cleaned_data["decision"], form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        except workflow.AlreadyDecided as error:
            form.add_error(None, str(error))
            found, status = get_object_or_404(Review.objects.for_decision(), pk=pk), 409
    revision, live = found.revision, found.revision.article.published_revision
    before = live if found.state == Review.State.PENDING else found.compared_with
    context = {
        "review": found,
        "revision": revision,
        "article": revision.article,
        "live": live,
        "before": before,
        "stale": live is not None and live.number > revision.number,
        "newer": Review.objects.newer_than(found).first(),
        "rendering": revision.renderings.latest(),
        "comparison": compare_contents(before.content if before else None, revision.content),
        "last_unpublished": revision.article.last_unpublished,
        "may_decide": permissions.can_review(request.user, found),
        "form": form,
    }
    return render(request, "moderation/review.html", context, status=status)


def _require_moderator(request: HttpRequest) -> None:
    if not permissions.can_moderate(request.user):
        raise PermissionDenied(_("Only moderators may see the queue."))


def _decide(request: HttpRequest, found: Review, decision: str, reason: str) -> HttpResponse:
    by = permissions.signed_in(request)
    title, number = found.revision.title, found.revision.number
    if decision == "approve":
        published = workflow.approve(found, by=by, reason=reason)
        text = (
            _("“%(title)s”, version %(number)d, is approved and published.")
            if published
            else _("“%(title)s”, version %(number)d, is approved. A newer version is live and stays.")
        )
    elif decision == "request changes":
        workflow.request_changes(found, by=by, reason=reason)
        text = _("The author of “%(title)s”, version %(number)d, is asked for changes.")
    else:
        workflow.reject(found, by=by, reason=reason)
        text = _("“%(title)s”, version %(number)d, is rejected.")
    messages.success(request, text % {"title": title, "number": number})
    left = Review.objects.pending().count()
    messages.info(
        request,
        ngettext("%(left)d revision is waiting.", "%(left)d revisions are waiting.", left) % {"left": left},
    )
    return redirect("queue")
