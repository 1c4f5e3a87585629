"""Reviews: what waits, in which order, and what was decided."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
)
from django.utils import timezone

from articles import permissions

from .base import WithholdingQuerySet, hidden_texts, text_of

if TYPE_CHECKING:
    from articles.models import Review, Revision


def _publications(article: str) -> QuerySet:
    publications = apps.get_model("articles", "Publication")._default_manager
    return publications.filter(revision__article=OuterRef(article))


class ReviewQuerySet(WithholdingQuerySet):
    def visible_to(self, user: permissions.Person) -> Self:
        """Those of revisions whose text the person may read."""
        rows = self.withholding_from(user)
        return rows if permissions.can_hide(user) else rows.exclude(hidden_texts("revision"))

    def pending(self) -> Self:
        return self.filter(state="pending")

    def decided(self) -> Self:
        """Reviews that a moderator decided, last decision first."""
        return self.filter(
            state__in=["approved", "changes requested", "rejected"], decided_at__isnull=False
        ).order_by("-decided_at", "-pk")

    def recently_decided(self) -> Self:
        """What is no longer pending, withdrawn or decided, last first."""
        done = self.filter(decided_at__isnull=False)  # said so, since the index is on that
        return done.select_related("revision__article").order_by("-decided_at", "-pk")

    def worst_first(self) -> Self:
        """By risk; of equals, who has waited longest comes first."""
        return self.order_by("-risk", "pk")

    def for_queue(self) -> Self:
        """Pending reviews with what a queue shows, worst first."""
        return (
            self.pending()
            .select_related("revision__article__published_revision", "claimed_by")
            .annotate(was_public=Exists(_publications("revision__article")))
            .worst_first()
        )

    def search(self, text: str) -> Self:
        """Whose title, address asked for or author's name holds a text."""
        return self.filter(
            Q(revision__title__icontains=text)
            | Q(revision__slug__icontains=text)
            | Q(revision__author_name__icontains=text)
        )

    def named_for(self, user: permissions.Person) -> Self:
        """Those whose author's name the person may see, so that a search for a hidden one finds nothing."""
        if permissions.can_hide(user):
            return self
        hidings = apps.get_model("articles", "Hiding")._default_manager.active().filter(author=True)
        return self.exclude(Exists(hidings.filter(revision=OuterRef("revision"))))

    def behind(self, risk: int, pk: int) -> Self:
        """The rows after this place, in the order of the queue."""
        return self.filter(risk__lte=risk).exclude(risk=risk, pk__lte=pk)

    def ahead(self, risk: int, pk: int) -> Self:
        """The rows before this place."""
        return self.filter(risk__gte=risk).exclude(risk=risk, pk__gte=pk)

    def open_to(self, user: permissions.Person) -> Self:
        """What a person may take next: not the last word on text of their own, and nobody else is on it."""
        free = Q(claimed_by=None) | Q(claimed_by=user.pk) | Q(claimed_until__lte=timezone.now())
        return self.pending().filter(free).exclude(revision__author=user.pk)

    def claimed(self, *, by: permissions.Person) -> Self:
        return self.filter(claimed_by=by.pk, claimed_until__gt=timezone.now())

    def unclaimed(self) -> Self:
        return self.filter(Q(claimed_by=None) | Q(claimed_until__lte=timezone.now()))

    def counted(self, most: int) -> int:
        """How many there are; `most` + 1 where there are more, since to count on would take ever longer."""
        return self.order_by()[: most + 1].count()

    def causes(self, most: int) -> dict[str, int] | None:
        """How many there are for each main cause; None where there are more than `most` in all."""
        found = Counter(self.worst_first().values_list("cause", flat=True)[: most + 1])
        return None if found.total() > most else dict(found)

    def for_decision(self) -> Self:
        return self.select_related(
            "revision__author",
            "claimed_by",
            *text_of("revision"),
            *text_of("revision__article__published_revision"),
            *text_of("compared_with"),
        )

    def record_of(self, author: int) -> dict[str, int]:
        """How many of an author's submissions stand in which state."""
        rows = self.filter(revision__author=author).order_by()
        return dict(rows.values_list("state").annotate(n=Count("pk")))

    def decisions_on(self, revision: Revision, *, since: Revision | None) -> Self:
        """What moderators decided on a revision and those before it back to the given one, last decision first."""
        return self.decided().filter(
            revision__article=revision.article_id,
            revision__number__gt=since.number if since else 0,
            revision__number__lte=revision.number,
        )

    def decisions_before(self, revision: Revision) -> Self:
        """What moderators decided on earlier revisions of the article, last decision first, with the texts."""
        earlier = self.decided().filter(
            revision__article=revision.article_id, revision__number__lt=revision.number
        )
        return earlier.select_related(*text_of("revision"))

    def newer_than(self, review: Review) -> Self:
        """Pending reviews of later revisions of the same article."""
        return self.pending().filter(
            revision__article=review.revision.article_id, revision__number__gt=review.revision.number
        )
