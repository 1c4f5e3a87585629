"""The history page: the revisions of an article, newest first, with links to comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles import permissions
from articles.http import paging
from articles.http.parameters import error_text, parse_number
from articles.models import Article, Remark, Revision, Watch
from articles.moderation.reviewed import reviews_of
from articles.moderation.reviews import with_review_state
from articles.revisions.histories import author_names, for_history, named_for
from articles.revisions.timelines import Span, timeline

from .answering import revalidated, unlisted
from .days import choose, days
from .finding import follows_moves
from .jumping import find_number
from .keeping import kept
from .ribbon import draw_ribbon
from .rows import history_of

NEWEST_FIRST = (paging.Key("number"),)
MOST_NAMES = 100  # to filter by


@require_safe
@unlisted
@revalidated
@follows_moves
@kept(history_of)
def revision_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List an article's revisions. `?author=` filters them; with `?old=` and `?new=`, redirect to their comparison.

    `?at=` redirects to the page with a number or a date. Answers 400 with the list if there is none.
    """
    user = request.user
    articles = Article.objects.visible_to(user).with_current_for(user)
    article: Any = get_object_or_404(articles, slug=slug)
    if {"old", "new"} <= request.GET.keys():
        return _redirect_to_comparison(slug, request.GET["old"], request.GET["new"])
    listed = Revision.objects.listed_for(user).filter(article=article)
    author = request.GET.get("author", "").strip()
    shown = named_for(listed, user).filter(author_name=author) if author else listed
    at, errors = request.GET.get("at", "").strip(), {}
    if at:
        try:
            return _redirect_to(request, find_number(shown, at))
        except ValidationError as error:
            errors["at"] = error_text(error)
    page = _page(request, shown)
    if author and not page.rows:
        errors = {"author": _("No version here is by somebody of that name.")}
        page = _page(request, listed)
    spans, names = timeline(listed), author_names(named_for(listed, user), most=MOST_NAMES + 1)
    if not (page.rows and spans):
        raise Http404  # unpublished since the article was read
    asked = parse_number(request.GET.get("old", ""))
    choice = choose(page.rows, asked)
    drawn = {row.number: row for row in page.rows}
    context = {
        "article": article,
        "title": article.current_title or page.rows[0].title,
        "overview": _overview(spans, names),
        "ribbon": draw_ribbon(spans, old=drawn.get(choice.old), new=drawn.get(choice.new)),
        "page": page,
        "days": list(days(page.rows, article, choice, user=user, reviews=reviews_of(page.rows))),
        "asked": asked,
        "is_elsewhere": asked is not None and asked not in drawn,
        "can_compare": choice.old is not None and choice.new is not None,
        "names": sorted({*names[:MOST_NAMES], author} - {"", errors.get("author") and author}),
        "author": author,
        "at": at,
        "errors": errors,
        "sees_reasons": permissions.can_see_drafts(user),
        "may_edit": permissions.can_edit(user),
        "open_remarks": _open_remarks(article, user),
        "may_watch": permissions.can_watch(user),
        "watching": permissions.can_watch(user) and Watch.objects.is_on(article.pk, by=user),
    }
    return render(request, "articles/history.html", context, status=400 if errors else 200)


def _open_remarks(article: Article, user: permissions.Person) -> int:
    """Return how many remarks wait to be settled. One query, none for who does not see drafts."""
    if not permissions.can_see_drafts(user):
        return 0
    return Remark.objects.open().filter(article=article).count()


def _page(request: HttpRequest, revisions: QuerySet[Any]) -> paging.Page:
    rows = for_history(revisions, request.user)
    return paging.page(with_review_state(rows, revision="pk"), NEWEST_FIRST, request)


def _overview(spans: Sequence[Span], names: Sequence[str]) -> str:
    """Return how many versions there are, by how many people, and from when to when."""
    number, people = sum(span.revisions for span in spans), len(names)
    versions = ngettext("%(n)d version", "%(n)d versions", number) % {"n": number}
    if people > MOST_NAMES:
        by = _("more than %(n)d people") % {"n": MOST_NAMES}
    else:
        by = ngettext("%(n)d person", "%(n)d people", people) % {"n": people}
    first, last = (
        date_format(localtime(moment))
        for moment in (min(span.first for span in spans), max(span.last for span in spans))
    )
    if first == last:
        return _("%(versions)s by %(people)s, of %(date)s.") % {
            "versions": versions,
            "people": by,
            "date": first,
        }
    words = _("%(versions)s by %(people)s, from %(first)s to %(last)s.")
    return words % {"versions": versions, "people": by, "first": first, "last": last}


def _redirect_to(request: HttpRequest, number: int) -> HttpResponse:
    """Redirect to the page that begins with a revision, with the filter and the chosen version kept."""
    query = request.GET.copy()
    for name in ("at", "before"):
        query.pop(name, None)
    if not query.get("author"):
        query.pop("author", None)
    query["after"] = str(number + 1)
    return redirect(f"{request.path}?{query.urlencode()}#v{number}")


def _redirect_to_comparison(slug: str, first: str, second: str) -> HttpResponse:
    """Redirect to the comparison of two revisions, the older one first; 404 unless both are positive numbers."""
    numbers = sorted((parse_number(first) or 0, parse_number(second) or 0))
    if not all(numbers):
        raise Http404
    return redirect("compare", slug, *numbers)
