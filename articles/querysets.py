"""Every question asked of the database, by the name of its answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import CombinedExpression
from django.utils import timezone

from . import permissions

if TYPE_CHECKING:
    from .models import Review, Revision


class WriteOnceError(TypeError):
    """An attempt to change or delete what is written once."""


class WriteOnceQuerySet(QuerySet):
    """Rows that are added and read, never changed and never deleted."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise WriteOnceError(f"{self.model._meta.verbose_name_plural} are written once; add a new one")

    update = delete = bulk_update = update_or_create = _refuse


def newest(model: str, expression: F | CombinedExpression, *, revision: str) -> Subquery:
    """A value from the newest row of a model that belongs to the revision of the outer query."""
    rows = apps.get_model("articles", model)._default_manager.filter(revision=OuterRef(revision))
    return Subquery(rows.order_by("-pk").values(value=expression)[:1])


FLAGGED = F("alerts") + F("warnings")
NEWLY_FLAGGED = F("new_alerts") + F("new_warnings")


def _publications(article: str) -> QuerySet:
    publications = apps.get_model("articles", "Publication")._default_manager
    return publications.filter(revision__article=OuterRef(article))


class ArticleQuerySet(QuerySet):
    def visible_to(self, user: permissions.Person) -> Self:
        return self if permissions.can_see_drafts(user) else self.public()

    def public(self) -> Self:
        return self.filter(published_revision__isnull=False)

    def languages(self) -> list[str]:
        """The language tags of the newest revisions, sorted."""
        tags = self.order_by("latest_revision__language").values_list("latest_revision__language", flat=True)
        return list(tags.distinct())

    def for_readers(self) -> Self:
        """Public articles with what a list of them shows, latest publication first."""
        return (
            self.public()
            .select_related("published_revision__publication")
            .annotate(flagged=newest("Rendering", FLAGGED, revision="published_revision"))
            .order_by("-published_revision__publication__published_at", "-pk")
        )

    def for_editors(self) -> Self:
        """Articles with the newest revision, its flags and where its latest review stands, last edited first."""
        return (
            self.select_related("latest_revision", "published_revision")
            .annotate(
                review_state=newest("Review", F("state"), revision="latest_revision"),
                flagged=newest("Rendering", FLAGGED, revision="latest_revision"),
            )
            .order_by("-latest_revision__created_at", "-pk")
        )

    def formerly_at(self, slug: str) -> Self:
        """Articles that were published at this slug before they moved to another, most recent move first."""
        return (
            self.public()
            .filter(revisions__slug=slug, revisions__publication__isnull=False)
            .order_by("-revisions__publication__published_at")
        )


class RevisionQuerySet(WriteOnceQuerySet):
    def visible_to(self, user: permissions.Person) -> Self:
        if permissions.can_see_drafts(user):
            return self
        return self.filter(publication__isnull=False, article__published_revision__isnull=False)

    def with_text(self) -> Self:
        return self.select_related("article", "body", "publication")

    def live_in(self, article: int) -> Self:
        """The published revision of an article, or none."""
        articles = apps.get_model("articles", "Article")._default_manager.filter(pk=article)
        return self.filter(pk__in=articles.values("published_revision"))

    def number_before(self, number: int) -> int | None:
        """The number of the newest of these revisions that is older."""
        older = self.order_by("-number").filter(number__lt=number)
        return older.values_list("number", flat=True).first()

    def for_history(self) -> Self:
        """Revisions with what a history shows, newest first."""
        return (
            self.select_related("publication")
            .annotate(
                flagged=newest("Rendering", FLAGGED, revision="pk"),
                newly_flagged=newest("Rendering", NEWLY_FLAGGED, revision="pk"),
                review_state=newest("Review", F("state"), revision="pk"),
            )
            .order_by("-number")
        )


class ReviewQuerySet(QuerySet):
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
            "revision__article__published_revision__body",
            "revision__body",
            "revision__author",
            "compared_with__body",
            "claimed_by",
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
        return earlier.select_related("revision__body")

    def newer_than(self, review: Review) -> Self:
        """Pending reviews of later revisions of the same article."""
        return self.pending().filter(
            revision__article=review.revision.article_id, revision__number__gt=review.revision.number
        )


class ImageQuerySet(QuerySet):
    def unused(self) -> Self:
        """Images that no revision ever named."""
        return self.filter(uses__isnull=True)

    def of_article(self, article: int) -> Self:
        """Images that any version of an article names."""
        uses = apps.get_model("articles", "ImageUse")._default_manager
        return self.filter(pk__in=uses.filter(revision__article=article).values("image"))


class ImageUseQuerySet(WriteOnceQuerySet):
    def places(self) -> QuerySet:
        """Each image and article whose versions name it, with the first, the last and the count of these."""
        return (
            self.values(
                "image",
                "revision__article",
                slug=F("revision__article__slug"),
                title=F("revision__article__latest_revision__title"),
            )
            .annotate(first=Min("revision__number"), last=Max("revision__number"), count=Count("pk"))
            .order_by("image", "-last", "revision__article")
        )


class FindingQuerySet(QuerySet):
    def first_seen(self, revision: Revision) -> dict[tuple[str, str, str], int]:
        """Which version of the article first brought in what stands in this one, by field, check and characters."""
        rows = self.filter(revision__article=revision.article_id, revision__number__lte=revision.number)
        kinds = rows.order_by().values_list("field", "check_id", "text")
        return {tuple(kind): first for *kind, first in kinds.annotate(first=Min("revision__number"))}


class SketchQuerySet(QuerySet):
    def resembling(
        self, kind: str, values: Collection[int], *, enough: int, apart_from: int
    ) -> QuerySet[Any, dict[str, Any]]:
        """Revisions of other articles that share so many of these hashes, most shared first, with how many."""
        others = self.filter(kind=kind, value__in=values).exclude(revision__article=apart_from)
        shared = others.order_by().values("revision", "revision__article").annotate(shared=Count("pk"))
        return shared.filter(shared__gte=enough).order_by("-shared", "revision")


class LinkedHostQuerySet(QuerySet):
    def counts(self, hosts: Collection[str]) -> dict[str, int]:
        """How many articles that are public now link to each of these hosts."""
        rows = self.filter(host__in=hosts).order_by()
        return dict(rows.values_list("host").annotate(n=Count("pk")))
