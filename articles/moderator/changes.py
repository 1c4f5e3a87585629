"""Pages of what went live: the list with its marks, and the articles that a moderator watches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.parameters import parse_number
from articles.models import Article, LiveChange, Review, Watch
from articles.moderation.watches import watched_by
from articles.revisions.live_changes import LiveChangeQuerySet

from .change_filter import ChangeFilter
from .common import MOST_COUNTED, for_moderators

PER_PAGE = 20
MOST_ARTICLES = 200  # watched ones that a page lists by name
LATEST_FIRST = (paging.Key("at", paging.instant), paging.Key("pk"))  # as `LiveChangeQuerySet.for_list`


@require_safe
@for_moderators
def change_list(request: HttpRequest) -> HttpResponse:
    """List what went live, the newest first, with who has looked at it."""
    filters = ChangeFilter(request.GET)
    page = _page(request, filters.apply(LiveChange.objects.all(), request.user))
    context = {"page": page, "filters": filters, "unseen": counted(LiveChange.objects.unseen())}
    return render(request, "moderation/changes.html", context)


@require_safe
@for_moderators
def watched(request: HttpRequest) -> HttpResponse:
    """List what went live in the articles that the person watches, and those articles."""
    changes = watched_by(LiveChange.objects.all(), request.user)
    watches = Watch.objects.visible_to(request.user)
    articles = Article.objects.visible_to(request.user).with_current_for(request.user)
    context = {
        "page": _page(request, changes),
        "articles": articles.filter(pk__in=watches.values("article")).order_by("slug")[:MOST_ARTICLES],
        "number": watches.count(),
    }
    return render(request, "moderation/watched.html", context)


@require_POST
@for_moderators
def mark(request: HttpRequest) -> HttpResponse:
    """Mark changes as looked at: that of the pressed button, with earlier ones of its article, or those ticked."""
    by = permissions.signed_in(request)
    only, up_to = parse_number(request.POST.get("only")), parse_number(request.POST.get("up_to"))
    try:
        if up_to is not None:
            marked = workflow.mark_patrolled_up_to(get_object_or_404(LiveChange, pk=up_to), by=by)
        else:
            ticked = [only] if only is not None else map(parse_number, request.POST.getlist("change"))
            keys = [pk for pk in ticked if pk is not None][:PER_PAGE]
            marked = workflow.mark_patrolled(LiveChange.objects.filter(pk__in=keys), by=by)
    except PermissionDenied as error:
        messages.error(request, str(error))
        return _back(request)
    if marked:
        told = ngettext(
            "%(n)d change is marked as looked at.", "%(n)d changes are marked as looked at.", len(marked)
        )
        messages.success(request, told % {"n": len(marked)})
    else:
        messages.warning(request, _("Nothing new was marked. Tick what nobody has looked at yet."))
    return _back(request)


@require_POST
@for_moderators
def unmark(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the mark of a change."""
    change = get_object_or_404(LiveChange, pk=pk)
    try:
        workflow.unmark_patrolled(change, by=permissions.signed_in(request))
        messages.success(request, _("The mark is taken back. The change counts as not looked at."))
    except workflow.WorkflowError as error:
        messages.error(request, str(error))
    return _back(request)


@require_POST
@for_moderators
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Watch an article, or with `stop` in the form no longer, and go back to `next`."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    by = permissions.signed_in(request)
    if "stop" in request.POST:
        workflow.unwatch(article, by=by)
        messages.success(request, _("You watch this article no longer."))
    else:
        workflow.watch(article, by=by)
        messages.success(request, _("You watch this article. What goes live in it is on your list."))
    return _back(request)


def counted(changes: LiveChangeQuerySet) -> str:
    """Return the number of changes as text; with a plus sign if it is over `MOST_COUNTED`."""
    number = changes.counted(MOST_COUNTED)
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


def _back(request: HttpRequest) -> HttpResponse:
    """Redirect to the page of this site that the form came from, else to the list."""
    place = request.POST.get("next", "")
    is_path = (
        place.startswith("/") and place.isprintable()
    )  # anything else is the name of a view to `redirect`
    is_here = is_path and url_has_allowed_host_and_scheme(place, allowed_hosts=None)
    return redirect(place if is_here else "changes")


def _page(request: HttpRequest, changes: LiveChangeQuerySet) -> paging.Page:
    """Return a page of changes, each with `review`, the key of the version's last review, `watch`, and `unseen_since`.

    That is the number of the version before the first change of the article that nobody looked at, 0 without one, and
    None if no change before this one waits for a look.
    """
    reviews = Review.objects.filter(revision=OuterRef("revision")).order_by("-pk")
    earlier = LiveChange.objects.unseen().filter(article=OuterRef("article"), at__lt=OuterRef("at"))
    first = earlier.order_by("at", "pk").annotate(since=Coalesce(F("before__number"), 0))
    watches = Watch.objects.visible_to(request.user).filter(article=OuterRef("article"))
    rows: Any = changes.for_list(request.user).annotate(
        review=Subquery(reviews.values("pk")[:1]),
        unseen_since=Subquery(first.values("since")[:1]),
        watch=Subquery(watches.values("pk")[:1]),
    )
    return paging.page(rows, LATEST_FIRST, request, per_page=PER_PAGE)
