"""States: what an article is called in lists, the editor, the history and programs. No other place decides it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from articles.moderation.reviews import Review
from articles.revisions.articles import Article
from articles.revisions.publications import Publication


class State(models.TextChoices):
    """Where an article stands, by the next step that its newest version needs.

    Of a public article, readers see the live version, whatever the state says of a newer one.
    """

    DRAFT = "draft", _("draft")
    WAITING = "waiting", _("waiting")
    CHANGES_REQUESTED = "changes requested", _("changes requested")
    APPROVED = "approved", _("approved, not published")
    PUBLISHED = "published", _("published")
    UNPUBLISHED = "unpublished", _("unpublished")
    ARCHIVED = "archived", _("archived")


def with_state(articles: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate articles with `state`, the value of a `State`.

    The first that holds counts: it is archived; a version waits; the newest version is live; the last decision on a
    version newer than all that were public turned it down, or approved it; it was public and is not; none of these.
    A draft that follows a version which a moderator returned changes nothing: the reason still waits for an answer.
    """
    public = Publication.objects.filter(revision__article=OuterRef("pk")).order_by("-revision__number")
    annotated: QuerySet[Any] = articles.annotate(
        newest_public=Subquery(public.values("revision__number")[:1]),
        last_decision=Subquery(Review.objects.decisions_since_public(OuterRef("pk")).values("state")[:1]),
        state=Case(
            When(archived_at__isnull=False, then=Value(State.ARCHIVED)),
            When(
                Exists(Review.objects.pending().filter(revision__article=OuterRef("pk"))),
                then=Value(State.WAITING),
            ),
            When(published_revision=F("latest_revision"), then=Value(State.PUBLISHED)),
            When(last_decision__in=_TURNED_DOWN, then=Value(State.CHANGES_REQUESTED)),
            When(last_decision=Review.State.APPROVED, then=Value(State.APPROVED)),
            When(
                published_revision=None,
                newest_public=F("latest_revision__number"),
                then=Value(State.UNPUBLISHED),
            ),
            default=Value(State.DRAFT),
        ),
    )
    return annotated


def in_state(articles: QuerySet[Any], state: State) -> QuerySet[Any]:
    """Keep the articles that `with_state` annotated with a state; those that wait are found by the queue's index."""
    kept: QuerySet[Any] = articles.filter(state=state)
    if state == State.WAITING:
        return kept.filter(pk__in=Review.objects.pending().order_by().values("revision__article"))
    return kept


def state_of(article: Article) -> State:
    """Return the state of an article. One query."""
    return State(with_state(Article.objects.filter(pk=article.pk)).values_list("state", flat=True).get())


_TURNED_DOWN = (Review.State.CHANGES_REQUESTED, Review.State.REJECTED)
