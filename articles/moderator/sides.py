"""Sides: what a version under review is compared with, and how the comparison is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.http.parts import query_with
from articles.models import Review, Revision

VIEWS = {
    "page": gettext_lazy("Marked page"),
    "side": gettext_lazy("Side by side"),
    "source": gettext_lazy("Source"),
}


@dataclass(frozen=True, slots=True)
class Sides:
    """The comparison of a review. `since` names what it starts from, `view` how it is drawn.

    `live` is the live version and `decided` the last decision on an earlier one, the person's own if there is any;
    `previous` is the version before.
    """

    live: Revision | None
    decided: Review | None
    previous: Revision | None
    before: Revision | None
    since: str
    view: str
    is_open: bool


def sides_of(request: HttpRequest, review: Review, last: Review | None) -> Sides:
    """Return what a review is compared with, and how.

    It is what readers have, or with `?since=` the last decision or the version before. `last` is the last decision on
    an earlier version. `?view=` chooses how the comparison is drawn.
    """
    revision = review.revision
    live = revision.article.published_revision
    decided = _own_if_any(last, request, review)
    previous = (
        Revision.objects.with_text()
        .visible_to(request.user)
        .filter(article=revision.article_id, number=revision.number - 1)
        .first()
    )
    is_open = review.state == Review.State.PENDING
    before, since = live if is_open else review.compared_with, "live"
    if (
        before == revision
    ):  # what is live itself, and waits because an allowance has ended, is shown as a whole
        before = None
    asked = request.GET.get("since")
    if asked == "decision" and decided:
        before, since = decided.revision, "decision"
    elif asked == "version" and previous:
        before, since = previous, "version"
    view = request.GET.get("view", "")
    return Sides(live, decided, previous, before, since, view if view in VIEWS else "page", is_open)


def links_of(request: HttpRequest, sides: Sides) -> dict[str, object]:
    """Return the links to other views and other comparisons: name, label, query. `other_since` is that of a key."""
    since = [("live", _("what is published"))]
    if sides.decided:
        is_own = sides.decided.decided_by_id == request.user.pk
        since.append(("decision", _("your last decision") if is_own else _("the last decision")))
    if sides.previous and sides.previous != sides.live:
        since.append(("version", _("the version before")))
    return {
        "view_links": [
            (name, label, query_with(request, "view", None if name == "page" else name))
            for name, label in VIEWS.items()
        ],
        "since_links": [
            (name, label, query_with(request, "since", None if name == "live" else name))
            for name, label in since
        ],
        "other_since": "live" if sides.since != "live" else since[1][0] if len(since) > 1 else "",
    }


def _own_if_any(last: Review | None, request: HttpRequest, review: Review) -> Review | None:
    """Return the person's own last decision on an earlier revision, else the last of anybody."""
    if last is None or last.decided_by_id == request.user.pk:
        return last
    earlier = Review.objects.decisions_before(review.revision).visible_to(request.user)
    return earlier.filter(decided_by=request.user.pk).first() or last
