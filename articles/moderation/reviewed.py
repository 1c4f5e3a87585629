"""Who reviewed what: for each version that went live, who looked at it before readers did, and when.

It stands in `LiveChange`, written with the decision. A look afterwards is no review, and neither is an approval by the
author or a moderator's own correction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.utils.translation import gettext

from articles import permissions
from articles.revisions.hidings import Hiding
from articles.revisions.live_changes import LiveChange
from articles.revisions.revisions import Revision
from articles.revisions.withholding import newest

from .reviews import Review


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How a version went live last, and who reviewed it before.

    `name` is the reviewer's; empty without a review, if the site names no reviewers, and if the name is hidden.
    """

    how: LiveChange.How
    at: datetime | None  # the decision; None without a review
    name: str
    is_taken_back: bool  # the approval, since

    @property
    def is_review(self) -> bool:
        """Whether somebody else reviewed it, and has not taken that back."""
        return self.how == LiveChange.How.REVIEW and not self.is_taken_back


def reviews_of(revisions: Iterable[Revision]) -> dict[int, Reviewed]:
    """Return how these revisions went live, by their keys; without those that never did. One query, if any did.

    Load the publications. Names are withheld as they are from the rows that are given.
    """
    by_key = {revision.pk: revision for revision in revisions if revision.was_published}
    if not by_key:
        return {}
    last = newest(LiveChange.objects.all(), F("pk"), revision="pk")
    newest_of_each = Revision.objects.order_by().filter(pk__in=by_key).values_list(last)
    changes = _with_taken_back(LiveChange.objects.filter(pk__in=newest_of_each).order_by())
    return {change.revision_id: _reviewed(change, by_key[change.revision_id]) for change in changes}


def review_of(revision: Revision) -> Reviewed | None:
    """Return how a revision went live; None, without a query, if it never did. Load the publication."""
    return reviews_of([revision]).get(revision.pk)


def _reviewed(change: Any, revision: Revision) -> Reviewed:
    is_review = change.how == LiveChange.How.REVIEW
    is_named = is_review and settings.NAME_REVIEWERS and change.seen_by_name not in revision.names_withheld
    return Reviewed(
        how=LiveChange.How(change.how),
        at=change.seen_at if is_review else None,
        name=change.seen_by_name if is_named else "",
        is_taken_back=change.is_taken_back,
    )


def _with_taken_back(changes: QuerySet[LiveChange, Any]) -> QuerySet[Any, Any]:
    """Annotate `is_taken_back`: whether the approval by which a change went live was taken back since."""
    of_change = Review.objects.filter(
        revision=OuterRef("revision"),
        submitted_at__lte=OuterRef("seen_at"),
        taken_back_at__gte=OuterRef("at"),
    )
    return changes.annotate(is_taken_back=Exists(of_change))


REPORTED = (
    *(
        "live_at",
        "article",
        "version",
        "sha256",
        "author",
        "how",
        "published_by",
        "reviewed_by",
        "reviewed_at",
    ),
    *("taken_back", "looked_at_by", "looked_at", "software_share"),
)


def report_reviews(
    *, since: datetime | None = None, until: datetime | None = None, seen_by: permissions.Person | None
) -> Iterator[tuple[object, ...]]:
    """Yield a line of `REPORTED` for each time that a version went live, the oldest first, with times in UTC.

    `since` is included, `until` is not. Reviewers are named whatever the site's pages do; names that are hidden from
    the person are withheld, all hidden ones if `seen_by` is None. One query, with 1,000 rows in memory at a time.
    """
    changes = LiveChange.objects.select_related("article", "revision").order_by("at", "pk")
    if since:
        changes = changes.filter(at__gte=since)
    if until:
        changes = changes.filter(at__lt=until)
    hidings = Hiding.objects.active().filter(author=True, revision=OuterRef("revision"))
    sees_all = seen_by is not None and permissions.can_hide(seen_by)
    is_nameless = Value(value=False) if sees_all else Exists(hidings)
    rows = _with_taken_back(changes).annotate(is_nameless=is_nameless)
    yield from map(_line, rows.iterator(chunk_size=1000))


def _line(change: Any) -> tuple[object, ...]:
    revision = change.revision
    is_review = change.how == LiveChange.How.REVIEW
    look = (_shown(change.seen_by_name, change), _time(change.seen_at))
    return (
        _time(change.at),
        change.article.slug,
        revision.number,
        revision.sha256,
        _shown(revision.author_name, change),
        change.how,
        _shown(change.by_name, change),
        *(look if is_review else ("", "")),
        "yes" if change.is_taken_back else "",
        *(("", "") if is_review else look),
        revision.software_share,
    )


def _shown(name: str, change: Any) -> str:
    """Return a name, unless it is the author's and hidden."""
    is_authors = name in (change.revision.author_name, change.revision.claimed_author)
    return gettext("(name hidden)") if change.is_nameless and is_authors and name else name


def _time(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
