"""States: what an article is called in lists, the editor, the history and programs. No other place decides it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.moderation.reviews import Review
from articles.revisions.articles import OPEN, Article
from articles.revisions.publications import Publication
from articles.revisions.schedules import Schedule
from articles.revisions.withholding import has_any


class State(models.TextChoices):
    """Where an article stands, by the next step that its newest version needs.

    Of a public article, readers see the live version, whatever the state says of a newer one.
    """

    DRAFT = "draft", _("draft")
    WAITING = "waiting", _("waiting")
    CHANGES_REQUESTED = "changes requested", _("changes requested")
    APPROVED = "approved", _("approved, not published")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    UNPUBLISHED = "unpublished", _("unpublished")
    ARCHIVED = "archived", _("archived")


def with_state(articles: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate articles with `state`, the value of a `State`.

    The first that holds counts: it is archived; a version waits, or is scheduled to go live; the newest version is
    live; the last decision on a version newer than all that were public turned it down, or approved it; it was public
    and is not; none of these. A draft that follows a version which a moderator returned changes nothing: the reason
    still waits for an answer.
    """
    # Of the newest version alone: a join for its number would keep PostgreSQL from walking the articles in order.
    was_public = Publication.objects.filter(revision=OuterRef("latest_revision"))
    stands = Case(
        When(state=Review.State.APPROVED, then=Value(State.APPROVED)), default=Value(State.CHANGES_REQUESTED)
    )
    decided = Review.objects.decisions_since_public(OuterRef("pk")).annotate(stands=stands)
    annotated: QuerySet[Any] = articles.annotate(
        state=Case(
            When(archived_at__isnull=False, then=Value(State.ARCHIVED)),
            When(
                has_any(Review.objects.pending().filter(article=OuterRef("pk"))),
                then=Value(State.WAITING),
            ),
            When(
                has_any(Schedule.objects.to_start().filter(article=OuterRef("pk"))),
                then=Value(State.SCHEDULED),
            ),
            When(published_revision=F("latest_revision"), then=Value(State.PUBLISHED)),
            default=Coalesce(  # asked for once: what happened to an article costs more than all the rest
                Subquery(decided.values("stands")[:1]),
                Case(
                    When(has_any(was_public), published_revision=None, then=Value(State.UNPUBLISHED)),
                    default=Value(State.DRAFT),
                ),
            ),
        ),
    )
    return annotated


def with_named_versions(articles: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate articles with what `state_text` names, and with `waiting_review`, the key of the review or None."""
    pending = Review.objects.pending().filter(revision__article=OuterRef("pk")).order_by()
    decisions = Review.objects.decisions_since_public(OuterRef("pk"))
    scheduled = Schedule.objects.to_start().filter(article=OuterRef("pk"))
    annotated: QuerySet[Any] = with_state(articles).annotate(
        waiting_review=Subquery(pending.values("pk")[:1]),
        waiting_number=Subquery(pending.values("revision__number")[:1]),
        decided_number=Subquery(decisions.values("revision__number")[:1]),
        scheduled_number=Subquery(scheduled.values("revision__number")[:1]),
    )
    return annotated.select_related("latest_revision", "published_revision")


def named_number(article: Any) -> int:
    """Return the number of the version that the state of an article is about. Load it by `with_named_versions`."""
    match State(article.state):
        case State.WAITING:
            number: int = article.waiting_number
        case State.CHANGES_REQUESTED | State.APPROVED:
            number = article.decided_number
        case State.SCHEDULED:
            number = article.scheduled_number
        case _other:
            number = article.latest_revision.number
    return number


def state_text(article: Any) -> str:
    """Return a state in words, such as `version 4 waits; readers see version 3`. Load it by `with_named_versions`."""
    state, live = State(article.state), article.published_revision
    text = _texts[state] % {"number": named_number(article)}
    if live is None or state == State.PUBLISHED:
        return str(text)
    return gettext("%(state)s; readers see version %(number)d") % {"state": text, "number": live.number}


_texts = {
    State.DRAFT: _("version %(number)d is a draft"),
    State.WAITING: _("version %(number)d waits"),
    State.CHANGES_REQUESTED: _("changes requested in version %(number)d"),
    State.APPROVED: _("version %(number)d is approved, not published"),
    State.SCHEDULED: _("version %(number)d is scheduled"),
    State.PUBLISHED: _("version %(number)d is published"),
    State.UNPUBLISHED: _("version %(number)d was unpublished"),
    State.ARCHIVED: _("archived, with version %(number)d"),
}


def in_state(articles: QuerySet[Any], state: State) -> QuerySet[Any]:
    """Keep the articles that `with_state` annotated with a state.

    Asks first for what indexes know, so that few articles remain to be judged by all that has happened to them.
    """
    pending = Review.objects.pending().order_by()
    match state:
        case State.ARCHIVED:
            return articles.filter(archived_at__isnull=False)
        case State.WAITING:
            return articles.filter(archived_at__isnull=True, pk__in=pending.values("revision__article"))
        case State.SCHEDULED:
            return articles.filter(
                pk__in=Schedule.objects.to_start().order_by().values("article"), state=state
            )
        case State.PUBLISHED:
            needed = Q(archived_at__isnull=True, published_revision=F("latest_revision"))
        case State.CHANGES_REQUESTED:
            turned_down = Review.objects.filter(state__in=_TURNED_DOWN, revision__article=OuterRef("pk"))
            needed = Q(OPEN, Exists(turned_down))
        case State.APPROVED:
            approved = Review.objects.filter(state=Review.State.APPROVED, revision__article=OuterRef("pk"))
            needed = Q(OPEN, Exists(approved.filter(revision__publication=None)))
        case State.UNPUBLISHED:
            was_public = Publication.objects.filter(revision=OuterRef("latest_revision"))
            needed = Q(OPEN, Exists(was_public), published_revision__isnull=True)
        case _draft:
            needed = OPEN
    # A truth value, because PostgreSQL takes a state for rare, and would judge and sort all of them for one page.
    is_there = Case(When(state=state, then=Value(True)), default=Value(False))  # noqa: FBT003
    kept: QuerySet[Any] = articles.filter(needed).annotate(is_there=is_there).filter(is_there=True)
    return kept


def state_of(article: Article) -> State:
    """Return the state of an article. One query."""
    return State(with_state(Article.objects.filter(pk=article.pk)).values_list("state", flat=True).get())


_TURNED_DOWN = (Review.State.CHANGES_REQUESTED, Review.State.REJECTED)
