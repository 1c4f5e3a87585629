"""The history page: the revisions of an article, newest first, with links to comparisons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles import permissions
from articles.http import paging
from articles.http.parameters import parse_number
from articles.models import Article, Review, Revision
from articles.moderation.reviews import with_state

from .finding import follows_moves

Link = tuple[str, str]  # URL and text


class Row(NamedTuple):
    """One history row, formatted in Python because the template took twice as long."""

    revision: Revision
    number: str
    url: str  # "" if the text is hidden
    written_at: str  # ISO 8601
    written: str
    flagged: str
    newly_flagged: str
    state: str  # "" if it is live
    links: Sequence[Link]


@require_safe
@follows_moves
def revision_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List an article's revisions; with `?old=` and `?new=`, redirect to their comparison."""
    article = get_object_or_404(Article.objects.visible_to(request.user).with_live_number(), slug=slug)
    if {"old", "new"} <= request.GET.keys():
        return _redirect_to_comparison(slug, request.GET["old"], request.GET["new"])
    revisions = Revision.objects.listed_for(request.user).filter(article=article)
    page = paging.page(with_state(revisions.for_history(), revision="pk"), (paging.Key("number"),), request)
    chosen = parse_number(request.GET.get("old", ""))
    context = {
        "article": article,
        "page": page,
        "rows": list(_rows(request, article, page, chosen)),
        "chosen": chosen,
        "sees_reasons": permissions.can_see_drafts(request.user),
    }
    return render(request, "articles/history.html", context)


def _rows(request: HttpRequest, article: Any, page: paging.Page, chosen: int | None) -> Iterator[Row]:
    links_of = _links(request, article, chosen)
    new, published = _("(%(n)d new)"), _("was published")
    address = article.get_absolute_url()
    states = {value: str(label) for value, label in Review.State.choices} | {None: _("draft")}
    for revision, before in zip(page.rows, _predecessors(request, article, page), strict=True):
        is_live = revision.pk == article.published_revision_id
        written_at = localtime(revision.created_at)
        yield Row(
            revision=revision,
            number=str(revision.number),
            url="" if _is_hidden(revision) else f"{address}revisions/{revision.number}/",
            written_at=written_at.isoformat(timespec="seconds"),
            written=date_format(written_at, "DATETIME_FORMAT"),
            flagged=_flagged(revision.flagged) if revision.flagged else "",
            newly_flagged=new % {"n": revision.newly_flagged} if revision.newly_flagged else "",
            state="" if is_live else published if revision.was_published else states[revision.review_state],
            links=list(links_of(revision, before)),
        )


def _flagged(n: int) -> str:
    return ngettext("%(n)d flagged", "%(n)d flagged", n) % {"n": n}


def _links(
    request: HttpRequest, article: Any, chosen: int | None
) -> Callable[[Revision, int | None], Iterator[Link]]:
    """Return a function that yields the links of a revision, given the number of the revision before.

    Translate once a page, and build URLs from strings: `reverse` would take a fifth of the page's time.
    """
    address, queue = article.get_absolute_url(), reverse("queue")
    may_hide = permissions.can_hide(request.user)
    with_chosen, with_before = _("with version %(number)s") % {"number": chosen}, _("with the one before")
    with_live, with_another, hide = _("with the live one"), _("with another"), _("hide")

    def links_of(revision: Revision, before: int | None) -> Iterator[Link]:
        number = revision.number
        others = [(chosen, with_chosen)] if chosen else [(before, with_before), (article.live, with_live)]
        if not _is_hidden(revision):
            for other, words in others:
                if other and other != number:
                    yield f"{address}compare/{min(other, number)}..{max(other, number)}/", words
            if not chosen:
                yield f"?old={number}", with_another
        if may_hide:
            yield f"{queue}hide/{revision.pk}/", hide

    return links_of


def _is_hidden(revision: Revision) -> bool:
    return "text" in revision.withheld


def _predecessors(request: HttpRequest, article: Article, page: paging.Page) -> list[int | None]:
    """Return, for each row, the number of the newest older revision that the person may read; None if there is none.

    Takes a query only if the row after the page is hidden.
    """
    readable = [row.number for row in (*page.rows, *page.following) if not _is_hidden(row)]
    if page.after and readable[-1:] != [row.number for row in page.following]:
        older = Revision.objects.visible_to(request.user).filter(article=article)
        readable.append(older.number_before(page.rows[-1].number) or 0)
    return [next((n for n in readable if n < row.number), None) or None for row in page.rows]


def _redirect_to_comparison(slug: str, first: str, second: str) -> HttpResponse:
    """Redirect to the comparison of two revisions, the older one first; 404 unless both are positive numbers."""
    numbers = sorted((parse_number(first) or 0, parse_number(second) or 0))
    if not all(numbers):
        raise Http404
    return redirect("compare", slug, *numbers)
