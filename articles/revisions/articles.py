"""Articles: a slug, and the revisions that it points to."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import permissions

from .events import Event
from .hidings import Hiding
from .renderings import FLAGGED, Rendering
from .revisions import Revision
from .withholding import WithholdingQuerySet, newest
from .write_once import DigestField

FEW = 5_000  # revisions
# Not in the archive, and the newest revision is not live: what still needs a step.
OPEN = Q(archived_at__isnull=True) & (
    Q(published_revision__isnull=True) | Q(published_revision__lt=F("latest_revision"))
)


class ArticleQuerySet(WithholdingQuerySet["Article"]):
    def visible_to(self, user: permissions.Person) -> Self:
        """Keep the articles that the person may see, and withhold hidden parts of their revisions."""
        rows = self.withholding_from(user)
        return rows if permissions.can_see_drafts(user) else rows.filter(published_revision__isnull=False)

    def public(self) -> Self:
        """Keep the public articles, and withhold hidden parts from everybody."""
        return self.filter(published_revision__isnull=False).withholding_from(None)

    def with_current_for(self, user: permissions.Person) -> Self:
        """Annotate what stands now: the number, title and language of the live revision, else of the newest.

        They are `current`, `current_title` and `current_language`; None if the person may not read that revision.
        """
        standing = Coalesce(OuterRef("published_revision"), OuterRef("latest_revision"))
        current = Revision.objects.visible_to(user).filter(pk=standing).order_by()
        return self.annotate(
            current=Subquery(current.values("number")),
            current_title=Subquery(current.values("title")),
            current_language=Subquery(current.values("language")),
        )

    def for_readers(self) -> Self:
        """Keep the public articles, with their live revisions and `flagged`, the one first published last first."""
        return (
            self.public()
            .select_related("published_revision__publication")
            .annotate(flagged=newest(Rendering.objects.all(), FLAGGED, revision="published_revision"))
            .order_by("-first_published_at", "-pk")
        )

    def beside(self, article: Article) -> tuple[Article | None, Article | None]:
        """Return the public articles first published directly before and after another public one. Two queries."""
        at, public = article.first_published_at, Q(published_revision__isnull=False)
        earlier = Q(first_published_at__lt=at) | Q(first_published_at=at, pk__lt=article.pk)
        later = Q(first_published_at__gt=at) | Q(first_published_at=at, pk__gt=article.pk)
        # The bounds on the first column alone let an index start at the place.
        before = self.filter(public, earlier, first_published_at__lte=at)
        after = self.filter(public, later, first_published_at__gte=at)
        places = (
            before.order_by("-first_published_at", "-pk").values("pk")[:1],
            after.order_by("first_published_at", "pk").values("pk")[:1],
        )
        both = Q(pk=Subquery(places[0])) | Q(pk=Subquery(places[1]))
        found = list(self.public().select_related("published_revision").filter(both))
        found.sort(key=lambda each: (each.first_published_at, each.pk))
        own = (at, article.pk)
        return (
            next((each for each in found if (each.first_published_at, each.pk) < own), None),
            next((each for each in found if (each.first_published_at, each.pk) > own), None),
        )

    def for_editors(self) -> Self:
        """Load the newest and the live revision, and `flagged` of the newest; last edited first."""
        return (
            self.select_related("latest_revision", "published_revision")
            .annotate(
                flagged=newest(Rendering.objects.all(), FLAGGED, revision="latest_revision"),
            )
            .order_by("-latest_revision_id")
        )

    def newest_by(self, user: permissions.Person) -> Self:
        """Keep the articles whose newest revision the person saved, last edited first."""
        mine = self.select_related("latest_revision").filter(latest_revision__author=user.pk)
        return mine.order_by("-latest_revision_id")

    def open(self) -> Self:
        """Keep the articles outside of the archive whose newest revision is not live."""
        return self.filter(OPEN)

    def live_by(self, user: permissions.Person, *, since: datetime) -> Self:
        """Keep the articles whose live revision the person saved, and that went live since then, last one first."""
        lately = self.public().filter(published_at__gte=since, published_revision__author=user.pk)
        return lately.select_related("published_revision").order_by("-published_at", "-pk")

    def whose_latest(self, **condition: object) -> Self:
        """Keep the articles whose latest revision meets a condition that an index of revisions answers.

        One query at once. If many revisions meet it, articles are looked at in their order, so that a page ends soon.
        """
        revisions = Revision.objects.filter(**condition).order_by()
        if revisions[: FEW + 1].count() > FEW:
            return self.filter(Exists(revisions.filter(pk=OuterRef("latest_revision"))))
        return self.filter(latest_revision__in=revisions.values("pk"))

    def scheduled_of(self, user: permissions.Person) -> Self:
        """Keep the articles in which a version of the person is to go live or offline, the next boundary first.

        Annotates `due_at`, `starts_at`, `zone` and `number` of the open schedule.
        """
        is_open = FilteredRelation("schedules", condition=Q(schedules__due_at__isnull=False))
        rows = self.annotate(open_schedule=is_open).filter(open_schedule__revision__author=user.pk)
        return (
            rows.select_related("latest_revision")
            .annotate(
                due_at=F("open_schedule__due_at"),
                starts_at=F("open_schedule__starts_at"),
                zone=F("open_schedule__zone"),
                number=F("open_schedule__revision__number"),
            )
            .order_by("due_at", "pk")
        )

    def latest_by(self, name: str, *, asked_by: permissions.Person) -> Self:
        """Keep the articles whose latest revision an account wrote, unless its name there is hidden from the asker."""
        account = None if "\0" in name else get_user_model().objects.filter(username=name).first()
        if account is None:
            return self.none()
        rows = self.whose_latest(author=account)
        if permissions.can_hide(asked_by):
            return rows
        hidings = Hiding.objects.active().filter(author=True)
        return rows.exclude(Exists(hidings.filter(revision=OuterRef("latest_revision"))))

    def last_at(self, slug: str) -> Article | None:
        """Return the article that readers found last at this slug, public or not; None if none was. One query.

        That is the public one that is there, else the one whose revision was published there last.
        """
        were_there = self.filter(revisions__slug=slug, revisions__publication__isnull=False)
        is_there = Q(slug=slug, published_revision__isnull=False)
        return were_there.order_by(
            Case(When(is_there, then=0), default=1), "-revisions__publication__published_at"
        ).first()


class Article(models.Model):
    """A slug and pointers to the newest and the live revision; the content stands in the revisions."""

    slug = models.CharField(_("address"), max_length=200, unique=True)
    latest_revision = models.ForeignKey(
        "Revision", models.PROTECT, verbose_name=_("latest revision"), null=True, related_name="+"
    )
    published_revision = models.ForeignKey(
        "Revision",
        models.PROTECT,
        verbose_name=_("published revision"),
        null=True,
        related_name="+",
        db_index=False,
    )
    first_published_at = models.DateTimeField(_("first published at"), null=True)
    published_at = models.DateTimeField(
        _("published at"), null=True
    )  # when readers first got the last change of the live revision that corrects more than typos
    archived_at = models.DateTimeField(_("archived at"), null=True)
    head_sha256 = DigestField(_("head of the chain"), max_length=32, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [("publish_article", "Can publish without a reviewer, and unpublish")]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(published_revision__isnull=False),
                name="article_public",
            ),
            models.Index(
                fields=["-first_published_at", "-id"],
                condition=Q(published_revision__isnull=False),
                name="article_first_public",
            ),
            models.Index(fields=["-latest_revision"], condition=OPEN, name="article_open"),
            models.Index(
                fields=["-latest_revision"], condition=Q(archived_at__isnull=False), name="article_archived"
            ),
        ]

    def __str__(self) -> str:
        return self.latest_revision.title if self.latest_revision else self.slug

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])

    @property
    def last_unpublished(self) -> Event | None:
        """The event of the last unpublication; None if the article is public or never was."""
        if self.is_public:
            return None
        return self.events.filter(action=Event.Action.UNPUBLISH).first()

    @property
    def public_reason(self) -> str:
        """Why the article is offline, as readers are told; empty if nothing was said. One query, and one if it was.

        Empty, too, if a text of the article was hidden later, since what was said before may quote it.
        """
        if self.is_public:
            return ""
        said = Q(action=Event.Action.ARCHIVE) & ~Q(public_reason="")
        event = self.events.filter(said | Q(action=Event.Action.UNPUBLISH)).first()
        if event is None or not event.public_reason:
            return ""
        hidden_later = Hiding.objects.of_texts().filter(revision__article=self, hidden_at__gte=event.at)
        return "" if hidden_later.exists() else str(event.public_reason)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_public(self) -> bool:
        return self.published_revision_id is not None
